"""What a checked bank yields: for each published note its canonical content, its cards and its items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quizapp.banks.check import BankFile
from quizapp.banks.items import ITEM_TYPES
from quizapp.banks.items.base import ItemSpec
from quizapp.banks.notes.base import CardSpec, Shared
from quizapp.banks.notes.common import Note
from quizapp.banks.publishing.plan import content_hash


@dataclass(frozen=True, slots=True)
class Derived:
    """What one published note yields. The items are those for which enough good options exist."""

    note: Note
    content: dict[str, Any]
    sha256: str
    cards: Sequence[CardSpec]
    items: Sequence[ItemSpec]


def derive(bank: BankFile) -> list[Derived]:
    """Return what each note of `bank` that learners may see yields, in written order. Pure, and slow on big banks."""
    shared = Shared(pools=bank.pools, sources=bank.sources)
    derived = []
    for note in bank.notes:
        if note.status == "draft":
            continue
        content = note.model_dump(mode="json", exclude_defaults=True)
        items = [spec for spec in note.items(shared) if ITEM_TYPES[spec.type].draw(spec, 0) is not None]
        derived.append(Derived(note, content, content_hash(content), note.cards(), items))
    return derived
