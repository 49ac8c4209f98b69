"""What the database holds, so that a test can say that nothing was changed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import ColumnElement, Table, select, true

from quizapp.db import db

Ledger = dict[
    str, list[tuple[Any, ...]]
]  # every row of every table; rows in no order but the same one each time


def ledger(
    *, without: Collection[str] = (), where: Callable[[Table], ColumnElement[bool]] | None = None
) -> Ledger:
    """Return every row that is committed, or those for which `where` holds, of the tables not in `without`."""
    db.session.rollback()
    return {
        table.name: sorted(
            (
                tuple(row)
                for row in db.session.connection().execute(
                    select(table).where(true() if where is None else where(table))
                )
            ),
            key=repr,
        )
        for table in db.metadata.sorted_tables
        if table.name not in without
    }


def changes(before: Ledger, after: Ledger) -> list[str]:
    """Return in words which rows came, went or became others; a changed row is one that went and one that came."""
    return [
        f"{name}: {sign}{row!r:.300}"
        for name, rows in before.items()
        for sign, here, there in (("-", rows, after[name]), ("+", after[name], rows))
        for row in here
        if row not in there
    ]
