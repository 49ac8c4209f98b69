"""One line per event: UTC, level, event, request id, then fields. Never a password, token, answer or body."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import traceback

from flask import Flask, Response, g, has_request_context, request

_LOGGER = logging.getLogger("quizapp")
_LIBRARIES = logging.getLogger("sqlalchemy")  # it complains of lost connections, else in its own form
_ROOT = __file__.removesuffix("web/log.py")


def init_app(app: Flask) -> None:
    """Give each request an id, which its response and its log lines carry, and log to standard error."""
    if not _LOGGER.handlers:
        handler = logging.StreamHandler()
        _LOGGER.addHandler(handler)
        _LOGGER.setLevel(logging.INFO)
        _LIBRARIES.addHandler(handler)
        adopt(_LOGGER)
    app.before_request(_begin)
    app.after_request(_name)


def event(name: str, *, level: int = logging.INFO, **fields: object) -> None:
    """Log that `name` happened, such as `login_failed`, with fields that tell whom and what it concerns."""
    _LOGGER.log(level, name, extra={"fields": fields})


def adopt(logger: logging.Logger) -> None:
    """Let what a logger writes have the form of our lines: where it is a library's, its name is the event."""
    for handler in logger.handlers:
        handler.setFormatter(_OneLine())


def request_id() -> str:
    """Return the id of this request."""
    if "request_id" not in g:  # the request was refused before `_begin` could run
        _begin()
    return g.request_id


def _begin() -> None:
    g.request_id = secrets.token_hex(6)


def _name(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    return response


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        instant = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        fields: dict[str, object] = {}
        if has_request_context():
            path = request.path
            if request.url_rule and "token" in (request.view_args or {}):  # such a link is a secret
                path = request.url_rule.rule
            fields |= {"request": request_id(), "method": request.method, "path": path}
        told, name = record.getMessage(), record.name.partition(".")[0]
        if name != _LOGGER.name:  # a library's, which says what happened in a sentence
            told, fields["message"] = name, told
        fields |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            fields |= _failure(record.exc_info[1])
        concerns = (f"{name}={_quoted(value)}" for name, value in fields.items())
        return " ".join((instant, record.levelname.lower(), _quoted(told), *concerns))


def _failure(error: BaseException) -> dict[str, object]:
    """Return the error and the places it came through, innermost first, short enough for one line."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    places = [f"{frame.filename.removeprefix(_ROOT)}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": f"{type(error).__name__}: {error}", "trace": " < ".join(places[:12])}


def _quoted(value: object) -> str:
    """Return `value` on one line: in double quotes, and escaped, unless it is as plain as a name or an address."""
    text = str(value)
    if text and all(character.isalnum() or character in "-_./:@+," for character in text):
        return text
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in {"\\", '"'}:
        return f"\\{character}"
    return character if character.isprintable() else ascii(character)[1:-1]
