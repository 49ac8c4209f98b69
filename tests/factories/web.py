"""A small site of nothing but the floor and the frame, with a page for each thing that may go wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Flask, g, render_template_string, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import TooManyRequests

from quizapp.accounts.viewer import LearnerSettings, Viewer
from quizapp.config import Settings
from quizapp.db import db
from quizapp.errors import Conflict, Invalid, NotAllowed, NotFound, StorageUnavailable
from quizapp.web import setup
from quizapp.web.access import Role

FRAME = {
    "home": ["index", "help", "reports"],
    "study": ["index"],
    "quizzes": ["index"],
    "history": ["index"],
    "progress": ["index"],
    "accounts": ["settings"],
    "security": ["login", "register", "logout"],
}
FAILURES: dict[str, Callable[[], Exception]] = {
    "not-found": lambda: NotFound("There is no such card."),
    "not-allowed": lambda: NotAllowed("Only its author may change a bank."),
    "invalid": lambda: Invalid("The quiz cannot start.", {"banks": "Choose a <b>bank</b>."}),
    "conflict": lambda: Conflict("This card was already answered: Good."),
    "storage": lambda: StorageUnavailable("Nothing was saved, please retry."),
    "database": lambda: OperationalError("SELECT 1", {}, Exception("disk I/O error")),
    "deep": lambda: RecursionError("deep"),
    "large": lambda: OverflowError("large"),
    "text": lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    "often": TooManyRequests,
    "bug": lambda: ZeroDivisionError("secret detail"),
}


def create_small_site(folder: Path, **changes: object) -> Flask:
    """Return the site with its data in `folder`."""
    site = Flask("quizapp")
    site.config.update(SECRET_KEY="k" * 40, SQLALCHEMY_DATABASE_URI="sqlite://", TRUSTED_HOSTS=["localhost"])
    site.extensions["settings"] = Settings(
        folder, "sqlite://", "k" * 40, **({"time_zone": "Europe/Zurich"} | changes)
    )
    db.init_app(site)
    setup.init_app(site)
    learner = LearnerSettings(1, "America/New_York")

    @site.before_request
    def view() -> None:
        g.viewer = Viewer(Role.LEARNER, learner, user_id=1, email="ada@example.org")

    for name, endpoints in FRAME.items():
        blueprint = Blueprint(name, name)
        for endpoint in endpoints:
            blueprint.add_url_rule(f"/{name}/{endpoint}", endpoint, str)
        site.register_blueprint(blueprint)

    @site.route("/fail/<how>", methods=["GET", "POST"])
    def fail(how: str) -> None:
        raise FAILURES[how]()

    @site.route("/page")
    def page() -> str:
        return render_template_string('{% extends "base.html" %}{% block main %}<h1>Page</h1>{% endblock %}')

    @site.route("/stylish")
    def stylish() -> tuple[str, dict[str, str]]:
        return "x", {"Content-Security-Policy": "sandbox", "Cache-Control": "max-age=60"}

    @site.route("/scheme")
    def scheme() -> str:
        return f"{request.scheme} {request.remote_addr}"

    return site
