"""Titles, letters, clocks, and what a score means."""

from __future__ import annotations

import pytest

from quizapp.limits import TITLE_CHARS
from quizapp.quizzes import wording
from quizapp.quizzes.pool.selection import Prefer, Wish


@pytest.mark.parametrize(
    ("wish", "banks", "title"),
    [
        (Wish(count=10, banks=("w",)), ["Withdrawal"], "10 questions on Withdrawal"),
        (Wish(count=10), [], "10 questions on everything"),
        (Wish(count=10, banks=("a", "b")), ["A", "B"], "10 questions on 2 banks"),
        (Wish(count=10, tags=("dosing",)), [], "10 questions on dosing"),
        (Wish(count=10, prefer=Prefer.WEAKEST), [], "10 questions on everything, weakest first"),
    ],
)
def test_a_title_says_what_was_asked_for(wish: Wish, banks: list[str], title: str) -> None:
    assert wording.title(wish, banks, items=10) == title


def test_a_title_counts_the_items_there_are_and_fits() -> None:
    title = wording.title(Wish(count=10, banks=("w",)), ["W" * TITLE_CHARS], items=1)
    assert title.startswith("1 question on W")
    assert len(title) == TITLE_CHARS


def test_taking_it_again_does_not_pile_up_words() -> None:
    once = wording.title_again("10 questions on Withdrawal", only_missed=True)
    assert once == "Missed: 10 questions on Withdrawal"
    assert wording.title_again(once, only_missed=False) == "Again: 10 questions on Withdrawal"


def test_recorded_options_are_told_by_their_letters_and_in_their_number() -> None:
    snapshot = {"options": [{"id": "x"}, {"id": "y"}, {"id": "z"}]}
    assert wording.recorded(snapshot, []) == "nothing is recorded"
    assert wording.recorded(snapshot, ["y"]) == "B is recorded"
    assert wording.recorded(snapshot, ["z", "x"]) == "A and C are recorded"
    assert wording.recorded(snapshot, ["z", "y", "x"]) == "A, B and C are recorded"


@pytest.mark.parametrize(("ms", "told"), [(0, "0:00"), (252_900, "4:12"), (3_909_000, "1:05:09")])
def test_a_clock(ms: int, told: str) -> None:
    assert wording.clock(ms) == told


def test_what_a_score_means_depends_on_the_score_and_names_what_was_left_out() -> None:
    sentences = {wording.meaning(share, items=10, unanswered=0) for share in (0.0, 0.49, 0.5, 0.75, 0.9, 1.0)}
    assert len(sentences) == 4
    assert wording.meaning(0.8, items=10, unanswered=2).startswith("2 questions stayed unanswered")
    assert wording.meaning(0.4, items=10, unanswered=6).endswith("too little to say how much of it you know.")
