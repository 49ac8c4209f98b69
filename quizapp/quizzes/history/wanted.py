"""Which attempts a learner wants to see, and in which order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from quizapp.study_day import ONE_DAY, day_begins


class Sort(StrEnum):
    """What stands first; attempts without a score or a duration, the open ones, come last."""

    NEWEST = "newest"
    OLDEST = "oldest"
    BEST = "best"
    LOWEST = "lowest"
    LONGEST = "longest"
    SHORTEST = "shortest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Attempts with a part of bank `bank` (a slug), in `mode`, begun from `since` until before `until`.

    What is empty or None does not filter.
    """

    bank: str = ""
    mode: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    sort: Sort = Sort.NEWEST

    @property
    def narrowed(self) -> bool:
        return bool(self.bank or self.mode or self.since or self.until)


def span(
    *, days: int | None, first: dt.date | None, last: dt.date | None, now: dt.datetime, zone: ZoneInfo
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return the instants between which attempts are wanted: from a date to a date, else the last `days` days.

    Dates are the reader's own, both included, and today is one of the last days; None leaves an end open.
    """
    if first is None and last is None and days is not None:
        first = now.astimezone(zone).date() - (days - 1) * ONE_DAY
    return (
        None if first is None else day_begins(first, zone, 0),
        None if last is None else day_begins(last + ONE_DAY, zone, 0),
    )
