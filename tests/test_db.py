"""What the floor promises: no lost update, no half-written unit, history that refuses change, times that survive."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import Connection, event, select, text, update
from sqlalchemy.exc import IntegrityError

from quizapp.accounts.models import Learner
from quizapp.db import db
from quizapp.errors import StorageUnavailable
from quizapp.gate import WriteGate
from quizapp.web import unit
from tests.factories.accounts import create_learner
from tests.factories.memory import create_cards, drill

NOW = dt.datetime(2026, 3, 29, 1, 30, 15, 123000, tzinfo=dt.UTC)


def test_concurrent_units_lose_no_update(app: Flask) -> None:
    learner_id = create_learner().id

    def add_one() -> None:
        row = db.session.get(Learner, learner_id, populate_existing=True, with_for_update=True)
        assert row is not None
        row.new_per_day += 1

    def add_many() -> None:
        for _ in range(25):
            with app.app_context():
                unit.run(add_one)

    before = db.session.execute(select(Learner.new_per_day)).scalar_one()
    threads = [threading.Thread(target=add_many) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert db.session.execute(select(Learner.new_per_day)).scalar_one() == before + 150


def test_a_unit_that_fails_leaves_nothing_and_gives_the_gate_back(app: Flask) -> None:
    learner_id = create_learner().id
    change = update(Learner).where(Learner.id == learner_id)

    def fail() -> None:
        db.session.execute(change.values(day_start=7))
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        unit.run(fail)
    unit.run(lambda: db.session.execute(change.values(new_per_day=5)))
    row = db.session.execute(select(Learner.day_start, Learner.new_per_day)).one()
    assert tuple(row) == (4, 5)


def test_a_database_locked_by_another_program_is_told_and_nothing_is_saved(app: Flask) -> None:
    learner_id = create_learner().id
    other = sqlite3.connect(db.engine.url.database, isolation_level=None)
    event.listen(db.engine, "begin", impatient, insert=True)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StorageUnavailable, match="Nothing was saved"):
            unit.run(lambda: db.session.execute(update(Learner).values(day_start=9)))
    finally:
        other.close()
        event.remove(db.engine, "begin", impatient)
    assert stored(learner_id).day_start == 4
    unit.run(lambda: db.session.execute(update(Learner).values(day_start=5)))
    assert stored(learner_id).day_start == 5


def impatient(connection: Connection) -> None:
    """Do not wait five seconds for a lock that will stay."""
    connection.connection.execute(
        "PRAGMA busy_timeout=1"
    )  # on the driver's connection: no transaction begins


def stored(learner_id: int) -> Learner:
    db.session.rollback()
    row = db.session.get(Learner, learner_id, populate_existing=True)
    assert row is not None
    return row


def test_the_gate_is_waited_for_until_the_deadline_then_refused(tmp_path: Path) -> None:
    first, second = WriteGate(tmp_path / "gate"), WriteGate(tmp_path / "gate")
    first.acquire(deadline=1)
    with pytest.raises(StorageUnavailable, match="busy"):
        second.acquire(deadline=0.02)
    first.release()
    second.acquire(deadline=1)
    second.release()


def test_times_and_days_come_back_as_they_went_in(app: Flask) -> None:
    assert stored(create_learner(at=NOW).id).created_at == NOW


def test_a_naive_time_is_a_programmers_mistake(app: Flask) -> None:
    with pytest.raises(Exception, match="naive datetime"):
        create_learner(at=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("log", ["review", "response", "attempt_item"])
def test_the_logs_have_their_triggers(app: Flask, log: str) -> None:
    query = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :log ORDER BY name")
    names = [name for (name,) in db.session.execute(query, {"log": log})]
    assert names == [f"{log}_no_delete", f"{log}_no_replace", f"{log}_no_update"]


def test_the_logs_refuse_to_be_replaced_row_by_row(app: Flask) -> None:
    learner, [card_id] = create_learner(), create_cards()
    drill(learner, card_id)
    replace = text("INSERT OR REPLACE INTO review SELECT * FROM review")
    with pytest.raises(IntegrityError, match="review is append-only"):
        unit.run(lambda: db.session.execute(replace))


def test_the_migrations_build_what_the_models_say(app: Flask) -> None:
    check()


def test_the_migrations_go_down_and_up_again(make_app: Callable[[], Flask]) -> None:
    with make_app().app_context():
        downgrade(revision="base")
        upgrade()
        check()


def test_foreign_keys_are_enforced(app: Flask) -> None:
    statement = text("INSERT INTO note_tag (note_id, tag, position) VALUES (999, 'x', 0)")
    with pytest.raises(IntegrityError):
        unit.run(lambda: db.session.execute(statement))
