"""Study days across the changes of clocks."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.study_day import Moment, day_begins, study_day

ZONES = [
    "UTC", "Europe/Zurich", "America/New_York", "Pacific/Auckland", "Australia/Lord_Howe",
    "America/Havana", "America/Santiago", "Asia/Kathmandu", "Pacific/Chatham",
]  # fmt: skip
ONE_DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def test_before_the_hour_it_is_still_yesterday() -> None:
    zurich = ZoneInfo("Europe/Zurich")
    assert study_day(dt.datetime(2026, 1, 15, 2, 59, 59, 999000, dt.UTC), zurich, 4) == dt.date(2026, 1, 14)
    assert study_day(dt.datetime(2026, 1, 15, 3, 0, tzinfo=dt.UTC), zurich, 4) == dt.date(2026, 1, 15)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Zurich", dt.date(2026, 3, 28), 23),
        ("Europe/Zurich", dt.date(2026, 10, 24), 25),
        ("America/New_York", dt.date(2026, 3, 7), 23),
        ("Pacific/Auckland", dt.date(2026, 4, 4), 25),
        ("Australia/Lord_Howe", dt.date(2026, 4, 4), 24.5),
        ("Australia/Lord_Howe", dt.date(2026, 10, 3), 23.5),
        ("Pacific/Apia", dt.date(2011, 12, 29), 24),
        ("Pacific/Apia", dt.date(2011, 12, 30), 0),  # the day that Samoa left out
    ],
)
def test_a_day_is_as_long_as_its_clocks_make_it(zone: str, day: dt.date, hours: float) -> None:
    begins = day_begins(day, ZoneInfo(zone), 4)
    assert day_begins(day + ONE_DAY, ZoneInfo(zone), 4) - begins == dt.timedelta(hours=hours)


def test_a_day_that_begins_in_the_skipped_hour_begins_at_its_end() -> None:
    zurich = ZoneInfo("Europe/Zurich")
    assert day_begins(dt.date(2026, 3, 29), zurich, 2) == dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC)


def test_a_midnight_that_does_not_exist_begins_no_day_early() -> None:
    santiago = ZoneInfo("America/Santiago")  # 5 September 2026, 24:00 became 6 September, 01:00
    begins = day_begins(dt.date(2026, 9, 6), santiago, 0)
    assert study_day(begins, santiago, 0) == dt.date(2026, 9, 6)
    assert study_day(begins - dt.timedelta(milliseconds=1), santiago, 0) == dt.date(2026, 9, 5)


@given(
    st.sampled_from(ZONES),
    st.integers(0, 12),
    st.datetimes(dt.datetime(2015, 1, 1), dt.datetime(2035, 1, 1), timezones=st.just(dt.UTC)),
)
def test_every_instant_lies_in_exactly_the_day_that_claims_it(
    zone: str, start: int, now: dt.datetime
) -> None:
    day = study_day(now, ZoneInfo(zone), start)
    assert day_begins(day, ZoneInfo(zone), start) <= now < day_begins(day + ONE_DAY, ZoneInfo(zone), start)


@given(st.sampled_from(ZONES), st.integers(0, 12), st.dates(dt.date(2015, 1, 1), dt.date(2035, 1, 1)))
def test_the_wall_clock_rule_holds_outside_repeated_hours(zone: str, start: int, day: dt.date) -> None:
    tz = ZoneInfo(zone)
    for hour in range(24):
        local = dt.datetime.combine(day, dt.time(hour, 30), tz)
        exists_once = local.astimezone(dt.UTC).astimezone(tz).replace(fold=0) == local and (
            local.utcoffset() == local.replace(fold=1).utcoffset()
        )
        if exists_once:
            expected = day - ONE_DAY if hour < start else day
            assert study_day(local.astimezone(dt.UTC), tz, start) == expected


def test_a_moment_knows_its_day_and_those_of_others() -> None:
    moment = Moment.at(dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC), ZoneInfo("Europe/Zurich"), 4)
    assert moment.on == dt.date(2026, 3, 28)
    assert moment.day_of(moment.now + 2 * HOUR) == dt.date(2026, 3, 29)
    assert moment.beginning_of(dt.date(2026, 3, 29)) == dt.datetime(2026, 3, 29, 2, 0, tzinfo=dt.UTC)
