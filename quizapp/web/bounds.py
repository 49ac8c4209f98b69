"""Bounds on forms that are not multipart: Flask's own limits look at multipart bodies alone."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

from quizapp import limits

_URLENCODED = "application/x-www-form-urlencoded"


def init_app(app: Flask) -> None:
    """Refuse what is too large before anything reads it. Registered before the form tokens are looked for."""
    app.before_request(_bound_form)


def _bound_form() -> None:
    if request.mimetype != _URLENCODED:
        return
    if request.content_length is None or request.content_length > limits.FORM_BYTES:
        raise RequestEntityTooLarge
    body = request.get_data(cache=True, parse_form_data=False)
    if body.count(b"&") >= limits.FORM_FIELDS:
        raise RequestEntityTooLarge
    if request.content_length > limits.FORM_FIELD_BYTES and any(
        len(value) > limits.FORM_FIELD_BYTES for value in request.form.values()
    ):
        raise RequestEntityTooLarge
