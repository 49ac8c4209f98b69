"""The two cookies: the signed session, and the theme a browser has chosen."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from functools import lru_cache, partial

from flask import Flask, Request, request
from flask import Response as FlaskResponse
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadData
from werkzeug.wrappers import Response

from quizapp.web.clock import now

THEMES = ("auto", "light", "dark")
_YEAR = 365 * 24 * 3600
_BROWSERS = 4096  # whose sessions are kept at hand


class _SessionInterface(SecureCookieSessionInterface):
    """Flask's signed cookie. Its signature is checked when it first comes, not with each request that brings it again.

    Under TLS it is Secure and bound to this host; a plain http campus server cannot ask for it.
    """

    def __init__(self, app: Flask) -> None:
        signer = self.get_signing_serializer(app)
        assert signer is not None
        # what is not ours raises, and is not kept
        self._read = lru_cache(maxsize=_BROWSERS)(partial(signer.loads, return_timestamp=True))

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        signed = request.cookies.get(self.get_cookie_name(app))
        if not signed:
            return self.session_class()
        try:
            kept, signed_at = self._read(signed)
        except BadData:
            return self.session_class()
        if not dt.timedelta(0) <= now() - signed_at <= app.permanent_session_lifetime:
            return self.session_class()
        return self.session_class(deepcopy(kept))

    def save_session(self, app: Flask, session: SessionMixin, response: FlaskResponse) -> None:
        if session.modified or not session:
            super().save_session(app, session, response)
        elif session.accessed:  # nothing to send: most requests change nothing
            vary = response.headers.get("Vary")
            response.headers["Vary"] = f"{vary}, Cookie" if vary else "Cookie"

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
    app.session_interface = _SessionInterface(app)
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
