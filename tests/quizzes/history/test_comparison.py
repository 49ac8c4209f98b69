"""Two attempts side by side."""

from __future__ import annotations

import pytest

from quizapp.quizzes.history.comparison import Change, change, paired


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (0.0, 1.0, Change.IMPROVED),
        (0.5, 0.25, Change.SLIPPED),
        (1.0, 1.0, Change.SAME),
        (None, 0.0, Change.SAME),  # unanswered scores 0
        (None, 0.5, Change.IMPROVED),
        (1.0, None, Change.SLIPPED),
    ],
)
def test_changes(before: float | None, after: float | None, expected: Change) -> None:
    assert change(before, after) is expected


def test_pairs_stand_in_the_first_order_and_what_is_new_comes_last() -> None:
    assert paired(["a1", "b1", "c1"], ["d2", "c2", "a2"], key=lambda name: name[0]) == [
        ("a1", "a2"),
        ("b1", None),
        ("c1", "c2"),
        (None, "d2"),
    ]
