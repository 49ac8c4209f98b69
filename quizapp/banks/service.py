"""What learners say about content."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from quizapp.accounts.models import Learner
from quizapp.banks.models import ProblemReport
from quizapp.db import db


def report_problem(
    *,
    learner_id: int,
    note_id: int,
    revision: int,
    key: str,
    kind: str,
    message: str,
    shown: dict[str, Any],
    now: dt.datetime,
) -> None:
    """Keep a learner's word that something is wrong, with what they saw; the same words while it is open, once."""
    db.session.execute(select(Learner.id).where(Learner.id == learner_id).with_for_update(key_share=True))
    same = {"learner_id": learner_id, "note_id": note_id, "key": key, "kind": kind, "message": message}
    if db.session.scalar(select(ProblemReport.id).filter_by(**same, closed_at=None).limit(1)) is not None:
        return
    db.session.add(
        ProblemReport(
            learner_id=learner_id,
            note_id=note_id,
            revision=revision,
            key=key,
            kind=kind,
            message=message,
            shown=shown,
            reported_at=now,
        )
    )
