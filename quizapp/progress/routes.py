"""Routes of progress."""

from __future__ import annotations

from flask import Blueprint

from quizapp.accounts.guards import open_to_all

blueprint = Blueprint("progress", __name__)


@blueprint.get("/progress")
@open_to_all
def index() -> str:
    """Show how far a learner has come."""
    return ""
