"""Routes of quizzes."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("quizzes", __name__)
