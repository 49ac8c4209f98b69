"""Sittings for tests, and a bank large enough to drill."""

from __future__ import annotations

import datetime as dt
from typing import Any

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.models import Bank, Card
from quizapp.db import db
from quizapp.memory.kinds import Rating
from quizapp.study import queries, service
from quizapp.study.queries import Turn
from quizapp.web import unit
from tests.factories.banks import publish
from tests.factories.memory import MORNING, drill


def facts(count: int, *, tags: tuple[str, ...] = ("oral",)) -> str:
    """Return the YAML of `count` short notes, whose first tags take turns."""
    return "\n".join(
        f"- {{id: n{number}, question: What is number {number}?, answer: Answer {number}, "
        f"tags: [{tags[number % len(tags)]}]}}"
        for number in range(count)
    )


def publish_cards(count: int = 5, *, bank: str = "sample", **more: Any) -> list[int]:
    """Publish a bank of `count` one-card notes, and return its card ids in written order."""
    publish(facts(count, **more), bank=bank, title=f"The {bank} bank")
    return cards_of(bank)


def cards_of(bank: str) -> list[int]:
    """Return the ids of the drilled cards of a bank, in written order."""
    query = db.session.query(Card.id).join(Bank, Bank.id == Card.bank_id).filter(Bank.slug == bank)
    return [row[0] for row in query.filter(Card.hidden.is_(False)).order_by(Card.position)]


def start(learner: LearnerSettings, *, now: dt.datetime = MORNING, **choice: Any) -> int:
    """Begin a sitting and commit."""
    return unit.run(lambda: service.start_sitting(learner, now=now, **choice))


def turn(learner: LearnerSettings, sitting_id: int, now: dt.datetime = MORNING) -> Turn | None:
    """Return what the sitting shows at `now`, in a fresh transaction."""
    db.session.rollback()
    return queries.next_turn(learner, sitting_id, now)


def shown(learner: LearnerSettings, sitting_id: int, now: dt.datetime = MORNING) -> int | None:
    """Return the id of the card that the sitting shows at `now`."""
    found = turn(learner, sitting_id, now)
    return None if found is None else found.face.card_id


def know(
    learner: LearnerSettings, card_ids: list[int], *, now: dt.datetime, rating: Rating = Rating.EASY
) -> None:
    """Let the learner graduate the cards at `now`."""
    for card_id in card_ids:
        drill(learner, card_id, rating, now=now)
