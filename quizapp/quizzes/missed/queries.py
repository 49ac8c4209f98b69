"""Every SELECT about the cards behind what was missed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, select, tuple_

from quizapp.banks.models import Card, Note
from quizapp.banks.offering.queries import offered
from quizapp.db import db
from quizapp.quizzes.missed.confused import NoteCard


def drilled(learner_id: int, card_ids: Collection[int]) -> list[int]:
    """Return those of the cards that the learner may drill, in the order given."""
    if not card_ids:
        return []
    query = select(Card.id).where(Card.id.in_(card_ids), *_is_drilled(learner_id))
    found = set(db.session.execute(query).scalars())
    return [card_id for card_id in card_ids if card_id in found]


def drilled_cards(
    learner_id: int, notes: Collection[tuple[int, str]]
) -> dict[tuple[int, str], list[NoteCard]]:
    """Return the cards of each note that the learner may drill, in order; notes are named by bank id and written id."""
    found: dict[tuple[int, str], list[NoteCard]] = {note: [] for note in notes}
    if not found:
        return found
    query = (
        select(Note.bank_id, Note.key, Card.id, Card.key, Card.answer)
        .join(Card, Card.note_id == Note.id)
        .where(
            tuple_(Note.bank_id, Note.key).in_(list(found)),
            *_is_drilled(learner_id),
        )
        .order_by(Card.position, Card.id)
    )
    for bank_id, note_key, card_id, key, answer in db.session.execute(query):
        found[bank_id, note_key].append(NoteCard(card_id, key, answer))
    return found


def facts_answered(learner_id: int, answers: Collection[tuple[int, str]]) -> list[int]:
    """Return the cards of facts whose answer is one of these (bank id, plain text) and that the learner may drill."""
    if not answers:
        return []
    query = (
        select(Card.id)
        .join(Note, Note.id == Card.note_id)
        .where(
            tuple_(Card.bank_id, Card.answer).in_(list(answers)),
            Note.type == "fact",
            Card.key == Note.key,
            *_is_drilled(learner_id),
        )
        .order_by(Card.position, Card.id)
    )
    return list(db.session.execute(query).scalars())


def _is_drilled(learner_id: int) -> tuple[ColumnElement[bool], ...]:
    return Card.hidden.is_(False), Card.retired_at.is_(None), (Card.bank_id + 0).in_(offered(learner_id))
