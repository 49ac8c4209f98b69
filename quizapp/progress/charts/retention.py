"""Whether reviews go as planned: the share remembered, against the retention the learner has chosen."""

from __future__ import annotations

import datetime as dt

from quizapp.progress import plots
from quizapp.progress.charts.base import Chart, Table, missing
from quizapp.progress.measures.estimate import Estimate
from quizapp.progress.measures.retention import REVIEWS_NEEDED, true_retention
from quizapp.progress.queries import Record
from quizapp.web import words

_NAME, _TITLE = "retention", "What you remembered when cards came back"
_OF_WHAT = "of learnt cards, a day or more after the last answer"
_PERIODS: dict[str, int | None] = {"30 days": 30, "90 days": 90, "All time": None}


def retention(record: Record) -> Chart:
    """Return true retention over the periods, with its range."""
    counts = {label: _counts(record, days) for label, days in _PERIODS.items()}
    estimates = {
        label: true_retention(remembered=remembered, recalls=recalls)
        for label, (remembered, recalls) in counts.items()
    }
    known = [(label, estimate) for label, estimate in estimates.items() if estimate is not None]
    if not known:
        _, recalls = counts["All time"]
        return missing(
            _NAME, _TITLE, f"needs {words.count(REVIEWS_NEEDED - recalls, 'more review')} {_OF_WHAT}"
        )
    return Chart(
        _NAME,
        _TITLE,
        _told(*known[0], record.desired_retention),
        plots.ranges(list(estimates.items()), wanted=record.desired_retention),
        Table(
            ("Period", "Reviews", "Remembered", "Share", "Range"),
            tuple(
                (
                    label,
                    words.number(counts[label][1]),
                    words.number(counts[label][0]),
                    *_shares(estimate, counts[label][1]),
                )
                for label, estimate in estimates.items()
            ),
        ),
        f"Reviews {_OF_WHAT}; Again is forgotten, every other answer remembered. A line holds the truth in four of "
        "five cases.",
    )


def _counts(record: Record, days: int | None) -> tuple[int, int]:
    """Return how many reviews of the last `days` days were remembered, and how many there were."""
    first = dt.date.min if days is None else record.today - dt.timedelta(days=days - 1)
    held = [counts for day, counts in record.days.items() if day >= first]
    return sum(day.remembered for day in held), sum(day.recalls for day in held)


def _told(period: str, estimate: Estimate, wanted: float) -> str:
    when = "so far" if period == "All time" else f"in the last {period}"
    told = f"You remembered {words.percent(estimate.value)} of {words.count(estimate.n, 'review')} {when}"
    if estimate.high < wanted:
        return f"{told}, less than the {words.percent(wanted)} you aim for."
    if estimate.low > wanted:
        return f"{told}, more than the {words.percent(wanted)} you aim for."
    return f"{told}, in keeping with the {words.percent(wanted)} you aim for."


def _shares(estimate: Estimate | None, recalls: int) -> tuple[str, str]:
    if estimate is None:
        return words.NOTHING, f"needs {words.count(REVIEWS_NEEDED - recalls, 'more review')}"
    return words.percent(estimate.value), estimate.span
