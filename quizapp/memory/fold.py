"""The log is the truth: folding it gives what a learner remembers, and what each study day held.

What was decided at the time (phase, step, due date: they looked at the clock and at other cards) is taken
from the entry; what follows from the answers (stability, difficulty, counts, suspension) is computed again.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.memory import days, scheduler
from quizapp.memory.days import Days
from quizapp.memory.entry import Entry
from quizapp.memory.evidence import Evidence, answer_in_quiz
from quizapp.memory.kinds import ANSWERS, Rating, ReviewKind
from quizapp.memory.scheduler import NEW_MEMORY, Memory


@dataclass(frozen=True, slots=True)
class Folded:
    """What the log says of one card: its last entry, the memory, and its share of the learner's days."""

    last_seq: int
    memory: Memory
    days: Days


def fold(entries: Sequence[Entry]) -> Folded:
    """Return what `entries`, all those of one learner and card in order of `seq`, add up to."""
    memory = NEW_MEMORY
    parts: list[Days] = []
    for entry, before, after in steps(entries):
        memory = after
        if entry.kind in ANSWERS:
            parts.append(days.of_answer(entry, before))
    last_seq = entries[-1].seq if entries else 0
    return Folded(last_seq, memory, days.total(*parts, days.of_memory(memory)))


def steps(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Memory, Memory]]:
    """Yield each entry that still holds, with the memory before and after it.

    An undone entry and its undo leave no trace. Entries count in order of `seq`; but when a guest's log was
    copied in, whatever stood or came before the end of the copy is put in order of time, since two logs ran
    side by side.
    """
    undone = {entry.subject_seq for entry in entries if entry.kind is ReviewKind.UNDO}
    holding = [entry for entry in entries if entry.kind is not ReviewKind.UNDO and entry.seq not in undone]
    copied_to = max((entry.seq for entry in entries if entry.origin_learner_id is not None), default=0)
    holding.sort(
        key=lambda entry: (
            (0, entry.reviewed_at, entry.seq)
            if entry.seq <= copied_to
            else (1, dt.datetime.max.replace(tzinfo=dt.UTC), entry.seq)
        )
    )
    memory = NEW_MEMORY
    for entry in holding:
        before, memory = memory, after(entry, memory)
        yield entry, before, memory


def after(entry: Entry, before: Memory) -> Memory:
    """Return the memory that `entry`, which is not an undo, makes of the memory `before` it."""
    match entry.kind:
        case ReviewKind.DRILL:
            assert entry.rating is not None
            outcome = scheduler.answer(
                before,
                Rating(entry.rating),
                study_on=entry.study_on,
                desired_retention=0.9,  # bears on the interval alone, which the entry states
                parameters=entry.parameters,
            )
            return _as_decided(outcome.memory._replace(buried_on=None), entry.memory)
        case ReviewKind.QUIZ:
            assert entry.fraction is not None
            assert entry.guess_chance is not None
            outcome = answer_in_quiz(
                before,
                Evidence(entry.fraction, bool(entry.strict), entry.guess_chance),
                hidden=entry.memory.due_on is None,
                study_on=entry.study_on,
                desired_retention=0.9,
                parameters=entry.parameters,
            )
            return _as_decided(outcome.memory, entry.memory)
        case _:
            return marked(entry.kind, before, entry.study_on)


def marked(kind: ReviewKind, memory: Memory, study_on: dt.date) -> Memory:
    """Return `memory` after a mark that is no answer: reset, suspend, unsuspend or bury."""
    match kind:
        case ReviewKind.RESET:
            return NEW_MEMORY
        case ReviewKind.SUSPEND:
            return memory._replace(suspended=True)
        case ReviewKind.UNSUSPEND:
            return memory._replace(suspended=False)
        case ReviewKind.BURY:
            return memory._replace(buried_on=study_on)
        case _:
            raise ValueError(f"{kind.name} is no mark")


def agree(one: Memory, other: Memory) -> bool:
    """Return whether two memories are the same; another machine's arithmetic may differ in the last digit."""
    close = _close(one.stability, other.stability) and _close(one.difficulty, other.difficulty)
    return close and one._replace(stability=None, difficulty=None) == other._replace(
        stability=None, difficulty=None
    )


def _as_decided(computed: Memory, decided: Memory) -> Memory:
    return computed._replace(
        phase=decided.phase, step=decided.step, due_on=decided.due_on, due_at=decided.due_at
    )


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9)
