"""Jobs for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from quizapp.db import db
from quizapp.jobs import queries, service
from quizapp.jobs.models import Job
from quizapp.jobs.service import Taken
from quizapp.web import unit
from quizapp.web.clock import now


def create_job(
    kind: str = "count",
    arguments: dict[str, Any] | None = None,
    *,
    title: str = "Count to three",
    user_id: int | None = None,
    at: dt.datetime | None = None,
) -> str:
    """Ask for a job; return its code."""
    return unit.run(
        lambda: service.enqueue(kind, arguments or {}, title=title, user_id=user_id, now=at or now())
    )


def take(at: dt.datetime | None = None) -> Taken:
    """Take the next job as a runner would."""
    taken = unit.run(lambda: service.take(now=at or now()))
    assert taken is not None
    return taken


def job(code: str) -> Job:
    """Return the job as it is committed now."""
    db.session.rollback()
    db.session.expire_all()
    return queries.job_for(code, user_id=None, is_administrator=True)
