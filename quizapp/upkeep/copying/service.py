"""Copying all rows of the site into another, empty database, of whichever engine."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, NullPool, create_engine, event, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from quizapp import bulk
from quizapp.config import ROOT, SettingError, engine_url
from quizapp.db import db
from quizapp.errors import Conflict, Invalid, StorageUnavailable
from quizapp.upkeep import queries
from quizapp.upkeep.files import private
from quizapp.upkeep.tally import Steps, Tallies, differing

_LEAVING_SECONDS = (0.05, 0.2, 0.5, 1, 2)  # PostgreSQL lists a connection a little longer than it lives


class NotCopied(Conflict):
    """The copy cannot be made; the other database is as it was."""


@contextmanager
def snapshot() -> Iterator[Connection]:
    """Give the site's database as it is at the first question, whatever is written meanwhile."""
    repeatable = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    engine = db.engine if db.engine.dialect.name == "sqlite" else db.engine.execution_options(**repeatable)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":  # a slow disk may take long over what was read
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        yield connection


@contextmanager
def transaction(url: URL) -> Iterator[Connection]:
    """Give another database than the site's: what is done in the block is committed together, or not at all.

    SQLite does not enforce foreign keys in it, so that migrations may rebuild tables.
    """
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def connect(raw: Any, _record: Any) -> None:
            raw.isolation_level = None  # the driver would leave what changes tables outside the transaction

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN")

    with engine.begin() as connection:
        yield connection


def migrate(connection: Connection, revision: str) -> None:
    """Bring the tables of a database up to `revision`, in the transaction that is under way."""
    command.upgrade(alembic_for(connection), revision)


def alembic_for(connection: Connection) -> Config:
    """Return what Alembic wants to know to run our migrations on a connection, and leave its transaction open."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config


def copy_to(address: str, steps: Steps) -> tuple[Tallies, Tallies]:
    """Copy the site into the empty database at `address`, and return what each holds: they are equal.

    Raises Invalid for an address that names no database, NotCopied where it is not empty, out of reach, or refuses
    a row, StorageUnavailable while others use the site; it is then as it was.
    """
    url = _other(address)
    _refuse_others()
    try:
        with private(), snapshot() as source, transaction(url) as target:
            here = queries.tallies(source, queries.layout(source).tables, steps, "Reading what is here")
            copy_rows(source, target, steps)
            there = queries.tallies(target, queries.layout(target).tables, steps, "Reading what is there")
            if differs := differing(here, there):
                raise NotCopied(f"What arrived is not what is here: {', '.join(differs)}. Nothing was kept.")
    except SQLAlchemyError as error:
        found = getattr(error, "orig", None) or error
        shown = url.render_as_string(hide_password=True)
        raise NotCopied(f"Nothing was copied to {shown}: {str(found).strip()}") from error
    return here, there


def _refuse_others() -> None:
    """Refuse to copy a site that another process has open, such as a server that `python wsgi.py` did not start."""
    db.session.remove()
    db.engine.dispose()  # or we would see ourselves
    refusal = "The site is in use{}. Stop every server of it first: what is answered meanwhile would be lost."
    if db.engine.dialect.name == "sqlite":
        try:
            with closing(sqlite3.connect(str(db.engine.url.database), timeout=0)) as alone:
                alone.execute("PRAGMA locking_mode=EXCLUSIVE")
                alone.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.OperationalError as error:
            raise StorageUnavailable(refusal.format(f" ({error})")) from error
        return
    others = 0
    for wait in _LEAVING_SECONDS:
        with db.engine.connect() as connection:
            if not (others := queries.others(connection)):
                return
        time.sleep(wait)
    raise StorageUnavailable(refusal.format(f" ({others} other connections)"))


def _other(address: str) -> URL:
    try:
        return engine_url(address)
    except SettingError as error:
        raise Invalid(f"The copy cannot be made: {error}") from error


def refuse_filled(target: Connection) -> None:
    """Raise NotCopied where a database has tables already."""
    if inspect(target).get_table_names():
        raise NotCopied("The database that is to be filled is not empty. Make a new one for it.")


def copy_rows(source: Connection, target: Connection, steps: Steps) -> None:
    """Make the tables of `source` in the empty database `target`, by the same migrations, and copy all rows.

    Raises NotCopied where it is not empty, or `source` is no database of this program.
    """
    refuse_filled(target)
    revision, held = queries.revision(source), queries.layout(source).tables
    if revision is None:
        raise NotCopied("There is nothing to copy: the database has no tables.")
    migrate(target, revision)
    made = queries.layout(target)
    if more := held.keys() ^ made.tables.keys():
        raise NotCopied(
            f"These tables are none of this program's, or are missing: {', '.join(sorted(more))}."
        )
    with steps("Copying", queries.count(source, held)) as advance:
        for table in made.sorted_tables:
            names = [column.name for column in queries.columns(table)]
            for rows in queries.parts(source, held[table.name]):
                bulk.insert(target, table.name, names, rows)
                advance(len(rows))
    _go_on_numbering(target, made.tables, queries.last_numbers(source, held))


def _go_on_numbering(target: Connection, tables: queries.Tables, last: dict[str, int]) -> None:
    """Let the next row of each table get a number that none had before, not even one that was erased."""
    if target.dialect.name == "sqlite":
        for name in queries.numbered_once(target) & last.keys():
            numbers = {"name": name, "last": last[name]}
            target.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), numbers)
            target.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), numbers)
        return
    for name, table in tables.items():
        if (sequence := queries.sequence(target, table)) is not None:
            [key] = table.primary_key
            used = max(last.get(name, 0), target.scalar(select(func.max(key))) or 0)
            if used:
                target.execute(select(func.setval(sequence, used)))
