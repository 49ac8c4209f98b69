"""The word for where a card stands."""

from __future__ import annotations

import datetime as dt

import pytest

from quizapp.memory.kinds import Phase
from quizapp.memory.scheduler import NEW_MEMORY, Memory
from quizapp.study.standing import Standing, standing

TODAY = dt.date(2026, 3, 3)
TOMORROW = TODAY + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("known", "word"),
    [
        (NEW_MEMORY, Standing.NEW),
        (Memory(Phase.LEARNING, due_on=TODAY), Standing.DUE),
        (Memory(Phase.LEARNING, due_on=TOMORROW), Standing.LEARNING),
        (Memory(Phase.RELEARNING, due_on=TOMORROW), Standing.LEARNING),
        (Memory(Phase.REVIEW, due_on=TODAY), Standing.DUE),
        (Memory(Phase.REVIEW, due_on=TOMORROW), Standing.REVIEW),
        (Memory(Phase.REVIEW, due_on=TODAY, buried_on=TODAY), Standing.BURIED),
        (Memory(Phase.REVIEW, due_on=TODAY, buried_on=TODAY - dt.timedelta(days=1)), Standing.DUE),
        (Memory(Phase.REVIEW, due_on=TODAY, suspended=True, lapses=7), Standing.SUSPENDED),
        (Memory(Phase.RELEARNING, due_on=TODAY, suspended=True, lapses=8), Standing.LEECH),
    ],
)
def test_the_word_says_what_keeps_a_card_or_wants_it(known: Memory, word: Standing) -> None:
    assert standing(known, TODAY) is word
