"""Which items a quiz asks: the wish, the stretch of the pool that is looked at, the order of preference.

Items lie on a circle by their `draw_order`, a hash. A seeded arc of it is a fair sample of any pool, found by
index; its width is such that it holds about as many items as are wanted, whatever the pool's size.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from quizapp import draw

CIRCLE = 2**63
WINDOW = 1000  # candidates that are weighed against each other
SPARE = 8  # candidates per item asked, where a few of the pool will do


class Prefer(Enum):
    """What comes first; the rest of the pool fills up."""

    NEW = "new"
    WEAKEST = "weakest"
    DUE = "due"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a learner asks for. No banks, tags or kinds means all of them; `kinds` are names of item types."""

    count: int
    banks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    prefer: Prefer = Prefer.NEW

    def to_json(self) -> dict[str, Any]:
        """Return it as an attempt keeps it."""
        return {
            "count": self.count,
            "banks": list(self.banks),
            "tags": list(self.tags),
            "kinds": list(self.kinds),
            "prefer": self.prefer.value,
        }

    def within(self, banks: Collection[str], tags: Collection[str]) -> Wish | None:
        """Return the wish with these banks and tags alone; None if none is left where some were named."""
        known = replace(
            self,
            banks=tuple(slug for slug in self.banks if slug in banks),
            tags=tuple(tag for tag in self.tags if tag in tags),
        )
        emptied = bool(self.banks and not known.banks) or bool(self.tags and not known.tags)
        return None if emptied else known

    def sample(self, pool: int) -> int:
        """Return how many candidates of a pool of this size to look at."""
        few = max(200, SPARE * self.count)
        if self.prefer is Prefer.RANDOM or (self.prefer is Prefer.NEW and pool > WINDOW):
            return few
        return max(few, WINDOW)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that could be asked, and what memory says of it: `recall` is 0 for a card never seen."""

    item_id: int
    note_id: int
    card_id: int
    recall: float = 0.0
    due: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Arc:
    """A stretch of the circle: [start, stop), and [0, wrapped) where it runs past the end."""

    start: int
    stop: int
    wrapped: int

    @property
    def whole(self) -> bool:
        return self.stop - self.start + self.wrapped >= CIRCLE


def arc(seed: int, *, sample: int, pool: int) -> Arc:
    """Return a stretch from a seeded start that holds about `sample` of `pool` items."""
    if pool <= sample:
        return Arc(0, CIRCLE, 0)
    start = draw.number(seed, "start")
    end = start + CIRCLE * sample // pool
    return Arc(start, min(end, CIRCLE), max(end - CIRCLE, 0))


def ranked(candidates: Iterable[Candidate], *, prefer: Prefer, seed: int) -> list[Candidate]:
    """Return every candidate, best first: by preference, equals by the seed's order.

    One item per note and per evidence card stands before the second of any.
    """
    best_first = sorted(
        draw.order(candidates, seed, key=lambda candidate: f"choose {candidate.item_id}"),
        key=lambda candidate: _rank(candidate, prefer),
    )
    first, further = [], []
    notes, cards = set(), set()
    for candidate in best_first:
        if candidate.note_id in notes or candidate.card_id in cards:
            further.append(candidate)
        else:
            first.append(candidate)
        notes.add(candidate.note_id)
        cards.add(candidate.card_id)
    return first + further


def _rank(candidate: Candidate, prefer: Prefer) -> float:
    match prefer:
        case Prefer.NEW:
            return candidate.asked
        case Prefer.WEAKEST:
            return candidate.recall
        case Prefer.DUE:
            return not candidate.due
        case Prefer.RANDOM:
            return 0


def batches(candidates: Sequence[Candidate], size: int) -> Iterator[Sequence[Candidate]]:
    """Yield the candidates in portions of `size`: those further down are read only if earlier ones fail."""
    for start in range(0, len(candidates), size):
        yield candidates[start : start + size]
