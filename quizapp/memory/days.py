"""Counts per study day: what was done on it and how many reviews fall due on it, as sums over events."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from quizapp.memory.entry import Entry
from quizapp.memory.kinds import Phase, Queue, Rating, ReviewKind
from quizapp.memory.scheduler import Memory
from quizapp.study_day import ONE_DAY


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Counts of one study day, or a change of them. The fields are columns of `learner_day`.

    `recalls` are the drill answers to cards in review, a study day or more after the last answer; `remembered`
    those of them not rated Again.
    """

    due_cards: int = 0
    new_cards: int = 0
    reviews: int = 0
    thinking_ms: int = 0
    recalls: int = 0
    remembered: int = 0

    def __add__(self, other: DayCounts) -> DayCounts:
        return DayCounts(
            self.due_cards + other.due_cards,
            self.new_cards + other.new_cards,
            self.reviews + other.reviews,
            self.thinking_ms + other.thinking_ms,
            self.recalls + other.recalls,
            self.remembered + other.remembered,
        )

    def __neg__(self) -> DayCounts:
        return DayCounts(
            -self.due_cards,
            -self.new_cards,
            -self.reviews,
            -self.thinking_ms,
            -self.recalls,
            -self.remembered,
        )


NOTHING = DayCounts()
Days = dict[dt.date, DayCounts]


def of_answer(entry: Entry, before: Memory) -> Days:
    """Return what one answer adds: itself, its time, whether it recalled, and a new card if one entered the queue.

    A card first met in a quiz counts towards the new cards of the next study day, from which it is due.
    """
    recalls = int(_is_recall(entry, before))
    days = {
        entry.study_on: DayCounts(
            reviews=1,
            thinking_ms=entry.thinking_ms or 0,
            recalls=recalls,
            remembered=recalls if entry.rating != Rating.AGAIN else 0,
        )
    }
    if before.due_on is None and entry.memory.due_on is not None:
        met_on = entry.study_on if entry.kind is ReviewKind.DRILL else entry.study_on + ONE_DAY
        days = total(days, {met_on: DayCounts(new_cards=1)})
    return days


def _is_recall(entry: Entry, before: Memory) -> bool:
    if entry.kind is not ReviewKind.DRILL or before.phase is not Phase.REVIEW:
        return False
    return before.last_on is not None and entry.study_on > before.last_on


def of_memory(memory: Memory) -> Days:
    """Return what a card as it stands adds: one due card, if it is in review."""
    if memory.queue is Queue.REVIEW and memory.due_on is not None:
        return {memory.due_on: DayCounts(due_cards=1)}
    return {}


def total(*parts: Days) -> Days:
    """Return the sum of `parts`, without days on which nothing is left."""
    sums: Days = {}
    for part in parts:
        for day, counts in part.items():
            sums[day] = sums[day] + counts if day in sums else counts
    return {day: counts for day, counts in sums.items() if counts != NOTHING}


def less(days: Days) -> Days:
    """Return what takes `days` back."""
    return {day: -counts for day, counts in days.items()}
