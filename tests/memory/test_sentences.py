"""What is recorded, in words."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quizapp.memory.entry import Entry
from quizapp.memory.kinds import Phase, ReviewKind
from quizapp.memory.scheduler import Memory
from quizapp.memory.sentences import recorded
from quizapp.study_day import Moment

NOW = dt.datetime(2026, 11, 30, 13, 0, tzinfo=dt.UTC)
MOMENT = Moment.at(NOW, ZoneInfo("Europe/Zurich"), 4)
REVIEW = Memory(Phase.REVIEW, due_on=dt.date(2026, 12, 3))
STEP = Memory(Phase.LEARNING, step=0, due_on=MOMENT.on, due_at=NOW + dt.timedelta(minutes=10))


@pytest.mark.parametrize(
    ("kind", "memory", "more", "sentence"),
    [
        (ReviewKind.DRILL, REVIEW, {"rating": 3}, "Already answered: Good, due Thu 3 December."),
        (ReviewKind.DRILL, STEP, {"rating": 1}, "Already answered: Again, due at 14:10."),
        (ReviewKind.DRILL, Memory(suspended=True), {"rating": 1}, "Already answered: Again, suspended."),
        (ReviewKind.QUIZ, Memory(), {"fraction": 1.0}, "Already answered in a quiz: right."),
        (ReviewKind.QUIZ, Memory(), {"fraction": 0.5}, "Already answered in a quiz: partly right."),
        (ReviewKind.QUIZ, Memory(), {"fraction": 0.5, "strict": True}, "Already answered in a quiz: wrong."),
        (ReviewKind.UNDO, REVIEW, {}, "The last answer to this card was taken back."),
        (ReviewKind.RESET, Memory(), {}, "This card was reset."),
        (ReviewKind.UNSUSPEND, REVIEW, {}, "This card was taken back into the drill."),
    ],
)
def test_an_entry_is_told_as(kind: ReviewKind, memory: Memory, more: dict[str, Any], sentence: str) -> None:
    entry = Entry(
        seq=1, card_id=1, kind=kind, answer_key=b"", reviewed_at=NOW, study_on=MOMENT.on, previous_seq=0,
        revision=1, memory=memory, **more,
    )  # fmt: skip
    assert recorded(entry, MOMENT) == sentence
