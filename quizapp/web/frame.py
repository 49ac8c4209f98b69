"""What the frame around every page needs: who looks, the theme, and whether this is a piece of a page."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, current_app, g, request
from jinja2 import Template

from quizapp.web import cookies
from quizapp.web.access import Role


def init_app(app: Flask) -> None:
    """Give the templates their common names."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_common)

    @lru_cache(maxsize=64)
    def first_template(*names: str) -> Template:
        """Return the first of the templates that is there; Jinja alone would look for the absent each time."""
        return app.jinja_env.select_template(names)

    app.jinja_env.globals["first_template"] = first_template


def _common() -> dict[str, object]:
    return {
        "viewer": g.get("viewer"),
        "Role": Role,
        "theme": cookies.theme(),
        "here": request.blueprint,
        "may_register": current_app.extensions["settings"].registration != "closed",
    }
