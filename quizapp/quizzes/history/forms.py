"""What a request for a list of attempts may say; all of it stands in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from wtforms import DateField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional, ValidationError

from quizapp.quizzes.history.wanted import Sort, Wanted, span
from quizapp.quizzes.modes import MODES
from quizapp.web.forms import Form

_YEARS = range(2000, 2100)
_SORTS = {
    Sort.NEWEST: "Newest",
    Sort.OLDEST: "Oldest",
    Sort.BEST: "Best score",
    Sort.LOWEST: "Lowest score",
    Sort.LONGEST: "Longest",
    Sort.SHORTEST: "Shortest",
}


def named(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return choices of (value, words)."""
    return [SelectChoice(value, words, render_kw={"dir": "auto"}) for value, words in pairs]


class HistoryForm(Form):
    """The filters of the history. Dates, where given, take the place of the period."""

    class Meta:
        csrf = False  # it changes nothing

    bank = SelectField("Bank", default="")
    mode = SelectField(
        "Mode",
        default="",
        choices=named([("", "All modes"), *((mode.name, mode.title) for mode in MODES.values())]),
    )
    period = SelectField(
        "Period",
        default="",
        choices=named(
            [("", "All time"), ("7", "Last 7 days"), ("30", "Last 30 days"), ("180", "Last 180 days")]
        ),
    )
    since = DateField("From", validators=[Optional()])
    until = DateField("To", validators=[Optional()])
    sort = SelectField(
        "Sort",
        default=Sort.NEWEST.value,
        choices=named((sort.value, words) for sort, words in _SORTS.items()),
    )

    def validate_since(self, field: DateField) -> None:
        """Refuse what is no date, and years that no calendar of ours reaches."""
        if field.data is None and field.raw_data:
            raise ValidationError(f"“{field.raw_data[0]:.20}” is no date. Write it like 2026-03-31.")
        if field.data is not None and field.data.year not in _YEARS:
            raise ValidationError("Choose a date of this century.")

    validate_until = validate_since

    def wanted(self, now: dt.datetime, zone: ZoneInfo) -> Wanted:
        """Return what is asked for; a field that cannot be read does not filter."""
        self.validate()
        read = {field.name: field.data for field in self if not field.errors}
        since, until = span(
            days=int(read["period"]) if read.get("period") else None,
            first=read.get("since"),
            last=read.get("until"),
            now=now,
            zone=zone,
        )
        return Wanted(
            bank=read.get("bank") or "",
            mode=read.get("mode") or "",
            since=since,
            until=until,
            sort=Sort(read.get("sort") or Sort.NEWEST),
        )
