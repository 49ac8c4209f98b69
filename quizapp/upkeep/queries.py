"""What a database holds, read from the database itself: a backup may be older than the models of this program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Row,
    String,
    Table,
    Text,
    cast,
    collate,
    func,
    select,
    text,
)

from quizapp.db import NAME
from quizapp.upkeep.tally import Counter, Steps, Tallies, Tally

Tables = Mapping[str, Table]

ROWS_AT_ONCE = 2000
VERSION = "alembic_version"
SEAL = "backup_checksum"  # the table of a backup that says what each of the others holds


def revision(connection: Connection) -> str | None:
    """Return the revision of the schema, None where there are no tables of this program."""
    if not connection.dialect.has_table(connection, VERSION):
        return None
    return connection.scalar(text(f"SELECT version_num FROM {VERSION}"))


def layout(connection: Connection) -> MetaData:
    """Return the tables that are there, but for those that tell of the others: the revision, and the checksums."""
    found = MetaData()
    found.reflect(connection)
    for name in {VERSION, SEAL} & found.tables.keys():
        found.remove(found.tables[name])
    return found


def guards(connection: Connection) -> set[str]:
    """Return the names of what guards and orders the tables of SQLite: triggers and indexes."""
    named = text(
        "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'index') AND name NOT LIKE 'sqlite%'"
    )
    return set(connection.scalars(named))


def definitions(connection: Connection) -> Tally:
    """Return how a database of SQLite defines all that is in it, and at which revision that is."""
    counter = Counter(["sql"])
    made = text(
        "SELECT sql FROM sqlite_master WHERE tbl_name <> :seal AND sql IS NOT NULL ORDER BY type, name"
    )
    counter.add([(revision(connection),), *((sql,) for sql in connection.scalars(made, {"seal": SEAL}))])
    return counter.tally()


def sealed(connection: Connection) -> Tallies | None:
    """Return what a backup says that its tables held when it was made; None where it does not say."""
    if not connection.dialect.has_table(connection, SEAL):
        return None
    rows = connection.execute(text(f'SELECT name, "rows", checksum FROM {SEAL}'))
    return {row.name: Tally(row.rows, row.checksum) for row in rows}


def columns(table: Table) -> list[Column]:
    """Return the columns in the order in which rows are read, whatever order an engine keeps them in."""
    return sorted(table.columns, key=lambda column: column.name)


def parts(connection: Connection, table: Table) -> Iterator[Sequence[Row]]:
    """Yield all rows of a table by their keys, some at a time: booleans as such, JSON as text, times as numbers."""
    postgresql = connection.dialect.name == "postgresql"
    order: list[ColumnElement] = [
        collate(column, "C") if postgresql and isinstance(column.type, String) else column  # SQLite's order
        for column in table.primary_key
    ]
    chosen = [cast(column, Text) if isinstance(column.type, JSON) else column for column in columns(table)]
    statement = select(*chosen).order_by(*order)
    yield from connection.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE}).partitions()


def count(connection: Connection, tables: Tables) -> int:
    """Return how many rows the tables have together."""
    return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables.values())


def tallies(connection: Connection, tables: Tables, steps: Steps, label: str) -> Tallies:
    """Return what each of these tables holds."""
    found = {}
    with steps(label, count(connection, tables)) as advance:
        for name, table in sorted(tables.items()):
            counter = Counter([column.name for column in columns(table)])
            for rows in parts(connection, table):
                counter.add(rows)
                advance(len(rows))
            found[name] = counter.tally()
    return found


def others(connection: Connection) -> int:
    """Return how many other connections of this program PostgreSQL has to the database."""
    ours = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = :name AND pid <> pg_backend_pid()"
    )
    return connection.scalar(ours, {"name": NAME}) or 0


def damage(connection: Connection) -> str | None:
    """Return what is wrong with a SQLite database, None if it is sound."""
    found = connection.scalar(text("PRAGMA integrity_check(1)"))
    if found != "ok":
        return str(found)
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    return None if broken is None else f"a row of {broken[0]} refers to one of {broken[2]} that is not there"


def numbered_once(connection: Connection) -> set[str]:
    """Return the tables of SQLite that never give an id twice."""
    return set(connection.scalars(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")))


def last_numbers(connection: Connection, tables: Tables) -> dict[str, int]:
    """Return the highest id that was ever given in each table that remembers it."""
    if connection.dialect.name == "sqlite":
        if not numbered_once(connection):
            return {}
        numbers = connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        return {row.name: row.seq for row in numbers}
    given = {name: sequence(connection, table) for name, table in tables.items()}
    return {
        name: connection.scalar(text(f"SELECT last_value FROM {found}")) or 0
        for name, found in given.items()
        if found
    }


def sequence(connection: Connection, table: Table) -> str | None:
    """Return the sequence of PostgreSQL that numbers the rows of a table, if one does."""
    if len(table.primary_key) != 1:
        return None
    [key] = table.primary_key
    quoted = connection.dialect.identifier_preparer.format_table(table)
    return connection.scalar(select(func.pg_get_serial_sequence(quoted, key.name)))
