"""What an attempt is worth: points are fractions added up, an item without an answer scores 0."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from math import fsum
from typing import TypeVar

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Score:
    """`points` of `items`; `share` is None where there are no items."""

    points: float
    items: int

    @property
    def share(self) -> float | None:
        return self.points / self.items if self.items else None


def score(fractions: Iterable[float | None]) -> Score:
    """Return the score of items with these fractions, None where not answered."""
    marks = [fraction or 0.0 for fraction in fractions]
    return Score(fsum(marks), len(marks))


def scores_by(
    things: Iterable[T], groups: Callable[[T], Iterable[H]], fraction: Callable[[T], float | None]
) -> dict[H, Score]:
    """Return the score of each group in order of first appearance; a thing may stand in several groups."""
    grouped: dict[H, list[float | None]] = {}
    for thing in things:
        for group in groups(thing):
            grouped.setdefault(group, []).append(fraction(thing))
    return {group: score(fractions) for group, fractions in grouped.items()}


def verdict(fraction: float | None) -> str:
    """Return right, wrong, part or none (not answered)."""
    if fraction is None:
        return "none"
    if fraction >= 1:
        return "right"
    return "part" if fraction > 0 else "wrong"
