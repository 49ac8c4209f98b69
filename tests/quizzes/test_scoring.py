"""Points add up, over the whole and over its parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.quizzes.scoring import score, scores_by, verdict

FRACTIONS = st.lists(st.none() | st.floats(0, 1), max_size=50)


@given(FRACTIONS)
def test_a_score_lies_between_nothing_and_everything(fractions: list[float | None]) -> None:
    result = score(fractions)
    assert 0 <= result.points <= result.items == len(fractions)
    assert result.share is None if not fractions else 0 <= (result.share or 0) <= 1


@given(FRACTIONS)
def test_parts_add_up_to_the_whole(fractions: list[float | None]) -> None:
    parts = scores_by(enumerate(fractions), lambda pair: [pair[0] % 3], lambda pair: pair[1])
    assert sum(part.points for part in parts.values()) == pytest.approx(score(fractions).points)
    assert sum(part.items for part in parts.values()) == len(fractions)


def test_an_item_with_two_tags_counts_in_both_and_one_without_in_none() -> None:
    things = [(("a", "b"), 1.0), (("b",), None), ((), 1.0)]
    parts = scores_by(things, lambda thing: thing[0], lambda thing: thing[1])
    assert {name: (part.points, part.items) for name, part in parts.items()} == {"a": (1, 1), "b": (1, 2)}


@pytest.mark.parametrize(
    ("fraction", "word"), [(1.0, "right"), (0.5, "part"), (0.0, "wrong"), (None, "none")]
)
def test_a_fraction_in_a_word(fraction: float | None, word: str) -> None:
    assert verdict(fraction) == word
