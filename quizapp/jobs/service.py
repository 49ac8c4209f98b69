"""Use cases of jobs. Those of the runner hold only while the job is theirs: `Taken.started_at` is the claim."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, Executable, delete, update
from sqlalchemy.sql.elements import ColumnElement

from quizapp import limits
from quizapp.db import db
from quizapp.errors import Conflict
from quizapp.jobs import queries
from quizapp.jobs.models import Job
from quizapp.jobs.states import State

GAVE_UP = f"It was begun {limits.JOB_TRIES} times, and the program stopped each time. It is not begun again."


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that a runner has taken, until its heartbeat stops or somebody else takes it."""

    id: int
    kind: str
    arguments: dict[str, Any]
    started_at: dt.datetime


def enqueue(
    kind: str, arguments: dict[str, Any], *, title: str, user_id: int | None, now: dt.datetime
) -> str:
    """Ask for work of `kind` and return the code that its page is named by. `title` says in words what it does."""
    job = Job(
        code=secrets.token_urlsafe(16),
        kind=kind,
        title=title[: limits.TITLE_CHARS],
        arguments=arguments,
        user_id=user_id,
        state=State.WAITING,
        created_at=now,
    )
    db.session.add(job)
    db.session.flush()
    return job.code


def take(*, now: dt.datetime) -> Taken | None:
    """Take the first job that waits, or whose runner has died; None if there is none that may be begun.

    A dead runner's job ends here if somebody cancelled it meanwhile, or if it was begun too often.
    """
    while (job := queries.next_job(stale_before(now))) is not None:
        if job.cancelled_at is None and job.tries < limits.JOB_TRIES:
            job.state, job.tries, job.done, job.total = State.RUNNING, job.tries + 1, 0, 0
            job.started_at = job.heartbeat_at = now
            db.session.flush()
            return Taken(job.id, job.kind, job.arguments, now)
        job.state, job.message = (
            (State.FAILED, GAVE_UP) if job.cancelled_at is None else (State.CANCELLED, "")
        )
        job.finished_at = now
        db.session.flush()
    return None


def stale_before(now: dt.datetime) -> dt.datetime:
    """Return the instant before which the last heartbeat of a running job means that its runner has died."""
    return now - dt.timedelta(seconds=limits.JOB_STALE_SECONDS)


def beat(taken: Taken, *, done: int, total: int, now: dt.datetime) -> bool:
    """Record that the job is being worked on and how far it is; return whether to go on."""
    values = {"done": done, "total": total, "heartbeat_at": now}
    return _count(update(Job).where(_held(taken)).values(values)) == 1 and not queries.is_cancelled(taken.id)


def finish(
    taken: Taken, state: State, *, message: str = "", result: dict[str, Any] | None = None, now: dt.datetime
) -> None:
    """Record how the job ended, unless it is somebody else's by now."""
    values = {"state": state, "message": message, "result": result, "finished_at": now}
    db.session.execute(update(Job).where(_held(taken)).values(values))


def give_back(taken: Taken) -> None:
    """Let the job wait again as if it had not been begun: its runner goes down in good order."""
    values = {"state": State.WAITING, "tries": Job.tries - 1, "started_at": None, "heartbeat_at": None}
    db.session.execute(update(Job).where(_held(taken)).values(values))


def cancel(job_id: int, *, now: dt.datetime) -> None:
    """End a job that waits, or ask a running one to stop. Raises Conflict when it has ended already."""
    waiting, running = ((Job.id == job_id) & (Job.state == state) for state in (State.WAITING, State.RUNNING))
    ended = {"state": State.CANCELLED, "cancelled_at": now, "finished_at": now}
    met = _count(update(Job).where(waiting).values(ended)) or _count(
        update(Job).where(running).values(cancelled_at=now)
    )
    if not met:
        raise Conflict("This job has ended already.")


def retry(job_id: int) -> None:
    """Let a failed or cancelled job wait again, at the place it had. Raises Conflict when it is neither."""
    fresh = {
        "state": State.WAITING, "tries": 0, "done": 0, "total": 0, "message": "", "result": None,
        "started_at": None, "heartbeat_at": None, "finished_at": None, "cancelled_at": None,
    }  # fmt: skip
    over = (Job.id == job_id) & Job.state.in_((State.FAILED, State.CANCELLED))
    if _count(update(Job).where(over).values(fresh)) == 0:
        raise Conflict("Only a job that failed or was cancelled can be tried again.")


def sweep(*, now: dt.datetime) -> int:
    """Erase jobs that ended long ago; return how many."""
    before = now - dt.timedelta(days=limits.JOB_DAYS)
    return _count(delete(Job).where(Job.finished_at < before))


def _held(taken: Taken) -> ColumnElement[bool]:
    return (Job.id == taken.id) & (Job.state == State.RUNNING) & (Job.started_at == taken.started_at)


def _count(statement: Executable) -> int:
    """Run a DELETE or UPDATE and return how many rows it met."""
    result = db.session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount
