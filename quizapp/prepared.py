"""Statements that stand between an answer and the next card: compiled once, and run by the driver itself.

SQLAlchemy takes fifty to a hundred microseconds to run a statement, SQLite takes ten. A `Prepared` statement is an
ordinary Core statement on the session's connection, in its transaction; only what SQLAlchemy would do anew for each
run is done once: compiling, ordering the parameters, choosing how values are converted. Elsewhere use the session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Engine, Float, PoolProxiedConnection, bindparam

from quizapp.db import as_raised, db

Convert = Callable[[Any], Any]
Lent = tuple[Connection, Any]  # a connection, and the driver's own behind it

_current: ContextVar[Lent | None] = ContextVar("current", default=None)


@contextmanager
def on(connection: Connection) -> Iterator[None]:
    """Run statements on this connection, the session's, until the block ends: each is spared asking for it."""
    token = _current.set((connection, connection.connection.driver_connection))
    try:
        yield
    finally:
        _current.reset(token)


def _lent() -> Lent:
    connection = db.session.connection()
    return connection, connection.connection.driver_connection


class Prepared:
    """A statement, or one for each dialect by name, whose every `bindparam` without a value is given at each run.

    An `INSERT` without values takes `columns`. No parameter may be `expanding`: the text would change with its length.
    """

    def __init__(self, statement: Any, *, columns: Iterable[str] | None = None) -> None:
        self._statement = statement
        self._columns = None if columns is None else list(columns)
        self._compiled: dict[str, _Compiled] = {}

    def all(self, **values: object) -> list[Any]:
        """Return the rows as sequences of values."""
        connection, driver = _current.get() or _lent()
        compiled = self._for(connection.dialect)
        parameters = compiled.parameters(values)
        _tell(connection, compiled.text, parameters)
        try:
            rows = driver.execute(compiled.text, parameters).fetchall()
        except connection.dialect.loaded_dbapi.Error as error:
            raise _wrapped(
                error, connection.connection, compiled.text, parameters, connection.dialect
            ) from error
        return compiled.converted(rows)

    def all_alone(self, **values: object) -> list[Any]:
        """Return the rows as `all` does, but as they are at this moment: outside the session's transaction, if any.

        A statement that stands before all others of a request is spared the beginning and the end of one.
        """
        engine = db.engine
        compiled = self._for(engine.dialect)
        parameters = compiled.parameters(values)
        _tell(engine, compiled.text, parameters)
        driver_error = engine.dialect.loaded_dbapi.Error
        try:
            connection = engine.raw_connection()
        except driver_error as error:  # as it comes from the driver: the database is away
            raise as_raised(error, compiled.text, parameters, engine.dialect) from error
        driver: Any = connection.driver_connection
        try:
            rows = driver.execute(compiled.text, parameters).fetchall()
        except driver_error as error:
            raise _wrapped(error, connection, compiled.text, parameters, engine.dialect) from error
        finally:
            connection.close()
        return compiled.converted(rows)

    def first(self, **values: object) -> Any:
        """Return the first row, None where there is none."""
        return next(iter(self.all(**values)), None)

    def write(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Run the statement once for each of `rows`."""
        if not rows:
            return
        connection, driver = _current.get() or _lent()
        compiled = self._for(connection.dialect)
        parameters = [compiled.parameters(row) for row in rows]
        _tell(connection, compiled.text, parameters)
        try:
            driver.cursor().executemany(compiled.text, parameters)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _wrapped(
                error, connection.connection, compiled.text, parameters, connection.dialect
            ) from error

    def _for(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            statement = self._statement
            if isinstance(statement, dict):
                statement = statement[dialect.name]
            compiled = self._compiled[dialect.name] = _Compiled(statement, self._columns, dialect)
        return compiled


class _Compiled:
    """A statement's text for one dialect, and how values go in and come out."""

    def __init__(self, statement: Any, columns: list[str] | None, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        self.text: str = str(compiled)
        constants = compiled.construct_params(_check=False)
        names = compiled.positiontup if compiled.positional else list(compiled.bind_names.values())
        assert not any(compiled.binds[name].expanding for name in names)
        self._names = [] if compiled.positional else names
        self._keys = [compiled.binds[name].key for name in names]
        self._constants: dict[str, Any] = {}
        self._inputs: list[tuple[int, Convert]] = []
        for place, name in enumerate(names):
            bind = compiled.binds[name]
            if not bind.required:
                self._constants[bind.key] = constants[name]
            if (convert := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None:
                self._inputs.append((place, convert))
        outputs = [
            None  # as it is; to choose, PostgreSQL's type wants to see the driver's result
            if isinstance(column.type, Float)
            else column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in getattr(statement, "selected_columns", ())
        ]
        self._outputs = [(place, convert) for place, convert in enumerate(outputs) if convert is not None]

    def parameters(self, values: Mapping[str, object]) -> Any:
        """Return what the driver binds."""
        known = {**self._constants, **values}
        given = [known[key] for key in self._keys]
        for place, convert in self._inputs:
            given[place] = convert(given[place])
        return dict(zip(self._names, given, strict=True)) if self._names else tuple(given)

    def converted(self, rows: list[Any]) -> list[Any]:
        """Return the rows with the values that the columns' types make of what the driver read."""
        if not self._outputs:
            return rows
        columns: list[Any] = list(zip(*rows, strict=True))
        if columns:
            for place, convert in self._outputs:
                if columns[place].count(None) < len(rows):
                    columns[place] = map(convert, columns[place])
        return list(zip(*columns, strict=True))


def places(values: Sequence[object]) -> int:
    """Return in how many places `in_places` puts the values: a power of two, so that few texts are ever compiled."""
    return 1 << (len(values) - 1).bit_length() if values else 0


def several(name: str, count: int) -> list[BindParameter[Any]]:
    """Return the parameters of an IN (…) with so many places."""
    return [bindparam(f"{name}_{place}") for place in range(count)]


def in_places(name: str, values: Sequence[object]) -> dict[str, object]:
    """Return the values for `several`, the last of them repeated to fill its places."""
    return {f"{name}_{place}": values[min(place, len(values) - 1)] for place in range(places(values))}


def _tell(listened_to: Connection | Engine, text: str, parameters: Any) -> None:
    """Let those who listen to statements hear of this one."""
    for listener in listened_to.dispatch.before_cursor_execute:
        listener(listened_to, None, text, parameters, None, isinstance(parameters, list))


def _wrapped(
    error: Any, lent: Connection | PoolProxiedConnection, text: str, parameters: Any, dialect: Dialect
) -> BaseException:
    """Return the driver's error as SQLAlchemy raises it; a connection that is lost is not used again."""
    connection = lent.connection if isinstance(lent, Connection) else lent
    lost = dialect.is_disconnect(error, connection.dbapi_connection, None)
    if lost:
        lent.invalidate(error)
    return as_raised(error, text, parameters, dialect, lost=lost)
