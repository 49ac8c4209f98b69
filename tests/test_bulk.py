"""Writing many rows: however many there are, each is written once, as it was given."""

from __future__ import annotations

from math import ceil

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import bulk
from quizapp.banks.models import Bank
from quizapp.db import db
from quizapp.web import unit
from quizapp.web.clock import now

COLUMNS = ("id", "slug", "title", "description", "version", "visibility", "created_at")
ROWS = bulk.VALUES_AT_ONCE // len(COLUMNS)


def bank(number: int) -> tuple[object, ...]:
    return number, f"bank-{number}", f"100 % sûr? {number}", "a\nb", number, 2, 1_700_000_000_000


def stored() -> list[tuple[object, ...]]:
    db.session.rollback()
    query = select(Bank.id, Bank.slug, Bank.title, Bank.version).order_by(Bank.id)
    return [tuple(row) for row in db.session.execute(query)]


def insert(numbers: range) -> None:
    unit.run(
        lambda: bulk.insert(db.session.connection(), "bank", COLUMNS, (bank(number) for number in numbers))
    )


@pytest.mark.parametrize("many", [0, 1, ROWS - 1, ROWS, ROWS + 1, 2 * ROWS, 3 * ROWS + 7])
def test_each_row_is_written_once_in_few_statements(app: Flask, statements: list[str], many: int) -> None:
    insert(range(1, many + 1))
    assert sum(statement.startswith("INSERT") for statement in statements) == ceil(many / ROWS)
    assert stored() == [(n, f"bank-{n}", f"100 % sûr? {n}", n) for n in range(1, many + 1)]


def test_one_bad_row_leaves_none(app: Flask) -> None:
    rows = [bank(number) for number in range(2 * ROWS)] + [bank(1)]
    with pytest.raises(Exception, match=r"(?i)unique"):
        unit.run(lambda: bulk.insert(db.session.connection(), "bank", COLUMNS, rows))
    assert stored() == []


def test_rows_are_changed_by_their_id_and_others_stay(app: Flask) -> None:
    insert(range(1, 5))
    changes = [("Two", 20, 2), ("Four", 40, 4)]
    unit.run(lambda: bulk.update(db.session.connection(), "bank", ("title", "version"), changes))
    assert [row[2:] for row in stored()] == [
        ("100 % sûr? 1", 1),
        ("Two", 20),
        ("100 % sûr? 3", 3),
        ("Four", 40),
    ]


def test_new_ids_are_free_and_the_next_row_gets_another(app: Flask) -> None:
    def store() -> None:
        table = Bank.__table__
        for _ in range(2):
            ids = bulk.new_ids(db.session.connection(), table, 3)
            rows = [bank(number) for number in ids]
            bulk.insert(db.session.connection(), "bank", COLUMNS, rows)

    unit.run(store)
    assert len(stored()) == 6
    unit.run(lambda: db.session.add(Bank(slug="s", title="", description="", version=1, created_at=now())))
    assert len(stored()) == 7
