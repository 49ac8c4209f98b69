"""Routes of teaching."""

from __future__ import annotations

from flask import Blueprint

from quizapp.teaching.reports import routes as reports

blueprint = Blueprint("teaching", __name__)
reports.register(blueprint)
