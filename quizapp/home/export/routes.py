"""Downloads of everything of one's own."""

from __future__ import annotations

from functools import partial
from typing import IO

from flask import Blueprint, Response, send_file

from quizapp.accounts.guards import current_learner, learner_required
from quizapp.home.export import files, queries
from quizapp.web import unit
from quizapp.web.clock import now


def add_to(blueprint: Blueprint) -> None:
    """Add the two downloads to the blueprint of home."""
    blueprint.add_url_rule("/export.json", view_func=export_json)
    blueprint.add_url_rule("/export.zip", view_func=export_csv)


@learner_required
def export_json() -> Response:
    """Send everything of the learner as one JSON file."""
    learner = current_learner()
    rows = partial(queries.rows, learner_id=learner.id)
    return _sent(files.as_json(queries.account(learner.id), rows, at=now()), "json", "application/json")


@learner_required
def export_csv() -> Response:
    """Send what makes sense in a spreadsheet as CSV files in a ZIP file."""
    learner = current_learner()
    rows = partial(queries.rows, learner_id=learner.id)
    return _sent(files.as_tables(queries.account(learner.id), rows), "zip", "application/zip")


def _sent(file: IO[bytes], ending: str, media_type: str) -> Response:
    unit.end_read()  # a slow download holds no snapshot of the database
    name = f"quizapp-{now():%Y-%m-%d}.{ending}"
    response = send_file(file, mimetype=media_type, as_attachment=True, download_name=name)
    response.call_on_close(file.close)
    return response
