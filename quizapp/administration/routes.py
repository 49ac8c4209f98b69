"""Routes of administration."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("administration", __name__)
