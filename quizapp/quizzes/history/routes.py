"""Routes of what was taken before: all attempts, and two of them side by side."""

from __future__ import annotations

from flask import Blueprint

from quizapp.accounts.guards import open_to_all

blueprint = Blueprint("history", __name__)


@blueprint.get("/history")
@open_to_all
def index() -> str:
    """List the learner's attempts."""
    return ""
