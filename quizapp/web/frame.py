"""What the frame around every page needs: who looks, the theme, and whether this is a piece of a page."""

from __future__ import annotations

from flask import Flask, current_app, g, request

from quizapp.web import cookies
from quizapp.web.access import Role


def init_app(app: Flask) -> None:
    """Give the templates their common names."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_common)


def _common() -> dict[str, object]:
    return {
        "viewer": g.get("viewer"),
        "Role": Role,
        "theme": cookies.theme(),
        "here": request.blueprint,
        "may_register": current_app.extensions["settings"].registration != "closed",
    }
