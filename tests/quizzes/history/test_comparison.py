"""Two attempts side by side."""

from __future__ import annotations

import pytest

from quizapp.quizzes.history.comparison import Change, change, is_same_question, paired


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


def asked(*options: tuple[str, bool], stem: str = "Which one?") -> dict[str, object]:
    return {
        "stem": stem,
        "options": [{"id": str(n), "text": t, "right": r} for n, (t, r) in enumerate(options)],
    }


def test_a_question_is_the_same_in_any_order_but_not_with_other_options_key_or_stem() -> None:
    first = asked(("A", True), ("B", False))
    assert is_same_question(first, asked(("B", False), ("A", True)))
    for other in (
        asked(("A", True), ("C", False)),
        asked(("A", False), ("B", True)),
        asked(("A", True), ("B", False), ("C", False)),
        asked(("A", True), ("B", False), stem="Which?"),
    ):
        assert not is_same_question(first, other)
