"""Which form an answer takes: a whole page, a piece of one for our own scripts, or JSON."""

from __future__ import annotations

from flask import current_app, request


def wants_fragment() -> bool:
    """Return whether a script of ours asks, which replaces a piece of the page by the answer."""
    return request.headers.get("X-Requested-With") == "fetch"


def wants_json() -> bool:
    """Return whether an error is told as JSON: to our scripts, and to programs that accept no page."""
    if wants_fragment():
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def render_piece(template: str, **values: object) -> str:
    """Return a piece of a page, which is told all it needs: the context processors serve the frame around a page."""
    return current_app.jinja_env.get_template(template).render(values)
