"""Levels and changes of scores."""

from __future__ import annotations

import pytest

from quizapp.progress.measures.trend import change, level


def test_the_level_is_the_mean_of_the_last_three() -> None:
    assert level([]) is None
    assert level([0.5]) == 0.5
    assert level([0.0, 0.6, 0.8, 1.0]) == pytest.approx(0.8)


def test_a_change_needs_three_and_three() -> None:
    assert change([0.1] * 5) is None
    assert change([0.5] * 6) == 0
    assert change([0.9, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]) == pytest.approx(0.3)
