"""What a checked bank yields: for each published note its canonical content, its cards and its items.

Everything about a note that does not depend on the database is found here, before the lock that learners wait for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
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
    position: int
    hidden: bool
    prompt: str
    answer: str
    search: str


class ItemRow(NamedTuple):
    """An item as it is kept."""

    key: str
    type: str
    draw_order: int


@dataclass(frozen=True, slots=True)
class Derived:
    """What one published note yields. The items are those for which enough good options exist.

    `position` is the note's among those published. `text` is the canonical content, JSON whose maps keep their written
    order, so order counts in its hash. `title` is the first thing that the note asks, as plain text. `drilled` counts
    the cards that are. `evidence` has the position of a card for each item; it may be another note's.
    """

    key: str
    type: str
    position: int
    title: str
    text: str
    sha256: str
    tags: tuple[str, ...]
    cards: Sequence[CardRow]
    drilled: int
    items: Sequence[ItemRow]
    evidence: Sequence[int]

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = from_json(self.text)
        return content


def derive(bank: BankFile) -> list[Derived]:
    """Return what each note of `bank` that learners may see yields, in written order. Pure, and slow on big banks."""
    with paused_collection():
        notes = [note for note in bank.notes if note.status != "draft"]
        position = count()
        cards = [[_card(card, next(position)) for card in note.cards()] for note in notes]
        found = _Found(
            slug=bank.slug,
            shared=Shared(pools=bank.pools, sources=bank.sources),
            places={card.key: card.position for rows in cards for card in rows},
            shown={
                note.id: next((card.position for card in rows if not card.hidden), -1)
                for note, rows in zip(notes, cards, strict=True)
            },
        )
        return [
            _derived(note, place, rows, found)
            for place, (note, rows) in enumerate(zip(notes, cards, strict=True))
        ]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the notes of one bank have in common: positions of cards by their key, and by the note that shows them."""

    slug: str
    shared: Shared
    places: Mapping[str, int]
    shown: Mapping[str, int]


def _card(card: CardSpec, position: int) -> CardRow:
    prompt, answer = to_plain(card.prompt), "; ".join(map(to_inline_plain, card.answers))
    return CardRow(card.key, position, card.hidden, prompt, answer, folded(f"{prompt}\n{answer}"))


def _derived(note: Note, position: int, cards: Sequence[CardRow], found: _Found) -> Derived:
    text = note.model_dump_json(exclude_defaults=True)
    specs = [spec for spec in note.items(found.shared) if ITEM_TYPES[spec.type].can_be_drawn(spec, 0)]
    return Derived(
        key=note.id,
        type=note.type,
        position=position,
        title=cards[0].prompt if cards else to_plain(specs[0].stem) if specs else note.id,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        tags=tuple(dict.fromkeys(note.tags)),
        cards=cards,
        drilled=sum(not card.hidden for card in cards),
        items=[ItemRow(spec.key, spec.type, draw.number(0, found.slug, spec.key)) for spec in specs],
        evidence=[found.shown[note.about] if note.about else found.places[spec.evidence] for spec in specs],
    )
