"""The app with two probes above it, so that accounts are tested without the packages that stand on them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from quizapp.accounts.guards import current_learner, instructor_required, learner_welcome
from quizapp.db import db
from tests.conftest import site_in
from tests.factories.accounts import PASSWORD
from tests.reader import Page, Reader


class Person(Reader):
    """Somebody who begins as a guest, signs up, signs in."""

    def begin(self, time_zone: str = "") -> int:
        """Do what makes a visitor a guest; return the learner's id."""
        page = self.post("/probe/begin", {"time_zone": time_zone})
        return int(page.text.split()[0])

    def sign_up(self, email: str = "ana@example.org", *, status: int = 200, **fields: str) -> Page:
        self.get("/register")
        known = {"email": email, "password": PASSWORD, "password_confirm": PASSWORD}
        return self.submit("/register", known | fields, status=status)

    def sign_in(
        self, email: str = "ana@example.org", password: str = PASSWORD, *, status: int = 200, **fields: str
    ) -> Page:
        self.get("/login")
        return self.submit("/login", {"email": email, "password": password, **fields}, status=status)

    def cookie(self) -> str:
        cookie = self.client.get_cookie("session")
        assert cookie is not None
        return cookie.value

    def is_signed_in(self) -> bool:
        """Return whether the account page opens with an address on it."""
        return self.client.get("/change").status_code == 200


def all_mail_sent() -> None:
    """Wait until every mail is sent: that is done beside the request."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(5)


@learner_welcome
def _begin() -> str:
    learner = current_learner()
    return f"{learner.id} {learner.time_zone}"


@instructor_required
def _teach() -> str:
    return str(g.viewer.email)


def add_probes(app: Flask) -> Flask:
    """Add a route that makes a guest of whoever posts, and one for instructors alone."""
    app.add_url_rule("/probe/begin", "probe.begin", _begin, methods=["GET", "POST"])
    app.add_url_rule("/probe/teach", "probe.teach", _teach)
    return app


@pytest.fixture(scope="session")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with site_in(tmp_path_factory.mktemp("site")) as site:
        yield add_probes(site)


@pytest.fixture
def person(client: FlaskClient) -> Person:
    """Somebody at a browser without a session."""
    return Person(client)


@pytest.fixture
def another(app: Flask) -> Callable[[], Person]:
    """Make a further browser."""
    return lambda: Person(app.test_client())


@pytest.fixture
def look(app: Flask) -> Callable[..., list[tuple[object, ...]]]:
    """Return the rows of a SELECT as they are committed now."""

    def rows(statement: object) -> list[tuple[object, ...]]:
        db.session.rollback()
        return [tuple(row) for row in db.session.execute(statement)]  # type: ignore[call-overload]

    return rows
