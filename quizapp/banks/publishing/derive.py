"""What a checked bank yields: for each published note its canonical content, its cards and its items.

Everything about a note that does not depend on the database is found here, before the lock that learners wait for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic_core import from_json

from quizapp import draw
from quizapp.banks.check import BankFile
from quizapp.banks.items import ITEM_TYPES
from quizapp.banks.norm import folded
from quizapp.banks.notes.base import CardSpec, Shared
from quizapp.banks.notes.common import Note
from quizapp.banks.reader import paused_collection
from quizapp.richtext import to_inline_plain, to_plain


class CardRow(NamedTuple):
    """A card as it is kept: texts are plain, for lists; `search` is both, as `norm.folded`."""

    key: str
    hidden: bool
    prompt: str
    answer: str
    search: str


class ItemRow(NamedTuple):
    """An item as it is kept. `evidence` is the key of a card, which may be another note's."""

    key: str
    type: str
    draw_order: int
    evidence: str


@dataclass(frozen=True, slots=True)
class Derived:
    """What one published note yields. The items are those for which enough good options exist.

    `text` is the canonical content, JSON whose maps keep their written order, so order counts in its hash. `title`
    is the first thing that the note asks, as plain text.
    """

    note: Note
    title: str
    text: str
    sha256: str
    cards: Sequence[CardRow]
    items: Sequence[ItemRow]

    @property
    def drilled(self) -> int:
        """How many of the cards are drilled."""
        return sum(not card.hidden for card in self.cards)

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = from_json(self.text)
        return content


def derive(bank: BankFile) -> list[Derived]:
    """Return what each note of `bank` that learners may see yields, in written order. Pure, and slow on big banks."""
    shared = Shared(pools=bank.pools, sources=bank.sources)
    with paused_collection():
        notes = [(note, note.cards()) for note in bank.notes if note.status != "draft"]
        shown = {note.id: next((card.key for card in cards if not card.hidden), "") for note, cards in notes}
        return [_derived(note, cards, shared, bank.slug, shown) for note, cards in notes]


def _derived(
    note: Note, cards: Sequence[CardSpec], shared: Shared, slug: str, shown: Mapping[str, str]
) -> Derived:
    text = note.model_dump_json(exclude_defaults=True)
    specs = [spec for spec in note.items(shared) if ITEM_TYPES[spec.type].can_be_drawn(spec, 0)]
    rows = [_card(card) for card in cards]
    items = [
        ItemRow(
            spec.key,
            spec.type,
            draw.number(0, slug, spec.key),
            shown[note.about] if note.about else spec.evidence,
        )
        for spec in specs
    ]
    title = rows[0].prompt if rows else to_plain(specs[0].stem) if specs else note.id
    return Derived(note, title, text, hashlib.sha256(text.encode()).hexdigest(), rows, items)


def _card(card: CardSpec) -> CardRow:
    prompt, answer = to_plain(card.prompt), "; ".join(map(to_inline_plain, card.answers))
    return CardRow(card.key, card.hidden, prompt, answer, folded(f"{prompt}\n{answer}"))
