"""One card or one question of a draft, as learners will see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from quizapp import limits
from quizapp.banks.bankfile import Head, pool_choices
from quizapp.banks.check import load
from quizapp.banks.items import ITEM_TYPES
from quizapp.banks.notes.base import CardSpec, Shared
from quizapp.banks.notes.common import Note
from quizapp.quizzes import showing


@dataclass(frozen=True, slots=True)
class NotePreview:
    """What a note yields. `variant` draws a question by its number, from 0, under a seed."""

    note: Note
    cards: list[CardSpec]
    questions: int
    about: Callable[[str], dict[str, Any]]
    variant: Callable[[int, int], dict[str, Any] | None]

    def face(self, number: int) -> dict[str, Any]:
        """Return a card as its template reads it."""
        card = self.cards[number]
        return {"prompt": card.prompt, "answers": card.answers, "about": self.about(card.key)}

    def asked(self, number: int, seed: int) -> tuple[showing.Question, showing.Told] | None:
        """Return a question before and after the answer; None if this seed finds too few options."""
        snapshot = self.variant(number, seed)
        return None if snapshot is None else (showing.question(snapshot), showing.told(snapshot, None, None))


def preview(source: bytes, key: str, picture_url: Callable[[str], str]) -> NotePreview | None:
    """Return the note with this written id; None if there is none, or if it is too broken to yield anything.

    Errors elsewhere in the file do not matter. Raises TakesLong.
    """
    loaded = load(source, file="", only=key, most=limits.READ_AT_ONCE_STEPS)
    head = loaded.head
    for index, note in loaded.notes:
        if head is not None:
            guessed = ("notes", index) in loaded.findings.guessed
            fatal = guessed or any(complaint.fatal for complaint in note.complaints())
            return None if fatal else _of_note(note, head, picture_url)
    return None


def _of_note(note: Note, head: Head, picture_url: Callable[[str], str]) -> NotePreview:
    shared = Shared(pools=pool_choices(head))
    items = [spec for spec in note.items(shared) if ITEM_TYPES[spec.type].can_be_drawn(spec, 0)]

    def about(key: str) -> dict[str, Any]:
        told = note.told(key)
        return {
            "bank_title": head.title,
            "note_type": note.type,
            "explanation": told.explanation,
            "caveat": told.caveat,
            "cites": [_cite(head, cite.source, cite.at) for cite in told.cites],
            "image_url": picture_url(note.image) if note.image else "",
            "alt": note.alt,
            "credit": note.credit,
        }

    def variant(number: int, seed: int) -> dict[str, Any] | None:
        spec = items[number]
        snapshot = ITEM_TYPES[spec.type].draw(spec, seed)
        return None if snapshot is None else {**snapshot, "about": about(spec.key)}

    cards = [card for card in note.cards() if not card.hidden]
    return NotePreview(note, cards, len(items), about, variant)


def _cite(head: Head, name: str, at: str) -> dict[str, str]:
    source = head.sources.get(name)
    if source is None:
        return {"title": name, "author": "", "published": "", "url": "", "at": at}
    return {
        "title": source.title,
        "author": source.author,
        "published": source.published,
        "url": source.url,
        "at": at,
    }
