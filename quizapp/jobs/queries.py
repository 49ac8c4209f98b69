"""Every SELECT about jobs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Select, func, select

from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.jobs.models import Job
from quizapp.jobs.states import State


def next_job(stale_before: dt.datetime) -> Job | None:
    """Return the job to do next, held against other runners: the first that waits or that a dead runner left."""
    left = (Job.state == State.RUNNING) & (Job.heartbeat_at < stale_before)
    statement = select(Job).where((Job.state == State.WAITING) | left).order_by(Job.id).limit(1)
    return db.session.scalar(statement.with_for_update(skip_locked=True))


def is_cancelled(job_id: int) -> bool:
    """Return whether somebody asked the job to stop."""
    return db.session.scalar(select(Job.cancelled_at).where(Job.id == job_id)) is not None


def job_for(code: str, *, user_id: int | None, is_administrator: bool) -> Job:
    """Return the job if the viewer may see it: their own, or any to an administrator. Raises NotFound."""
    job = db.session.scalar(select(Job).where(Job.code == code))
    if job is None or not (is_administrator or (user_id is not None and job.user_id == user_id)):
        raise NotFound("There is no such job. Jobs are kept for a month after they ended.")
    return job


def jobs_of(user_id: int) -> Select[Any]:
    """Return the statement of a user's jobs, the newest first."""
    return _rows().where(Job.user_id == user_id)


def ahead_of(job: Job) -> int:
    """Return how many jobs are to end before `job` begins."""
    statement = select(func.count()).where(Job.state.in_((State.WAITING, State.RUNNING)), Job.id < job.id)
    return db.session.scalars(statement).one()


def waiting_since() -> dt.datetime | None:
    """Return when the job that has waited longest was asked for, unless some job is being worked on."""
    if db.session.scalar(select(Job.id).where(Job.state == State.RUNNING).limit(1)) is not None:
        return None
    return db.session.scalar(select(func.min(Job.created_at)).where(Job.state == State.WAITING))


def _rows() -> Select[Any]:
    columns = (
        Job.code,
        Job.title,
        Job.state,
        Job.done,
        Job.total,
        Job.message,
        Job.created_at,
        Job.finished_at,
    )
    return select(*columns).order_by(Job.id.desc())
