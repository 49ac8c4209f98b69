"""Routes of teaching."""

from __future__ import annotations

from flask import Blueprint

from quizapp.teaching.drafts import routes as drafts
from quizapp.teaching.plans import routes as plans
from quizapp.teaching.reports import routes as reports
from quizapp.teaching.versions import routes as versions
from quizapp.teaching.writing import routes as writing

blueprint = Blueprint("teaching", __name__)
drafts.register(blueprint)
plans.register(blueprint)
reports.register(blueprint)
versions.register(blueprint)
writing.register(blueprint)
