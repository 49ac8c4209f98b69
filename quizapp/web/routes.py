"""The routes that belong to no feature: is it alive, is it ready, and which theme."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, g, jsonify, redirect, request
from sqlalchemy import text
from werkzeug.wrappers import Response

from quizapp.db import db
from quizapp.web import cookies
from quizapp.web.access import Role, allow
from quizapp.web.redirects import own_page

blueprint = Blueprint("web", __name__)


@blueprint.route("/healthz")
@allow(Role.VISITOR)
def healthz() -> tuple[str, dict[str, str]]:
    """Say that the program runs; asks no database."""
    return "alive\n", {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.route("/readyz")
@allow(Role.VISITOR)
def readyz() -> tuple[str, dict[str, str]]:
    """Say that the database answers and was migrated; 503 otherwise."""
    db.session.execute(text("SELECT version_num FROM alembic_version"))
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
