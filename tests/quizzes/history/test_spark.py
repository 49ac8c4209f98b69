"""Sparklines as coordinates."""

from __future__ import annotations

from quizapp.quizzes.history import spark


def test_shares_go_from_left_to_right_and_up() -> None:
    places = spark.points([0.0, 0.5, 1.0], width=96, height=24, inset=3)
    assert places == [(3, 21), (48, 12), (93, 3)]
    assert spark.path(places) == "3,21 48,12 93,3"


def test_a_single_share_stands_at_the_end_and_none_nowhere() -> None:
    assert spark.points([0.5], width=96, height=24, inset=3) == [(93, 12)]
    assert spark.points([], width=96, height=24, inset=3) == []
