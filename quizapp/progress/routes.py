"""Routes of progress."""

from __future__ import annotations

from flask import Blueprint, g, render_template

from quizapp.accounts.guards import open_to_all
from quizapp.accounts.viewer import LearnerSettings
from quizapp.progress.charts import CHARTS
from quizapp.progress.headline import headline
from quizapp.progress.queries import Record
from quizapp.study_day import study_day
from quizapp.web.clock import now

blueprint = Blueprint("progress", __name__)


@blueprint.get("/progress")
@open_to_all
def index() -> str:
    """Show how far a learner has come; a visitor sees how to begin."""
    learner: LearnerSettings | None = g.viewer.learner
    if learner is None:
        return render_template("progress/index.html", begun=False)
    today = study_day(now(), learner.zone, learner.day_start)
    record = Record(learner.id, learner.desired_retention, today)
    return render_template(
        "progress/index.html",
        begun=record.begun,
        due=record.due.get(today, 0),
        headline=headline(record.recalls),
        charts=[draw(record) for draw in CHARTS],
    )
