"""Study days in a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Streaks:
    """Days in a row: up to now, and the most ever."""

    current: int
    longest: int


def streaks(days: Iterable[dt.date], today: dt.date) -> Streaks:
    """Return the runs of consecutive study days with at least one answer.

    Today breaks nothing while it lasts: the current run is the one that ends today or yesterday. Days after
    today do not count. Source: our own rule.
    """
    run = longest = 0
    before = None
    for day in sorted({day for day in days if day <= today}):
        run = run + 1 if before is not None and day - before == _ONE_DAY else 1
        longest, before = max(longest, run), day
    lasts = before is not None and today - before <= _ONE_DAY
    return Streaks(run if lasts else 0, longest)
