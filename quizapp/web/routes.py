"""The routes that belong to no feature: is it alive, is it ready, and which theme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, g, jsonify, redirect, request
from sqlalchemy import text
from werkzeug.wrappers import Response

from quizapp.db import db
from quizapp.web import cookies
from quizapp.web.access import Role, allow
from quizapp.web.redirects import own_page

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

blueprint = Blueprint("web", __name__)


class AskedByAnyName:
    """Let the two pages for machines be asked by any name of the site: a load balancer knows it by its number."""

    def __init__(self, app: WSGIApplication, host: str) -> None:
        self._app, self._host = app, host

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in {"/healthz", "/readyz"}:
            environ["HTTP_HOST"] = self._host
        return self._app(environ, start_response)


@blueprint.route("/healthz")
@allow(Role.VISITOR)
def healthz() -> tuple[str, dict[str, str]]:
    """Say that the program runs; asks no database."""
    return "alive\n", {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.route("/readyz")
@allow(Role.VISITOR)
def readyz() -> tuple[str, dict[str, str]]:
    """Say that the database answers, was migrated, and is in its place; 503 otherwise."""
    with db.engine.connect().execution_options(in_place=True) as connection:
        connection.execute(text("SELECT version_num FROM alembic_version"))
    return "ready\n", {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.route("/form-token")
@allow(Role.VISITOR)
def form_token() -> Response:
    """Give a page that has outlived its session the present form token, if it was opened by the same learner.

    `anybody` says whether somebody else is here instead.
    """
    own = g.viewer.learner_id
    same = own is not None and request.args.get("learner") == str(own)
    token = current_app.extensions["csrf"].token() if same else None
    return jsonify(token=token, anybody=own is not None)


@blueprint.route("/theme", methods=["POST"])
@allow(Role.VISITOR)
def theme() -> Response:
    """Remember a theme in this browser and go back to the page."""
    if (chosen := request.form.get("theme", "")) not in cookies.THEMES:
        abort(400)
    response = redirect(own_page(request.form.get("next")), 303)
    cookies.keep_theme(response, chosen)
    return response
