"""The one place that turns an error into an answer: a page for people, JSON for programs and scripts."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from quizapp.db import is_storage_failure, is_without_tables
from quizapp.errors import AppError, Conflict, Invalid, NotAllowed, NotFound, StorageUnavailable
from quizapp.web import log, words
from quizapp.web.fragments import wants_json
from quizapp.web.redirects import own_page

_STATUS: dict[type[AppError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Invalid: 422,
    Conflict: 409,
    StorageUnavailable: 503,
}
_SENTENCES = {
    400: ("bad_request", "The request could not be read.", "Go back, reload the page and try again."),
    401: ("login_needed", "This page needs you to be signed in.", "Sign in and open it again."),
    403: (
        "not_allowed",
        "Your account may not do this.",
        "Go back, or sign out and sign in with an account that may.",
    ),
    404: ("not_found", "There is no such page.", "Check the address, or start again from the first page."),
    405: (
        "wrong_method",
        "This page cannot be opened or sent in that way.",
        "Go back and use the page's buttons.",
    ),
    409: ("conflict", "This disagrees with what is recorded.", "Reload the page to see what is recorded."),
    413: ("too_large", "This is too large to be accepted.", "Send a smaller file or less text."),
    415: ("wrong_type", "Files of this kind are not accepted.", "Send one of the kinds that the page names."),
    422: ("invalid", "Something is missing or not as it must be.", "Correct it and send it again."),
    429: ("too_many", "That was too often in a short time.", "Wait, then try again."),
    500: ("failure", "Something went wrong on our side.", "Try again. If it stays, report the number below."),
    503: (
        "storage_unavailable",
        "The database is not available. Nothing was saved.",
        "Please retry in a few seconds.",
    ),
}
_STALE_FORM = (
    "stale_form",
    "The page was open for too long, or was opened before you signed in.",
    "Go back and send it again. The browser's own back button keeps what you wrote.",
)
_FOREIGN_HOST = (
    "foreign_host",
    "This address is not one of the site's.",
    "Open the site by the name that you were given. Who runs it finds in its log what to set.",
)
_KEPT = {"Allow", "Retry-After", "WWW-Authenticate"}  # what an error may add to the headers
_HOST_SHOWN = 255  # no name of a host is longer
_UNREADABLE = (RecursionError, OverflowError, UnicodeError)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a person is told; `places` are dicts of file, line, column, note, entry, message, where known."""

    status: int
    code: str
    message: str
    remedy: str
    places: list[dict[str, object]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase.capitalize()


def init_app(app: Flask) -> None:
    """Register the handlers."""
    for kind in (AppError, DatabaseError, HTTPException, *_UNREADABLE):
        app.register_error_handler(kind, _answer)


def _answer(error: Exception) -> AnyResponse:
    if isinstance(error, DatabaseError) and not (is_storage_failure(error) or is_without_tables(error)):
        raise error  # a wrong statement is a programmer's mistake
    if isinstance(error, HTTPException) and (error.response or (error.code or 500) < 400):
        return error.get_response()  # a redirect, or an answer that a view has made itself
    problem = _problem(error)
    _log(problem, error)
    response = _as_json(problem) if wants_json() else _as_page(problem, error)
    response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


def _problem(error: Exception) -> Problem:
    if isinstance(error, AppError):
        status = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
        places = [{"entry": name, "message": text} for name, text in getattr(error, "places", {}).items()]
        told = _told(status, code=error.code, message=error.message, places=places)
        return replace(told, remedy=error.remedy or told.remedy)
    if isinstance(error, DatabaseError):
        return _told(503)
    if isinstance(error, CSRFError):
        return Problem(400, *_STALE_FORM)
    if isinstance(error, SecurityError):
        return Problem(400, *_FOREIGN_HOST)
    if isinstance(error, HTTPException):
        return _told(error.code or 500, headers=dict(error.get_headers()))
    return _told(400)


def _told(status: int, *, headers: dict[str, str] | None = None, **own: object) -> Problem:
    known = status if status in _SENTENCES else 400 if status < 500 else 500
    code, message, remedy = _SENTENCES[known]
    kept = {name: value for name, value in (headers or {}).items() if name in _KEPT}
    if status in {429, 503}:
        kept.setdefault("Retry-After", "5" if status == 503 else "60")
    if status == 429:
        minutes = math.ceil(int(kept["Retry-After"]) / 60)
        remedy = f"Try again in {words.count(minutes, 'minute')}."
    said: dict[str, object] = {"code": code, "message": message, **own}
    return Problem(status, remedy=remedy, headers=kept, **said)  # type: ignore[arg-type]


def _log(problem: Problem, error: Exception) -> None:
    if isinstance(error, (DatabaseError, StorageUnavailable)):
        log.event(
            "storage_failed", level=logging.ERROR, status=problem.status, error=error.__cause__ or error
        )
    elif isinstance(error, SecurityError):
        asked = request.headers.get("Host", "")
        why = "not in QUIZAPP_HOSTS"
        log.event("refused", status=problem.status, code=problem.code, host=asked[:_HOST_SHOWN], why=why)
    elif problem.status < 500:  # Flask itself has logged a 500, with its trace
        log.event("refused", status=problem.status, code=problem.code)


def _as_json(problem: Problem) -> Response:
    told = {"code": problem.code, "message": problem.message, "places": problem.places}
    return jsonify(error={**told, "request_id": log.request_id()})


def _as_page(problem: Problem, error: Exception) -> Response:
    # The frame needs the viewer and the address map; a failed server or a foreign host name has neither.
    if isinstance(error, CSRFError) and "load_viewer" in current_app.extensions:
        current_app.extensions["load_viewer"]()  # form tokens are checked before anybody is looked up
    framed = problem.status < 500 and "viewer" in g and not isinstance(error, SecurityError)
    if framed:
        page = render_template(
            "errors/error.html", problem=problem, back=_page_before(), request_id=log.request_id()
        )
    else:
        page = render_template(
            "errors/plain.html",
            problem=problem,
            stylesheet=f"{request.script_root}{current_app.extensions['stylesheet']}",
            first_page=f"{request.script_root}/",
            request_id=log.request_id(),
        )
    return make_response(page)


def _page_before() -> str | None:
    """Return the page of ours from which the request came, if it is another one."""
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host or not came.path:
        return None
    page = own_page(f"{came.path}?{came.query}" if came.query else came.path)
    return None if page == request.full_path.rstrip("?") and request.method == "GET" else page
