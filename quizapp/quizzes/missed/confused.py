"""What a wrong choice was mistaken for: where it is the answer of another card, that card is worth a drill."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from quizapp.richtext import to_inline_plain


@dataclass(frozen=True, slots=True)
class Mistake:
    """A distractor chosen in the item `item_key`; `text` is what it says, in plain words: an answer of the note."""

    bank_id: int
    note_key: str
    item_key: str
    text: str


@dataclass(frozen=True, slots=True)
class NoteCard:
    """A drilled card, by its derived key; `answer` is plain text."""

    card_id: int
    key: str
    answer: str


def mistakes(snapshot: dict[str, Any], answer: Collection[str] | None) -> list[Mistake]:
    """Return the distractors chosen that are some note's answer."""
    return [
        Mistake(
            snapshot["about"]["bank_id"], option["note"], snapshot["key"], to_inline_plain(option["text"])
        )
        for option in snapshot["options"]
        if option["id"] in (answer or ()) and not option["right"] and option.get("note")
    ]


def unnamed(snapshot: dict[str, Any], answer: Collection[str] | None) -> list[tuple[int, str]]:
    """Return (bank id, plain text) of the distractors chosen that name no note: another fact may say just that."""
    return [
        (snapshot["about"]["bank_id"], to_inline_plain(option["text"]))
        for option in snapshot["options"]
        if option["id"] in (answer or ()) and not option["right"] and not option.get("note")
    ]


def confused_card(mistake: Mistake, cards: Sequence[NoteCard]) -> int | None:
    """Return which of the note's cards was mistaken, None if none is drilled.

    Within one matrix it is the same row, in the same direction, of the other subject.
    """
    row, back = mistake.item_key.split("/")[:2], mistake.item_key.endswith("/back")
    alike = [card for card in cards if card.answer == mistake.text]
    if row[0] == mistake.note_key:
        alike = [
            card for card in alike if card.key.split("/")[:2] == row and card.key.endswith("/back") is back
        ]
    else:
        alike = [*alike, *cards]
    return alike[0].card_id if alike else None
