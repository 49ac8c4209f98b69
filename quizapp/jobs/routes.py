"""Pages of jobs: one's own in a list, and how far one is. An administrator may open everybody's."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from quizapp.jobs import queries, service
from quizapp.jobs.models import Job
from quizapp.jobs.states import State
from quizapp.web import unit
from quizapp.web.access import Role, allow
from quizapp.web.clock import now
from quizapp.web.fragments import wants_fragment
from quizapp.web.pagination import page_number, page_of

blueprint = Blueprint("jobs", __name__)

_JOB = "/jobs/<string(length=22):code>"


@blueprint.get("/jobs")
@allow(Role.LEARNER)
def index() -> str:
    """List what the viewer asked for."""
    page = page_of(queries.jobs_of(g.viewer.user_id), page_number())
    return render_template("jobs/index.html", page=page, State=State)


@blueprint.get(_JOB)
@allow(Role.LEARNER)
def job(code: str) -> str:
    """Show how far a job is, or how it ended; a script of ours gets the part that changes."""
    found = _job(code)
    return render_template(
        "jobs/_progress.html" if wants_fragment() else "jobs/job.html",
        job=found,
        State=State,
        ended=State(found.state).ended,
        ahead=queries.ahead_of(found) if found.state == State.WAITING else 0,
    )


@blueprint.post(f"{_JOB}/cancel")
@allow(Role.LEARNER)
def cancel(code: str) -> Response:
    """End a job that waits, or ask one that runs to stop."""
    found = _job(code)
    unit.run(lambda: service.cancel(found.id, now=now()))
    return redirect(url_for(".job", code=code), 303)


@blueprint.post(f"{_JOB}/retry")
@allow(Role.LEARNER)
def retry(code: str) -> Response:
    """Try a job again that failed or was cancelled."""
    found = _job(code)
    unit.run(lambda: service.retry(found.id))
    flash("It is tried again.", "success")
    return redirect(url_for(".job", code=code), 303)


def _job(code: str) -> Job:
    viewer = g.viewer
    return queries.job_for(code, user_id=viewer.user_id, is_administrator=viewer.role >= Role.ADMINISTRATOR)
