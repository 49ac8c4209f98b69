"""Writing many rows at once, by the driver itself.

A large bank has ten thousands of rows. To run one statement for each, or to have each value found again by its name,
takes longer than to store them: so a statement takes many rows, and values are given as the driver keeps them (JSON
as its text, a time as its number).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table, func, select

ROWS_AT_ONCE = 128  # more gain nothing; and SQLite and PostgreSQL bound the values of a statement


def insert(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """Insert `rows`, each a value for each of `columns`."""
    values = tuple(chain.from_iterable(rows))
    step = len(columns) * ROWS_AT_ONCE
    whole = len(values) - len(values) % step
    if whole:
        parts = [values[start : start + step] for start in range(0, whole, step)]
        connection.exec_driver_sql(_insertion(connection, table, columns, ROWS_AT_ONCE), parts)
    if rest := values[whole:]:
        connection.exec_driver_sql(_insertion(connection, table, columns, len(rest) // len(columns)), rest)


def update(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """Change rows by `id`: each of `rows` has a value for each of `columns`, and then the id."""
    if values := [tuple(row) for row in rows]:
        quote, mark = connection.dialect.identifier_preparer.quote, _mark(connection)
        changes = ", ".join(f"{quote(column)} = {mark}" for column in columns)
        connection.exec_driver_sql(f"UPDATE {quote(table)} SET {changes} WHERE id = {mark}", values)


def new_ids(connection: Connection, table: Table, many: int) -> Sequence[int]:
    """Return the ids of the next so many rows of `table`; on SQLite they are free while this transaction writes."""
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        return connection.scalars(
            select(func.nextval(sequence)).select_from(func.generate_series(1, many))
        ).all()
    first = (connection.scalar(select(func.max(table.c.id))) or 0) + 1
    return range(first, first + many)


def _insertion(connection: Connection, table: str, columns: Sequence[str], many: int) -> str:
    quote = connection.dialect.identifier_preparer.quote
    row = f"({', '.join([_mark(connection)] * len(columns))})"
    return f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES {', '.join([row] * many)}"


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.paramstyle == "qmark" else "%s"
