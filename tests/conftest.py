"""What every test stands on: a real SQLite file built by the migrations, copied afresh for each test."""

from __future__ import annotations

import contextvars
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings as hypothesis_settings
from sqlalchemy import event
from werkzeug.test import TestResponse

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.db import db

hypothesis_settings.register_profile("quizapp", deadline=None)  # no test measures time
hypothesis_settings.load_profile("quizapp")

CHEAP_HASH = {"SECURITY_PASSWORD_HASH": "pbkdf2_sha512", "SECURITY_PASSWORD_SCHEMES": ["pbkdf2_sha512"]}


class Browser(FlaskClient):
    """A client whose every request has a context of its own, as on a server.

    Inside `app.app_context()`, Flask would share `g` and the database session among requests: a form token
    that one request had checked, or a user it had loaded, would count for the next.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return contextvars.Context().run(super().open, *args, **kwargs)


def settings_in(folder: Path, **changes: object) -> Settings:
    """Return settings for a site whose data lies in `folder`."""
    values = {
        "data": folder,
        "database_url": f"sqlite:///{folder / 'quizapp.sqlite3'}",
        "secret_key": "a-key-for-tests-only-not-for-any-real-site",
    }
    return Settings(**(values | changes))


def site_in(folder: Path, **changes: object) -> Flask:
    """Return the app with its data in `folder`, hashing cheaply."""
    app = create_app(settings_in(folder, **changes), TESTING=True, **CHEAP_HASH)
    app.test_client_class = Browser
    return app


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database built by the migrations, with no rows."""
    folder = tmp_path_factory.mktemp("empty")
    app = create_app(settings_in(folder), TESTING=True)
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return folder / "quizapp.sqlite3"


@pytest.fixture(scope="session")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return site_in(tmp_path_factory.mktemp("site"))


@pytest.fixture
def fresh(empty_database: Path) -> Callable[[Flask], Flask]:
    """Give an app a fresh, empty database."""

    def renew(app: Flask) -> Flask:
        file = app.extensions["settings"].data / "quizapp.sqlite3"
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(empty_database, file)
        return app

    return renew


@pytest.fixture
def app(_site: Flask, fresh: Callable[[Flask], Flask]) -> Iterator[Flask]:
    """The app on a fresh database, inside its context."""
    fresh(_site)
    with _site.app_context():
        yield _site
        db.session.remove()


@pytest.fixture
def make_app(tmp_path: Path, fresh: Callable[[Flask], Flask]) -> Iterator[Callable[..., Flask]]:
    """Build further apps with other settings, each on a fresh database."""
    made: list[Flask] = []

    def make(**changes: object) -> Flask:
        folder = tmp_path / f"site{len(made)}"
        folder.mkdir()
        made.append(site_in(folder, **changes))
        return fresh(made[-1])

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every SQL statement sent to the database, in order; clear it to count from here."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)
