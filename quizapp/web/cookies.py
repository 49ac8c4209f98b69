"""The two cookies: the signed session, and the theme a browser has chosen."""

from __future__ import annotations

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response

THEMES = ("auto", "light", "dark")
_YEAR = 365 * 24 * 3600


class _SessionInterface(SecureCookieSessionInterface):
    """Under TLS the cookie is Secure and bound to this host; a plain http campus server cannot ask for it."""

    def get_cookie_name(self, app: Flask) -> str:
        return "__Host-session" if request.is_secure else "session"

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure

    def get_cookie_domain(self, app: Flask) -> None:
        return None

    def get_cookie_path(self, app: Flask) -> str:
        return "/"


def init_app(app: Flask) -> None:
    """Set how the session cookie is sent."""
    app.session_interface = _SessionInterface()
    app.config.update(SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_HTTPONLY=True)


def theme() -> str:
    """Return the theme this browser has chosen; `auto` follows the system."""
    chosen = request.cookies.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


def keep_theme(response: Response, chosen: str) -> None:
    """Remember the theme in this browser."""
    response.set_cookie(
        "theme", chosen, max_age=_YEAR, secure=request.is_secure, httponly=True, samesite="Lax"
    )
