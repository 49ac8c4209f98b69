"""Routes of teaching."""

from __future__ import annotations

from flask import Blueprint

from quizapp.teaching.reports import routes as reports
from quizapp.teaching.versions import routes as versions

blueprint = Blueprint("teaching", __name__)
reports.register(blueprint)
versions.register(blueprint)
