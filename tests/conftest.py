"""What every test stands on: a real database built by the migrations, fresh for each test."""

from __future__ import annotations

import contextvars
import itertools
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from sqlalchemy import event
from werkzeug.test import TestResponse

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.db import db
from tests import databases
from tests.databases import Databases
from tests.server import BOUND

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium

hypothesis_settings.register_profile("quizapp", deadline=None)  # no test measures time
hypothesis_settings.load_profile("quizapp")

CHEAP_HASH = {"SECURITY_PASSWORD_HASH": "pbkdf2_sha512", "SECURITY_PASSWORD_SCHEMES": ["pbkdf2_sha512"]}


# How writers take turns: on SQLite as they begin, on PostgreSQL by holding a learner's row or a lock with a name.
TURN_TAKING = re.compile(r"BEGIN.*|SELECT learner\.id.*FOR NO KEY UPDATE|SELECT pg_advisory.*", re.DOTALL)

POSTGRESQL = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the engine to run on; with postgresql, tests that use no database are left out, and those of how a "
        "page looks and moves in a browser (test_browser.py): they ask the database what others ask it too",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL server for this process and its workers, stopped when the run ends, however it ends."""
    if config.getoption("database") != "postgresql":
        return
    if hasattr(config, "workerinput"):
        socket = config.workerinput["postgresql"]
    else:
        running = ExitStack()
        config.add_cleanup(running.close)
        socket = config.stash[POSTGRESQL] = running.enter_context(databases.postgresql_socket())
    databases.chosen = server = databases.PostgresqlServer(socket)
    config.add_cleanup(server.close)


def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the server is."""
    node.workerinput["postgresql"] = node.config.stash.get(POSTGRESQL, None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    engine = config.getoption("database")
    other = "sqlite_only" if engine == "postgresql" else "postgresql_only"
    for item in items:
        if (only := item.get_closest_marker(other)) is not None:
            item.add_marker(pytest.mark.skip(reason=f"{other.replace('_', ' ')}: {only.args[0]}"))
    if engine == "postgresql":
        left_out = {
            item
            for item in items
            if "database" not in getattr(item, "fixturenames", ()) or item.path.name == "test_browser.py"
        }
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


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
        "database_url": databases.chosen.address(folder),
        "secret_key": "a-key-for-tests-only-not-for-any-real-site",
    }
    return Settings(**(values | changes))


@contextmanager
def site_in(folder: Path, **changes: object) -> Iterator[Flask]:
    """Give the app with its data in `folder`, hashing cheaply, until the block ends."""
    app = create_app(settings_in(folder, **changes), TESTING=True, **CHEAP_HASH)
    app.test_client_class = Browser
    try:
        yield app
    finally:
        databases.let_go(app)


@pytest.fixture(scope="session")
def database() -> Databases:
    """The engine that this run is on."""
    return databases.chosen


@pytest.fixture(scope="session")
def _built(database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    database.build(create_app(settings_in(tmp_path_factory.mktemp("empty")), TESTING=True))
    return database


@pytest.fixture(scope="session")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with site_in(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def fresh(_built: Databases) -> Callable[[Flask], Flask]:
    """Give an app a fresh, empty database."""

    def renew(app: Flask) -> Flask:
        _built.renew(app)
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
    numbers = itertools.count()
    with ExitStack() as sites:

        def make(**changes: object) -> Flask:
            folder = tmp_path / f"site{next(numbers)}"
            folder.mkdir()
            return fresh(sites.enter_context(site_in(folder, **changes)))

        yield make


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()


@pytest.fixture(scope="session")
def launcher() -> tuple[str, ...]:
    """The command that starts a program whom permissions bind, as they do not bind root."""
    if os.geteuid() != 0:
        return ()
    try:
        subprocess.run([*BOUND, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("root cannot be bound by permissions here")
    return BOUND


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """A real browser, one for each file: while it runs, nothing else in this thread may be asynchronous."""
    from tests.browser import launched  # here, because other tests run without Playwright  # noqa: PLC0415

    with launched() as browser:
        yield browser


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that reads or writes, in order, the same on each engine; clear it to count from here."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not TURN_TAKING.fullmatch(statement):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)
