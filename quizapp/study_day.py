"""Study days: a learner's day begins at an hour of their own wall clock, not at midnight.

Days are told apart by their first instants, never by adding 24 hours: where clocks change, days have 22 to 26
hours, and an hour that the wall clock skips stands for the first instant after the gap.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

ONE_DAY = dt.timedelta(days=1)


def day_begins(day: dt.date, zone: ZoneInfo, day_start: int) -> dt.datetime:
    """Return the first instant (UTC) of study day `day`; `day_start` is an hour, 0 to 12."""
    return dt.datetime.combine(day, dt.time(day_start), zone).astimezone(dt.UTC)


def study_day(now: dt.datetime, zone: ZoneInfo, day_start: int) -> dt.date:
    """Return the study day that holds the instant `now`: the last day that has begun."""
    day = now.astimezone(zone).date()
    while day_begins(day, zone, day_start) > now:
        day -= ONE_DAY
    return day


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant on one learner's calendar; `on` is the study day it belongs to."""

    now: dt.datetime
    on: dt.date
    zone: ZoneInfo
    day_start: int

    @classmethod
    def at(cls, now: dt.datetime, zone: ZoneInfo, day_start: int) -> Moment:
        return cls(now, study_day(now, zone, day_start), zone, day_start)

    def day_of(self, instant: dt.datetime) -> dt.date:
        return study_day(instant, self.zone, self.day_start)

    def beginning_of(self, day: dt.date) -> dt.datetime:
        return day_begins(day, self.zone, self.day_start)
