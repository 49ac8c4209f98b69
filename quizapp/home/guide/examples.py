"""One example of every note type, with what the program makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from quizapp.banks.check import check
from quizapp.banks.items import ITEM_TYPES
from quizapp.banks.notes import NOTE_TYPES
from quizapp.banks.notes.base import Shared

BANK = """\
format: 1
bank: baclofen-basics
title: Baclofen basics
description: How baclofen works, and how it is used safely.
language: en
license: CC-BY-4.0
notice: Education only, not medical advice.
sources:
  label: {title: "Baclofen tablets, US prescribing information", published: 2023}
notes:
  - id: receptor
    question: Which receptor does baclofen activate?
    answer: GABA-B
    cite: {source: label, at: "12.1"}
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A note as it is written, and what it yields: the fronts of its cards, the stems of its questions."""

    kind: str
    source: str
    fronts: tuple[str, ...]
    stems: tuple[str, ...]


@cache
def examples() -> tuple[Example, ...]:
    """Return the example of each note type, in the order of the types."""
    return tuple(_example(kind) for kind in NOTE_TYPES)


def _example(kind: str) -> Example:
    source = NOTE_TYPES[kind].example.strip("\n")
    checked = check(f"{_head()}notes:\n{source}\n".encode(), file=f"{kind}.yaml")
    assert checked.bank is not None, checked.problems
    note = checked.bank.notes[0]
    drawn = (ITEM_TYPES[spec.type].draw(spec, 1) for spec in note.items(Shared()))
    return Example(
        kind,
        source,
        fronts=tuple(card.prompt for card in note.cards() if not card.hidden),
        stems=tuple(snapshot["stem"] for snapshot in drawn if snapshot is not None),
    )


def _head() -> str:
    return BANK[: BANK.index("notes:")]
