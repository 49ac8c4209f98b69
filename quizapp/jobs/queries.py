"""Every SELECT about jobs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.sql.elements import ColumnElement

from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.jobs.models import Job
from quizapp.jobs.states import State

_ROW: tuple[Any, ...] = (
    Job.code, Job.title, Job.state, Job.done, Job.total, Job.created_at, Job.finished_at, Job.cancelled_at,
)  # fmt: skip


def next_job(stale_before: dt.datetime) -> Job | None:
    """Return the job to do next, held against other runners: the first that waits or that a dead runner left."""
    statement = select(Job).where(_to_do(stale_before)).order_by(Job.id).limit(1)
    return db.session.scalar(statement.with_for_update(skip_locked=True))


def is_work_left(stale_before: dt.datetime) -> bool:
    """Return whether there is a job to do, without holding it."""
    return db.session.scalar(select(Job.id).where(_to_do(stale_before)).limit(1)) is not None


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
    return select(*_ROW).where(Job.user_id == user_id).order_by(Job.id.desc())


def ahead_of(job: Job) -> int:
    """Return how many jobs are to end before `job` begins."""
    statement = select(func.count()).where(Job.state.in_((State.WAITING, State.RUNNING)), Job.id < job.id)
    return db.session.scalars(statement).one()


def unattended_since(stale_before: dt.datetime) -> dt.datetime | None:
    """Return since when a job waits although nobody works on any; None where all is well."""
    alive = (Job.state == State.RUNNING) & (Job.heartbeat_at >= stale_before)
    if db.session.scalar(select(Job.id).where(alive).limit(1)) is not None:
        return None
    return db.session.scalar(select(func.min(Job.created_at)).where(_to_do(stale_before)))


def count_by_state() -> dict[str, float]:
    """Return how many jobs are in each state, 0 included."""
    counted = db.session.execute(select(Job.state, func.count()).group_by(Job.state))
    return dict.fromkeys(State, 0) | {row.state: row[1] for row in counted}


def _to_do(stale_before: dt.datetime) -> ColumnElement[bool]:
    left = (Job.state == State.RUNNING) & (Job.heartbeat_at < stale_before)
    return (Job.state == State.WAITING) | left
