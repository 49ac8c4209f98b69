"""The form tokens of Flask-WTF. A signature is computed once, not with each card that is shown or answered."""

from __future__ import annotations

import hmac
from functools import lru_cache

from flask import Flask, g, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf, same_origin
from itsdangerous import BadData, URLSafeTimedSerializer

_BROWSERS = 4096  # whose tokens are kept at hand


class FormTokens(CSRFProtect):
    """The library's protection, with a short way for a token that this process has made or checked before."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        assert app.secret_key
        signer = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")  # as the library has it
        self._sign = lru_cache(maxsize=_BROWSERS)(signer.dumps)
        self._read = lru_cache(maxsize=_BROWSERS)(signer.loads)  # what is not ours raises, and is not kept
        app.jinja_env.globals["csrf_token"] = self.token

    def token(self) -> str:
        """Return the form token of this browser, as `csrf_token()` in a piece of a page."""
        own = session.get("csrf_token")
        return str(self._sign(own) if own else generate_csrf())

    def protect(self, apply_exemptions: bool = False) -> None:
        """Let a request pass that carries the token of its browser; of any other the library says what is wrong."""
        if self._is_trusted():
            g.csrf_valid = True
        else:
            super().protect(apply_exemptions)

    def _is_trusted(self) -> bool:
        own, sent = session.get("csrf_token"), request.form.get("csrf_token")
        if not own or not sent:
            return False
        try:
            known = hmac.compare_digest(own, self._read(sent))
        except BadData:
            return False
        return known and (
            not request.is_secure or same_origin(request.referrer or "", f"https://{request.host}/")
        )
