"""Spreading: which day of a small range a review falls on, so that no day is heavy and siblings stay apart.

The library's fuzz draws from the global random generator and can leave its own range; this one is a pure
function of what it is given, so that a button can show exactly what will be stored.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from quizapp import draw
from quizapp.memory.scheduler import MAXIMUM_INTERVAL_DAYS

SHORTEST_SPREAD_DAYS = 2.5


@dataclass(frozen=True, slots=True)
class Load:
    """What is already due: `due_cards` per study day (absent: none), and the days with a sibling."""

    due_cards: Mapping[dt.date, int] = field(default_factory=dict)
    sibling_days: frozenset[dt.date] = frozenset()


@dataclass(frozen=True, slots=True)
class Seed:
    """What decides among equally good days: the same answer to the same card always falls on the same day."""

    learner_id: int
    card_id: int
    repetitions: int


def spread_range(interval_days: int) -> tuple[int, int]:
    """Return the shortest and longest interval, in days, to which `interval_days` may be moved."""
    if interval_days < SHORTEST_SPREAD_DAYS:
        return interval_days, interval_days
    reach = (
        1
        + 0.15 * (min(interval_days, 7) - 2.5)
        + 0.10 * max(0, min(interval_days, 20) - 7)
        + 0.05 * max(0, interval_days - 20)
    )
    return (
        max(2, _half_up(interval_days - reach)),
        min(_half_up(interval_days + reach), MAXIMUM_INTERVAL_DAYS),
    )


def spread(interval_days: int, *, study_on: dt.date, load: Load, seed: Seed, beyond: int = 0) -> int:
    """Return the interval in the range of `interval_days` whose day has the fewest cards due.

    Days with a sibling are taken only if there is no other, and intervals of at most `beyond` days (what a
    worse rating gets) only if the whole range is. Cards stand for minutes: they cost much the same.
    """
    shortest, longest = spread_range(interval_days)
    today = study_on.toordinal()
    first = today + min(max(shortest, beyond + 1), longest)
    allowed = [dt.date.fromordinal(day) for day in range(first, today + longest + 1)]
    apart = [day for day in allowed if day not in load.sibling_days] or allowed
    due_cards = [load.due_cards.get(day, 0) for day in apart]
    fewest = min(due_cards)
    best = [day for day, due in zip(apart, due_cards, strict=True) if due == fewest]
    chosen = best[draw.number(seed.learner_id, seed.card_id, seed.repetitions) % len(best)]
    return chosen.toordinal() - today


def _half_up(days: float) -> int:
    return math.floor(days + 0.5)
