"""How many study days in a row."""

from __future__ import annotations

import datetime as dt

import pytest

from quizapp.home.streak import streak

TODAY = dt.date(2026, 3, 10)


def days(*before: int) -> set[dt.date]:
    return {TODAY - dt.timedelta(days=number) for number in before}


@pytest.mark.parametrize(
    ("studied", "length"),
    [(days(), 0), (days(0), 1), (days(0, 1, 2, 4), 3), (days(1, 2), 2), (days(2, 3), 0), (days(-1), 0)],
)
def test_a_streak_ends_today_or_yesterday_while_today_is_open(studied: set[dt.date], length: int) -> None:
    assert streak(studied, TODAY) == length
