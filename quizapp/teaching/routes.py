"""Routes of teaching."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("teaching", __name__)
