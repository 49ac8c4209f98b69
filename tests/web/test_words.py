from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from quizapp.web import words

ZURICH = ZoneInfo("Europe/Zurich")
NOW = dt.datetime(2026, 3, 3, 13, 5, tzinfo=dt.UTC)
NARROW = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (dt.timedelta(seconds=330), "5.5 min"),
        (dt.timedelta(minutes=10), "10 min"),
        (dt.timedelta(minutes=90), "1.5 h"),
        (1, "1 d"),
        (30, "30 d"),
        (64, "2.1 mo"),
        (365, "1.0 y"),
        (None, "—"),
    ],
)
def test_an_interval_fits_a_button(span: dt.timedelta | int | None, told: str) -> None:
    assert words.interval(span) == told


@pytest.mark.parametrize(
    ("ms", "told"),
    [
        (0, "0 s"),
        (41_600, "42 s"),
        (252_000, "4 min 12 s"),
        (240_000, "4 min"),
        (3_900_000, "1 h 05 min"),
        (None, "—"),
    ],
)
def test_a_duration_has_units(ms: int | None, told: str) -> None:
    assert words.duration(ms) == told


@pytest.mark.parametrize(
    ("many", "told"),
    [
        (0, f"0{NARROW}bytes"),
        (1, f"1{NARROW}byte"),
        (1023, f"1,023{NARROW}bytes"),
        (3_500, f"3.4{NARROW}KiB"),
        (10_239, f"10{NARROW}KiB"),
        (1_048_575, f"1.0{NARROW}MiB"),
        (500 * 1024**2, f"500{NARROW}MiB"),
        (3 * 1024**4, f"3,072{NARROW}GiB"),
    ],
)
def test_a_size_is_told_in_the_unit_that_fits(many: int, told: str) -> None:
    assert words.size(many) == told


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0.21, "less than a day"),
        (1.2, f"about 1{NARROW}day"),
        (2.31, f"about 2{NARROW}days"),
        (59.9, f"about 60{NARROW}days"),
        (92, f"about 3{NARROW}months"),
        (730, f"about 2{NARROW}years"),
    ],
)
def test_how_long_something_lasts_is_told_as_one_says_it(days: float, told: str) -> None:
    assert words.lasting(days) == told


def test_nothing_is_a_dash_and_not_a_zero() -> None:
    assert words.number(None) == words.percent(None) == "—"
    assert words.number(0) == "0"
    assert words.percent(0) == f"0{NARROW}%"


def test_numbers_have_their_thousands_and_decimals() -> None:
    assert words.number(12_345.678, 1) == "12,345.7"
    assert words.percent(0.785, 1) == f"78.5{NARROW}%"
    assert words.count(1, "card") == f"1{NARROW}card"
    assert words.count(2, "entry", "entries") == f"2{NARROW}entries"


@pytest.mark.parametrize(
    ("instant", "told"),
    [
        (NOW, "today 14:05"),
        (NOW - dt.timedelta(hours=15), "yesterday 23:05"),
        (NOW + dt.timedelta(days=1), "tomorrow 14:05"),
        (NOW - dt.timedelta(days=20), "11 Feb 14:05"),
        (NOW - dt.timedelta(days=300), "7 May 2025"),
    ],
)
def test_a_moment_is_told_in_the_readers_zone(instant: dt.datetime, told: str) -> None:
    assert words.moment(instant, NOW, ZURICH) == told


def test_the_exact_time_names_its_zone() -> None:
    assert words.exact(NOW, ZURICH) == "Tue 3 March 2026, 14:05:00 Europe/Zurich"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "just now"),
        (20, "in a moment"),
        (-300, f"5{NARROW}minutes ago"),
        (3 * 86400, f"in 3{NARROW}days"),
        (-86400 * 800, f"2{NARROW}years ago"),
    ],
)
def test_the_distance_to_a_moment_is_told(seconds: int, told: str) -> None:
    assert words.apart(NOW + dt.timedelta(seconds=seconds), NOW) == told


def test_a_day_is_told_by_its_distance() -> None:
    today = dt.date(2026, 3, 3)
    assert words.day(today, today) == "today"
    assert words.day(dt.date(2026, 3, 10), today) == "Tue 10 March"
    assert words.day(dt.date(2027, 1, 2), today) == "2 January 2027"
