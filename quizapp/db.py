"""The database handle, the naming rule of constraints, the column types for time, and how connections begin.

A unit of work that will write carries the execution option `writes`: on SQLite it passes the write gate and begins
IMMEDIATE; readers begin deferred. The gate is given back when the connection returns to the pool, which is after
COMMIT (SQLAlchemy's own `commit` event fires before it). On SQLite nothing is written once the files are not those
that were opened: what goes into a removed file is lost, however well it was committed. Reads go on, but for one that
carries the option `in_place`.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from pydantic_core import from_json, to_json
from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    Engine,
    Integer,
    MetaData,
    TypeDecorator,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase

from quizapp.errors import StorageUnavailable
from quizapp.gate import WriteGate

NAME = "quizapp"  # under which PostgreSQL lists our connections
GATE_SECONDS = 5.0
IDLE_SECONDS = 60  # in a transaction; then PostgreSQL frees what it holds: the program hangs, or is cut off
NUL_SHOWN = "\ufffd"  # what a browser makes of a NUL
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "cache_size=-8192",
    "wal_autocheckpoint=4000",
    "trusted_schema=OFF",
    "secure_delete=ON",  # what a person had erased leaves no bytes behind
)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(
    model_class=Base,
    session_options={"expire_on_commit": False},
    engine_options={  # several times faster than the standard library's, and answers wait for it
        "json_serializer": lambda value: to_json(value).decode(),
        "json_deserializer": from_json,
    },
)

if TYPE_CHECKING:

    class Model(Base):
        __abstract__ = True
else:
    Model = db.Model

# What befalls PostgreSQL without being an OperationalError: it takes no writes; it has ended a transaction in which
# nothing was asked for long; data, or an index, is damaged.
_UNUSABLE_STATES = {"25006", "25P03", "XX001", "XX002"}
_BOUND_IDLENESS = (  # unless whoever runs the server has bound it
    f"SELECT set_config(name, '{IDLE_SECONDS}s', false) FROM pg_settings"
    " WHERE name = 'idle_in_transaction_session_timeout' AND setting = '0'"
)
_NO_SUCH_TABLE = "42P01"

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_EPOCH_DAY = _EPOCH.date().toordinal()
_MILLISECOND = dt.timedelta(milliseconds=1)


class UtcTime(TypeDecorator[dt.datetime]):
    """An aware datetime, kept as whole milliseconds since 1970 UTC: 6 bytes, one order, the same on every engine."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        return (value - _EPOCH) // _MILLISECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else _EPOCH + dt.timedelta(milliseconds=value)


class Day(TypeDecorator[dt.date]):
    """A calendar date (a learner's study day), kept as days since 1970-01-01, so that differences are subtraction."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, dialect: Dialect) -> int | None:
        return None if value is None else value.toordinal() - _EPOCH_DAY

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], dt.date | None]:
        return _day  # as it is: an answer reads a hundred days, the same ones each time


@lru_cache(maxsize=8192)
def _day(value: int | None) -> dt.date | None:
    return None if value is None else dt.date.fromordinal(value + _EPOCH_DAY)


def is_storage_failure(error: Exception) -> bool:
    """Whether the database itself cannot be used now: locked, full, read-only, gone or damaged.

    SQLite tells of damage by a plain DatabaseError, the base class of what a wrong statement raises.
    """
    if is_without_tables(error):
        return False
    if isinstance(error, OperationalError) or type(error) is DatabaseError:
        return True
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _UNUSABLE_STATES


def is_without_tables(error: Exception) -> bool:
    """Whether the database has no such table: it is new, or another than was meant. SQLite calls that operational."""
    found = getattr(error, "orig", None)
    return "no such table" in str(found) or getattr(found, "sqlstate", None) == _NO_SUCH_TABLE


def as_raised(
    error: Exception, text: str, parameters: Any, dialect: Dialect, *, lost: bool = False
) -> BaseException:
    """Return an error of the driver's as SQLAlchemy raises it; `lost` says that the connection is."""
    return DBAPIError.instance(
        text, parameters, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
    )


def take_turns(connection: Connection, name: str) -> None:
    """Let whoever takes turns under this name wait until the transaction ends, as writers do on SQLite anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def engine_options(url: str, *, threads: int) -> dict[str, Any]:
    """Return how an engine for `url` keeps its connections: one for each thread, each more is opened for one use."""
    options: dict[str, Any] = {"pool_size": threads}
    if make_url(url).get_backend_name() == "postgresql":
        options["pool_pre_ping"] = True  # one that the server has closed meanwhile is replaced, not used
        # by its name one of us sees whether another is connected, before it copies the site
        options["connect_args"] = {"connect_timeout": int(GATE_SECONDS), "application_name": NAME}
    return options


def prepare_engine(app: Flask) -> None:
    """Hook pragmas, BEGIN and the write gate into this app's engine, or what PostgreSQL wants instead."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite" and (file := engine.url.database):
        _prepare_sqlite(engine, WriteGate(Path(file + ".gate")), _Files(file))
    elif engine.dialect.name == "postgresql":
        _prepare_postgresql(engine)


def _prepare_postgresql(engine: Engine) -> None:
    from psycopg.types.string import StrDumperUnknown  # noqa: PLC0415  a site on SQLite loads no other driver

    class Text(StrDumperUnknown):
        """Text without NUL, which PostgreSQL does not take: nothing is found by it, and it is kept as it is shown."""

        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", NUL_SHOWN))

    @event.listens_for(engine, "connect")
    def connect(raw: Any, _record: Any) -> None:
        raw.adapters.register_dumper(str, Text)
        raw.autocommit = True
        raw.execute(f"SET lock_timeout = '{GATE_SECONDS}s'")  # as long as SQLite's writers wait for the gate
        raw.execute(_BOUND_IDLENESS)
        raw.autocommit = False


class _Files:
    """The database and its write-ahead log, as the open connections of this process know them.

    A file that was moved away may come back; for another in its place the program is started anew, because another
    process may still hold the old ones, and a log must never meet a database that is not its own.
    """

    def __init__(self, database: str) -> None:
        self._paths = (database, f"{database}-wal")
        self._known: list[tuple[int, int] | None] = []
        self._connections = 0
        self._lock = threading.Lock()

    def opened(self) -> None:
        with self._lock:
            if not self._connections:
                self._known = self._present()
            self._connections += 1

    def closed(self) -> None:
        with self._lock:
            self._connections -= 1

    def check(self) -> None:
        """Raise StorageUnavailable where the files are not those that were opened."""
        if self._connections and self._present() != self._known:
            found = f"{self._paths[0]} or its -wal was moved, replaced or removed: put it back, or restart quizapp"
            message = "The database is not in its place. Nothing was saved, please retry."
            raise StorageUnavailable(message) from sqlite3.OperationalError(found)

    def _present(self) -> list[tuple[int, int] | None]:
        return [_identity(path) for path in self._paths]


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _begin(connection: Connection, text: str) -> None:
    """Begin by the driver itself: every request does, and SQLAlchemy takes longer over it than SQLite."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(text)
    except sqlite3.Error as error:
        raise as_raised(error, text, (), connection.dialect) from error


def _prepare_sqlite(engine: Engine, gate: WriteGate, files: _Files) -> None:
    @event.listens_for(engine, "do_connect")
    def before_connect(*_: Any) -> None:
        files.check()  # to connect to a file that is gone would make an empty one

    @event.listens_for(engine, "close")
    def closed(*_: Any) -> None:
        files.closed()

    @event.listens_for(engine, "connect")
    def connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = (
            None  # we say BEGIN ourselves: the driver would leave SELECTs outside the transaction
        )
        for pragma in PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
        raw.execute("PRAGMA schema_version").fetchone()  # a first look opens the write-ahead log
        files.opened()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("in_place"):
            files.check()
        if not options.get("writes"):
            _begin(connection, "BEGIN")
            return
        files.check()
        if "gate" not in connection.info:  # a migration commits and begins again on one connection
            gate.acquire(deadline=GATE_SECONDS)
            connection.info["gate"] = gate
        try:
            _begin(connection, "BEGIN IMMEDIATE")
        except BaseException:
            del connection.info["gate"]
            gate.release()
            raise

    def give_back(_raw: Any, record: Any, _how: Any = None) -> None:
        if record is not None and (held := record.info.pop("gate", None)) is not None:
            held.release()

    for name in ("reset", "invalidate", "close"):
        event.listen(engine, name, give_back)
