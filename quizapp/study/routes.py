"""Routes of study."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("study", __name__)
