"""What a table holds, in two figures that are the same on every engine; and the words for how far one is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

# Begins a part of the work, by its name and how much there is of it; gives what to call with how much more is done.
Steps = Callable[[str, int], AbstractContextManager[Callable[[int], object]]]


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of a table's rows, and the SHA-256 of all they hold, in the order of their keys."""

    rows: int
    checksum: str


Tallies = dict[str, Tally]  # by table
HISTORY = ("review", "response", "attempt_item")  # what no change of the program may touch


class Counter:
    """Counts rows and takes their checksum as they come by.

    A value counts as Python writes it: whole numbers, floats to the last bit, bytes, text; JSON as the text it was
    stored as. So whether it came from SQLite or PostgreSQL makes no difference.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self._rows = 0
        self._hash = hashlib.sha256(ascii(tuple(columns)).encode())

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        told = [ascii(tuple(row)) for row in rows]
        self._rows += len(told)
        self._hash.update("".join(told).encode())

    def tally(self) -> Tally:
        return Tally(self._rows, self._hash.hexdigest())


def differing(one: Tallies, other: Tallies) -> list[str]:
    """Return the tables that do not hold the same, by name."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
