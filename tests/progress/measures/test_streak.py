"""Study days in a row."""

from __future__ import annotations

import datetime as dt

import pytest

from quizapp.progress.measures.streak import Streaks, streaks

TODAY = dt.date(2026, 3, 3)


@pytest.mark.parametrize(
    ("ago", "current", "longest"),
    [
        ([], 0, 0),
        ([0], 1, 1),
        ([1], 1, 1),  # today is not over
        ([2], 0, 1),
        ([0, 1, 2, 3], 4, 4),
        ([1, 2, 3], 3, 3),
        ([2, 3, 4], 0, 3),
        ([0, 2, 3, 4], 1, 3),
        ([0, 0, 1], 2, 2),
        ([-1, 0], 1, 1),  # tomorrow, in another zone
    ],
)
def test_days_in_a_row(ago: list[int], current: int, longest: int) -> None:
    days = [TODAY - dt.timedelta(days=number) for number in ago]
    assert streaks(days, TODAY) == Streaks(current, longest)


def test_a_row_goes_on_over_the_end_of_february() -> None:
    assert streaks([dt.date(2026, 2, 28), dt.date(2026, 3, 1)], dt.date(2026, 3, 1)).current == 2
