"""Periods in the reader's own calendar."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from quizapp.quizzes.history.wanted import Sort, Wanted, span

ZURICH = ZoneInfo("Europe/Zurich")
NOW = dt.datetime(
    2026, 3, 30, 22, 30, tzinfo=dt.UTC
)  # 31 March 00:30 in Zurich, two days after clocks changed


def test_the_last_days_begin_at_midnight_and_hold_today() -> None:
    since, until = span(days=7, first=None, last=None, now=NOW, zone=ZURICH)
    assert since == dt.datetime(2026, 3, 24, 23, tzinfo=dt.UTC)  # 25 March, still winter time
    assert until is None


def test_dates_take_the_place_of_the_period_and_both_are_included() -> None:
    first, last = dt.date(2026, 3, 28), dt.date(2026, 3, 29)
    since, until = span(days=7, first=first, last=last, now=NOW, zone=ZURICH)
    assert since == dt.datetime(2026, 3, 27, 23, tzinfo=dt.UTC)
    assert until == dt.datetime(2026, 3, 29, 22, tzinfo=dt.UTC)


def test_without_anything_all_time_is_wanted() -> None:
    assert span(days=None, first=None, last=None, now=NOW, zone=ZURICH) == (None, None)


def test_an_order_alone_narrows_nothing() -> None:
    assert not Wanted(sort=Sort.BEST).narrowed
    assert Wanted(until=NOW).narrowed
