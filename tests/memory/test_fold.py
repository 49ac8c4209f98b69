"""Folding a log by hand: what an entry decided, what follows from it, undos, and two logs in one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from quizapp.memory.days import DayCounts
from quizapp.memory.entry import Entry
from quizapp.memory.fold import agree, fold, marked, steps
from quizapp.memory.kinds import Phase, ReviewKind
from quizapp.memory.scheduler import NEW_MEMORY, Memory

NINE = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
MONDAY = NINE.date()
DECIDED = Memory(Phase.REVIEW, stability=1.0, difficulty=1.0, due_on=MONDAY + dt.timedelta(days=8))


def entry(seq: int, kind: ReviewKind = ReviewKind.DRILL, memory: Memory = DECIDED, **more: Any) -> Entry:
    more = {"reviewed_at": NINE, "study_on": MONDAY, "rating": 4 if kind is ReviewKind.DRILL else None} | more
    return Entry(
        seq=seq,
        card_id=1,
        kind=kind,
        answer_key=bytes([seq]),
        previous_seq=seq - 1,
        revision=1,
        memory=memory,
        **more,
    )


def test_an_empty_log_is_a_new_card() -> None:
    assert fold([]).memory == NEW_MEMORY
    assert fold([]).days == {}


def test_the_return_is_taken_from_the_entry_and_the_rest_is_computed() -> None:
    memory = fold([entry(1)]).memory
    assert (memory.phase, memory.due_on) == (DECIDED.phase, DECIDED.due_on)
    assert memory.stability == pytest.approx(8.2956)  # first Easy, whatever the row claims
    assert (memory.repetitions, memory.last_on) == (1, MONDAY)


def test_an_undone_entry_leaves_no_trace() -> None:
    undone = entry(2, rating=1, memory=DECIDED._replace(phase=Phase.RELEARNING, step=0))
    undo = entry(3, ReviewKind.UNDO, subject_seq=2)
    folded = fold([entry(1), undone, undo])
    assert folded.memory == fold([entry(1)]).memory
    assert folded.days == fold([entry(1)]).days
    assert folded.last_seq == 3


def test_days_hold_what_was_done_and_what_falls_due() -> None:
    assert fold([entry(1, thinking_ms=1200)]).days == {
        MONDAY: DayCounts(new_cards=1, reviews=1, thinking_ms=1200),
        DECIDED.due_on: DayCounts(due_cards=1),
    }


def test_entries_count_in_order_of_seq_even_if_the_clock_went_back() -> None:
    early = entry(2, rating=1, reviewed_at=NINE - dt.timedelta(hours=1))
    assert [each.seq for each, _, _ in steps([entry(1), early])] == [1, 2]


def test_a_copied_log_is_put_in_order_of_time_with_what_stood_there_and_later_entries_follow() -> None:
    hour = dt.timedelta(hours=1)
    own = [entry(1, reviewed_at=NINE), entry(2, reviewed_at=NINE + 3 * hour)]
    copied = [
        entry(3, reviewed_at=NINE - hour, origin_learner_id=9, subject_seq=1),
        entry(4, reviewed_at=NINE + hour, origin_learner_id=9, subject_seq=2),
    ]
    later = entry(5, reviewed_at=NINE - 5 * hour)
    order = [each.seq for each, _, _ in steps([*own, *copied, later])]
    assert order == [3, 1, 4, 2, 5]


def test_an_undo_is_no_mark_of_its_own() -> None:
    with pytest.raises(ValueError, match="UNDO is no mark"):
        marked(ReviewKind.UNDO, NEW_MEMORY, MONDAY)


def test_memories_agree_but_for_the_last_digit() -> None:
    assert agree(DECIDED, DECIDED._replace(stability=1.0 + 1e-15))
    assert not agree(DECIDED, DECIDED._replace(stability=1.001))
    assert not agree(DECIDED, DECIDED._replace(stability=None))
    assert not agree(DECIDED, DECIDED._replace(lapses=1))
