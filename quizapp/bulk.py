"""Writing many rows at once, by the driver itself.

A large bank has ten thousands of rows. To run one statement for each, or to have each value found again by its name,
takes longer than to store them: so a statement takes many rows, and values are given as the driver keeps them (JSON
as its text, a time as its number).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, Table, func, select

VALUES_AT_ONCE = 4096  # more gain little; SQLite takes 32,766 in a statement, PostgreSQL 65,535


def insert(
    connection: Connection, table: str, columns: Sequence[str], *parts: Iterable[Iterable[Any]]
) -> None:
    """Insert rows that have a value for each of `columns`. Of several `parts`, each holds a part of every row.

    The rows are made when they are written, some at a time: what has just been touched is still near the processor.
    """
    values = chain.from_iterable(chain.from_iterable(zip(*parts, strict=True)))
    most = VALUES_AT_ONCE // len(columns) * len(columns)
    while some := tuple(islice(values, most)):
        connection.exec_driver_sql(_insertion(connection, table, columns, len(some) // len(columns)), some)


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
