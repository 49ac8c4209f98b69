"""Cards and answers for tests of what learners remember."""

from __future__ import annotations

import datetime as dt
import itertools
import secrets
from collections.abc import Callable
from typing import Any

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.models import Bank, Card, Item, Note
from quizapp.db import db
from quizapp.memory import queries, service
from quizapp.memory.kinds import Rating
from quizapp.memory.results import Recorded, Undone
from quizapp.web import unit

MORNING = dt.datetime(2026, 3, 3, 9, 0, tzinfo=dt.UTC)  # a Tuesday

_numbers = itertools.count(1)


def create_cards(notes: int = 1, *, per_note: int = 1, hidden: bool = False) -> list[int]:
    """Store a bank of `notes` notes with `per_note` cards each, an item to each card; return the card ids."""

    def store() -> list[int]:
        bank = Bank(
            slug=f"bank-{next(_numbers)}", title="A bank", description="", version=1, created_at=MORNING
        )
        db.session.add(bank)
        db.session.flush()
        card_ids = []
        for position in range(notes):
            note = Note(bank_id=bank.id, key=f"n{position}", type="fact", position=position, revision=1)
            db.session.add(note)
            db.session.flush()
            for part in range(per_note):
                key = f"n{position}/{part}"
                card = Card(
                    bank_id=bank.id,
                    note_id=note.id,
                    key=key,
                    position=position,
                    hidden=hidden,
                    prompt="?",
                    answer="!",
                    search="?\n!",
                )
                db.session.add(card)
                db.session.flush()
                item = Item(
                    bank_id=bank.id,
                    note_id=note.id,
                    card_id=card.id,
                    key=key,
                    type="single",
                    draw_order=0,
                )
                db.session.add(item)
                card_ids.append(card.id)
        return card_ids

    return unit.run(store)


def item_of(card_id: int) -> int:
    """Return the item whose evidence the card is."""
    return db.session.query(Item.id).filter_by(card_id=card_id).scalar()


def drill(
    learner: LearnerSettings,
    card_id: int,
    rating: Rating = Rating.GOOD,
    *,
    now: dt.datetime = MORNING,
    **more: Any,
) -> Recorded:
    """Answer a card as it stands, with a fresh key, and commit."""
    more.setdefault("answer_key", secrets.token_bytes(16))
    if "seen" not in more:
        more["seen"] = queries.card_memory(learner.id, card_id).last_seq
    return unit.run(lambda: service.record_review(learner, card_id, rating, now=now, **more))


def quiz(
    learner: LearnerSettings, card_id: int, fraction: float = 1.0, *, now: dt.datetime = MORNING, **more: Any
) -> Recorded:
    """Answer the item of a card in a quiz, with a fresh key, and commit."""
    said: dict[str, Any] = {
        "item_id": item_of(card_id),
        "revision": 1,
        "strict": False,
        "guess_chance": 0.25,
        "answer_key": secrets.token_bytes(16),
    }
    return unit.run(
        lambda: service.record_quiz_review(
            learner, card_id=card_id, fraction=fraction, now=now, **said | more
        )
    )


def mark(change: Callable[..., Recorded], learner: LearnerSettings, card_id: int, **more: Any) -> Recorded:
    """Suspend, unsuspend, bury or reset a card (`change` is the use case), with a fresh key, and commit."""
    seen = queries.card_memory(learner.id, card_id).last_seq
    said = {"answer_key": secrets.token_bytes(16), "now": MORNING, "seen": seen} | more
    return unit.run(lambda: change(learner, card_id, **said))


def undo(
    learner: LearnerSettings,
    sitting_id: int = 1,
    *,
    now: dt.datetime = MORNING,
    answer_key: bytes | None = None,
) -> Undone | None:
    """Take back the last thing done in a sitting, with a fresh key unless one is given, and commit."""
    key = answer_key or secrets.token_bytes(16)
    return unit.run(lambda: service.undo_review(learner, sitting_id=sitting_id, answer_key=key, now=now))
