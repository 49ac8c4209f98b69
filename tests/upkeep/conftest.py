"""A site with something of every kind in it, and empty databases of both engines."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import URL, make_url

from quizapp.upkeep.copying.service import alembic_for, transaction
from tests import databases
from tests.databases import Databases, PostgresqlServer
from tests.factories.upkeep import fill


@pytest.fixture(scope="session")
def postgresql(database: Databases) -> Iterator[PostgresqlServer]:
    """A server of PostgreSQL, that of this run if it is on one."""
    if isinstance(database, PostgresqlServer):
        yield database
        return
    with databases.postgresql_socket() as socket, closing(PostgresqlServer(socket)) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """The address of a database with nothing in it, of each engine."""
    if request.param == "sqlite":
        return make_url(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    return make_url(request.getfixturevalue("postgresql").address(tmp_path / "other"))


@pytest.fixture
def filled(app: Flask) -> Flask:
    """A site with rows in every table."""
    fill(app)
    return app


@contextmanager
def silent(_label: str, _total: int) -> Iterator[Callable[[int], object]]:
    """Tell nobody how far the work is."""
    yield lambda _more: None


def sqlite_at(file: Path) -> URL:
    """Return the address of a file of SQLite."""
    return URL.create("sqlite", database=str(file))


def migrate_down(url: URL, revision: str) -> None:
    """Take a database back to the tables of an older version. Needs the context of an app."""
    with transaction(url) as connection:
        command.downgrade(alembic_for(connection), revision)


def execute(file: Path, statement: str) -> None:
    """Change a file of SQLite, as another program does."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)
