"""Use cases of problem reports once they are made: answer, close, open again, see the answer, move to an account."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import update

from quizapp.banks.models import NoteRevision, ProblemReport
from quizapp.banks.reports import queries
from quizapp.banks.reports.queries import Place
from quizapp.db import db
from quizapp.errors import Conflict, Invalid


def answer_report(
    report_id: int,
    *,
    user_id: int,
    is_administrator: bool,
    reply: str,
    fixed_in: int | None,
    is_closing: bool,
    answered_before: dt.datetime | None,
    now: dt.datetime,
) -> Place:
    """Tell the reporter something, name the version that corrects it, or both; and close the report if asked to.

    `answered_before` is when the answer was given that this one replaces, as far as its author knew.
    Raises NotFound, Invalid (reply, fixed_in), or Conflict where somebody else has answered meanwhile.
    """
    place = queries.place_of(report_id, user_id=user_id, is_administrator=is_administrator)
    report = db.session.get_one(ProblemReport, report_id, with_for_update=True)
    if report.replied_at != answered_before:
        raise Conflict(
            "Somebody answered this report meanwhile. Read that answer first; yours is still here."
        )
    if not reply and fixed_in is None:
        text = "Write an answer, or choose the version that corrects it."
        raise Invalid(text, {"reply": text})
    if fixed_in is not None and fixed_in not in _corrections(place.bank_id, report):
        text = "Choose a version that came after the wording in the report."
        raise Invalid(text, {"fixed_in": text})
    report.reply, report.fixed_in = reply or None, fixed_in
    report.replied_by, report.replied_at, report.seen_at = user_id, now, None
    if is_closing and report.closed_at is None:
        report.closed_at = now
    return place


def close_report(report_id: int, *, user_id: int, is_administrator: bool, now: dt.datetime) -> Place:
    """Put a report away, answered or not. Raises NotFound."""
    place = queries.place_of(report_id, user_id=user_id, is_administrator=is_administrator)
    db.session.execute(
        update(ProblemReport)
        .where(ProblemReport.id == report_id, ProblemReport.closed_at.is_(None))
        .values(closed_at=now)
    )
    return place


def reopen_report(report_id: int, *, user_id: int, is_administrator: bool) -> Place:
    """Take a closed report up again; its answer stays. Raises NotFound."""
    place = queries.place_of(report_id, user_id=user_id, is_administrator=is_administrator)
    db.session.execute(update(ProblemReport).where(ProblemReport.id == report_id).values(closed_at=None))
    return place


def mark_seen(learner_id: int, *, now: dt.datetime) -> None:
    """The learner has seen every answer to their reports."""
    db.session.execute(
        update(ProblemReport)
        .where(
            ProblemReport.learner_id == learner_id,
            ProblemReport.replied_at.is_not(None),
            ProblemReport.seen_at.is_(None),
        )
        .values(seen_at=now)
    )


def move_reports(*, source_learner_id: int, learner_id: int) -> int:
    """Make the reports of one learner another's, and return how many: authors keep one of each, not a copy."""
    moved = db.session.execute(
        update(ProblemReport)
        .where(ProblemReport.learner_id == source_learner_id)
        .values(learner_id=learner_id)
        .returning(ProblemReport.id)
    )
    return len(moved.all())


def _corrections(bank_id: int, report: ProblemReport) -> set[int]:
    seen = db.session.get_one(NoteRevision, (report.note_id, report.revision))
    return {number for number, _ in queries.versions_since(bank_id, seen.bank_version)}
