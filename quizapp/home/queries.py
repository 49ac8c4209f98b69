"""What the start page, the page of a bank and the offer to add a guest's work ask across packages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, or_, select

from quizapp.banks import queries as banks
from quizapp.banks.models import Card
from quizapp.banks.queries import BankRow, CardFace
from quizapp.banks.reports import queries as problem_reports
from quizapp.db import db
from quizapp.memory.kinds import ANSWERS
from quizapp.memory.models import CardMemory, Review
from quizapp.quizzes.models import Attempt, AttemptBank


def sample_card(bank: BankRow) -> CardFace | None:
    """Return the card that a newcomer to the bank meets first."""
    drilled = (Card.bank_id == bank.id, Card.hidden.is_(False), Card.retired_at.is_(None))
    query = select(Card.id).where(*drilled).order_by(Card.position).limit(1)
    card_id = db.session.scalar(query)
    return None if card_id is None else banks.card_face(card_id)


def has_met(learner_id: int, bank_ids: Collection[int]) -> bool:
    """Return whether a learner was ever asked something of any of the banks."""
    in_quiz = exists().where(AttemptBank.learner_id == learner_id, AttemptBank.bank_id.in_(bank_ids))
    in_drill = exists().where(
        CardMemory.learner_id == learner_id, CardMemory.card_id == Card.id, Card.bank_id.in_(bank_ids)
    )
    return bool(db.session.scalar(select(or_(in_quiz, in_drill))))


@dataclass(frozen=True, slots=True)
class LastResult:
    """The attempt finished last."""

    code: str
    title: str
    points: float
    item_count: int
    finished_at: dt.datetime


def last_result(learner_id: int) -> LastResult | None:
    """Return the finished attempt that was begun last."""
    query = (
        select(Attempt.code, Attempt.title, Attempt.points, Attempt.item_count, Attempt.finished_at)
        .where(Attempt.learner_id == learner_id, Attempt.finished_at.is_not(None))
        .order_by(Attempt.started_at.desc())
        .limit(1)
    )
    row: Any = db.session.execute(query).first()
    return None if row is None else LastResult(*row)


@dataclass(frozen=True, slots=True)
class GuestWork:
    """What somebody did as a guest: `answers` to cards and questions, `attempts` at quizzes, problem `reports`."""

    answers: int
    attempts: int
    reports: int

    def __bool__(self) -> bool:
        return bool(self.answers or self.attempts or self.reports)


def guest_work(guest_ids: Collection[int]) -> GuestWork:
    """Return how much somebody did as one guest or several."""
    answers = select(func.count()).where(Review.learner_id.in_(guest_ids), Review.kind.in_(ANSWERS))
    attempts = select(func.count()).where(Attempt.learner_id.in_(guest_ids))
    return GuestWork(
        db.session.scalars(answers).one(),
        db.session.scalars(attempts).one(),
        sum(map(problem_reports.report_count, guest_ids)),
    )
