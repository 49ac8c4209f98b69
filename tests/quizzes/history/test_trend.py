"""Levels and changes of scores."""

from __future__ import annotations

import pytest

from quizapp.quizzes.history.trend import change, level, told
from quizapp.quizzes.scoring import Score


def of_ten(*points: float) -> list[Score]:
    return [Score(one, 10) for one in points]


def test_the_level_is_that_of_the_last_three() -> None:
    assert level([]) is None
    assert level(of_ten(5)) == 0.5
    assert level(of_ten(0, 6, 8, 10)) == pytest.approx(0.8)


def test_a_quiz_with_few_items_of_a_bank_weighs_little() -> None:
    assert level([Score(9, 10), Score(0, 1), Score(9, 9)]) == pytest.approx(0.9)


def test_a_change_needs_three_and_three() -> None:
    assert change(of_ten(1, 1, 1, 1, 1)) is None
    assert change(of_ten(5, 5, 5, 5, 5, 5)) == 0
    assert change(of_ten(9, 2, 3, 4, 5, 6, 7)) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ((4,), "last 40 % · trend needs 5 more quizzes"),
        ((5, 5, 5, 5, 5, 5), "last 50 % · last 3 level with the 3 before"),
        ((2, 2, 2, 5, 5, 5), "last 50 % · last 3 30 points above the 3 before"),
        ((5, 5, 5, 2, 2, 2), "last 20 % · last 3 30 points below the 3 before"),
    ],
)
def test_in_words(points: tuple[float, ...], words: str) -> None:
    assert told(of_ten(*points)).replace("\N{NO-BREAK SPACE}", " ") == words
