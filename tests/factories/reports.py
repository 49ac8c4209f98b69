"""Problem reports for tests: kept and answered as the program does."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks import queries as banks
from quizapp.banks.models import Bank, BankAuthor, ProblemReport
from quizapp.banks.reports import service
from quizapp.banks.service import report_problem
from quizapp.db import db
from quizapp.web import unit
from quizapp.web.clock import now
from tests.factories.memory import MORNING


def own(user_id: int, *, bank: str = "sample") -> None:
    """Make a user the owner of a bank."""

    def work() -> None:
        db.session.scalars(select(Bank).where(Bank.slug == bank)).one().owner_id = user_id

    unit.run(work)


def write_with(user_id: int, *, bank: str = "sample") -> None:
    """Make a user a co-author of a bank."""

    def work() -> None:
        bank_id = db.session.scalars(select(Bank.id).where(Bank.slug == bank)).one()
        db.session.add(BankAuthor(bank_id=bank_id, user_id=user_id))

    unit.run(work)


def report_card(
    learner: LearnerSettings,
    card_id: int,
    message: str = "This is out of date.",
    *,
    at: dt.datetime = MORNING,
) -> int:
    """Report a card as it is now, and return the report's id."""
    face = banks.card_face(card_id)
    shown = {"prompt": face.prompt, "answers": list(face.answers)}

    def work() -> int:
        report_problem(
            learner_id=learner.id,
            note_id=face.about.note_id,
            revision=face.about.revision,
            key=face.key,
            kind="card",
            message=message,
            shown=shown,
            now=at,
        )
        db.session.flush()
        return db.session.scalars(select(ProblemReport.id).order_by(ProblemReport.id.desc()).limit(1)).one()

    return unit.run(work)


def answer(report_id: int, user_id: int, reply: str = "You are right.") -> None:
    """Answer a report as an administrator, and leave it open."""
    unit.run(
        lambda: service.answer_report(
            report_id,
            user_id=user_id,
            is_administrator=True,
            reply=reply,
            fixed_in=None,
            is_closing=False,
            answered_before=None,
            now=now(),
        )
    )
