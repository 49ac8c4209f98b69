"""Which answers count as recalls of a study day."""

from __future__ import annotations

import datetime as dt

import pytest

from quizapp.memory.days import DayCounts, less, of_answer, total
from quizapp.memory.entry import Entry
from quizapp.memory.kinds import Phase, Rating, ReviewKind
from quizapp.memory.scheduler import Memory

TODAY = dt.date(2026, 3, 3)
YESTERDAY = TODAY - dt.timedelta(days=1)
KNOWN = Memory(Phase.REVIEW, stability=1.0, difficulty=5.0, due_on=TODAY, last_on=YESTERDAY)


def answer(rating: Rating | None, kind: ReviewKind = ReviewKind.DRILL) -> Entry:
    return Entry(
        seq=2,
        card_id=1,
        kind=kind,
        answer_key=b"k" * 16,
        reviewed_at=dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC),
        study_on=TODAY,
        previous_seq=1,
        revision=1,
        memory=KNOWN,
        rating=rating,
    )


@pytest.mark.parametrize(
    ("rating", "remembered"), [(Rating.AGAIN, 0), (Rating.HARD, 1), (Rating.GOOD, 1), (Rating.EASY, 1)]
)
def test_an_answer_to_a_card_in_review_a_day_later_is_a_recall(rating: Rating, remembered: int) -> None:
    assert of_answer(answer(rating), KNOWN) == {TODAY: DayCounts(reviews=1, recalls=1, remembered=remembered)}


@pytest.mark.parametrize(
    ("kind", "before"),
    [
        (ReviewKind.QUIZ, KNOWN),
        (ReviewKind.DRILL, Memory(Phase.LEARNING, stability=1.0, due_on=TODAY, last_on=YESTERDAY)),
        (ReviewKind.DRILL, Memory(Phase.REVIEW, stability=1.0, due_on=TODAY, last_on=TODAY)),
    ],
    ids=["in a quiz", "an open step", "on the same day"],
)
def test_other_answers_are_no_recalls(kind: ReviewKind, before: Memory) -> None:
    rating = Rating.GOOD if kind is ReviewKind.DRILL else None
    assert of_answer(answer(rating, kind), before) == {TODAY: DayCounts(reviews=1)}


def test_taking_days_back_leaves_nothing() -> None:
    days = of_answer(answer(Rating.GOOD), KNOWN)
    assert total(days, less(days)) == {}
