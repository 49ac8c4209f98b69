"""Two attempts at the same items, item by item."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")


class Change(StrEnum):
    """What became of an item from the first attempt to the second.

    OTHER: the two asked it with other options, so that the answers cannot be compared. NOT_ASKED: only one of
    them asks it.
    """

    SLIPPED = "slipped"
    IMPROVED = "improved"
    SAME = "same"
    OTHER = "other"
    NOT_ASKED = "not asked"


def paired(
    first: Sequence[T], second: Sequence[T], *, key: Callable[[T], Hashable]
) -> list[tuple[T | None, T | None]]:
    """Return what both hold under one key side by side: in the order of `first`, then what only `second` has."""
    later = {key(thing): thing for thing in second}
    earlier = {key(thing) for thing in first}
    return [
        *((thing, later.get(key(thing))) for thing in first),
        *((None, thing) for thing in second if key(thing) not in earlier),
    ]


def is_same_question(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two snapshots ask the same: one stem, the same options, the same key, in whatever order."""
    return _asked(first) == _asked(second)


def _asked(snapshot: Mapping[str, Any]) -> tuple[str, set[tuple[str, bool]]]:
    return snapshot["stem"], {(option["text"], option["right"]) for option in snapshot["options"]}


def change(first: float | None, second: float | None) -> Change:
    """Return how two fractions of one item differ, None where it was left unanswered, which scores 0."""
    before, after = first or 0.0, second or 0.0
    if before == after:
        return Change.SAME
    return Change.IMPROVED if after > before else Change.SLIPPED
