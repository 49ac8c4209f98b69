"""Every SELECT about the cards behind what was missed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, tuple_

from quizapp.banks.models import Card, Note
from quizapp.db import db
from quizapp.quizzes.missed.confused import NoteCard


def drilled(card_ids: Collection[int]) -> list[int]:
    """Return those of the cards that are drilled, in the order given."""
    if not card_ids:
        return []
    query = select(Card.id).where(Card.id.in_(card_ids), Card.hidden.is_(False), Card.retired_at.is_(None))
    found = set(db.session.execute(query).scalars())
    return [card_id for card_id in card_ids if card_id in found]


def drilled_cards(notes: Collection[tuple[int, str]]) -> dict[tuple[int, str], list[NoteCard]]:
    """Return the drilled cards of each note in order; notes are named by bank id and written id."""
    found: dict[tuple[int, str], list[NoteCard]] = {note: [] for note in notes}
    if not found:
        return found
    query = (
        select(Note.bank_id, Note.key, Card.id, Card.key, Card.answer)
        .join(Card, Card.note_id == Note.id)
        .where(
            tuple_(Note.bank_id, Note.key).in_(list(found)),
            Card.hidden.is_(False),
            Card.retired_at.is_(None),
        )
        .order_by(Card.position)
    )
    for bank_id, note_key, card_id, key, answer in db.session.execute(query):
        found[bank_id, note_key].append(NoteCard(card_id, key, answer))
    return found
