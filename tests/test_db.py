"""What the floor promises: no lost update, no half-written unit, history that refuses change, times that survive."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import Connection, create_engine, event, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from quizapp.accounts.models import Learner, RegistrationCode
from quizapp.db import db
from quizapp.errors import StorageUnavailable
from quizapp.gate import WriteGate
from quizapp.upkeep.copying.service import snapshot
from quizapp.web import unit
from tests.conftest import site_in
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


def test_a_unit_that_was_overtaken_finds_what_the_other_has_added(app: Flask) -> None:
    both_looked = threading.Barrier(2)

    def add_once() -> str:
        if db.session.get(RegistrationCode, "spring") is not None:
            return "found"
        with suppress(threading.BrokenBarrierError):  # on SQLite the other waits for this one to end
            both_looked.wait(0.2)
        db.session.execute(insert(RegistrationCode).values(code="spring", uses_left=1))
        return "added"

    def run(_: int) -> str:
        with app.app_context():
            return unit.run(add_once)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == ["added", "found"]


def test_a_unit_that_adds_a_row_twice_fails_as_itself(app: Flask) -> None:
    row = {"code": "spring", "uses_left": 1}
    with pytest.raises(IntegrityError):
        unit.run(lambda: db.session.execute(insert(RegistrationCode), [row, row]))


def test_a_database_locked_by_another_program_is_told_and_nothing_is_saved(app: Flask) -> None:
    learner_id = create_learner().id
    event.listen(db.engine, "begin", impatient, insert=True)
    try:
        with held_by_another_program(), pytest.raises(StorageUnavailable, match="Nothing was saved"):
            unit.run(lambda: db.session.execute(update(Learner).values(day_start=9)))
    finally:
        event.remove(db.engine, "begin", impatient)
    assert stored(learner_id).day_start == 4
    unit.run(lambda: db.session.execute(update(Learner).values(day_start=5)))
    assert stored(learner_id).day_start == 5


@contextmanager
def held_by_another_program() -> Iterator[None]:
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(url.database or "", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    engine = create_engine(url)
    try:
        with engine.connect() as other:
            other.execute(text("LOCK TABLE learner"))
            yield
    finally:
        engine.dispose()


def impatient(connection: Connection) -> None:
    """Do not wait five seconds for a lock that will stay."""
    shorter = {"sqlite": "PRAGMA busy_timeout=1", "postgresql": "SET LOCAL lock_timeout = 1"}
    connection.connection.execute(  # on the driver's connection: no transaction of ours begins
        shorter[connection.dialect.name]
    )


@pytest.mark.postgresql_only("its connections can be ended from elsewhere")
def test_a_connection_that_the_server_ended_is_replaced_and_one_in_use_saves_nothing(app: Flask) -> None:
    learner_id = create_learner().id
    end_others = text(
        "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'tests'"
    )
    assert app.test_client().get("/readyz").status_code == 200
    db.session.remove()
    engine = create_engine(db.engine.url, isolation_level="AUTOCOMMIT")

    def end_all() -> None:
        with engine.connect() as other:
            other.execute(end_others)

    def lose_it() -> None:
        db.session.execute(update(Learner).values(day_start=9))
        end_all()
        db.session.execute(update(Learner).values(new_per_day=9))

    try:
        end_all()
        assert app.test_client().get("/readyz").status_code == 200
        with pytest.raises(StorageUnavailable, match="Nothing was saved"):
            unit.run(lose_it)
        assert stored(learner_id).day_start == 4
    finally:
        engine.dispose()


IDLE = "SHOW idle_in_transaction_session_timeout"


@pytest.mark.postgresql_only("others wait for whom its server does not know to be gone")
def test_a_transaction_in_which_nothing_is_asked_is_ended_in_time_and_saves_nothing(app: Flask) -> None:
    learner_id = create_learner().id
    assert db.session.scalar(text(IDLE)) == "1min"

    def hang() -> None:
        db.session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 1"))
        db.session.execute(update(Learner).where(Learner.id == learner_id).values(time_zone="Asia/Tokyo"))
        time.sleep(0.2)
        db.session.flush()
        db.session.scalar(select(Learner.id))

    with pytest.raises(StorageUnavailable):
        unit.run(hang)
    assert stored(learner_id).time_zone != "Asia/Tokyo"


@pytest.mark.postgresql_only("only its server can be told")
def test_what_the_server_was_told_of_idle_transactions_stays_and_a_backup_may_take_its_time(
    make_app: Callable[[], Flask],
) -> None:
    with make_app().app_context():
        with db.engine.begin() as connection:
            name = db.engine.url.database
            connection.execute(text(f"ALTER DATABASE {name} SET idle_in_transaction_session_timeout = '7s'"))
        db.engine.dispose()
        assert db.session.scalar(text(IDLE)) == "7s"
        with snapshot() as connection:
            assert connection.scalar(text(IDLE)) == "0"


@pytest.mark.postgresql_only("only a server can be away")
def test_while_the_server_is_away_every_page_says_that_the_database_is(tmp_path: Path) -> None:
    away = f"postgresql://nobody@/nothing?host={tmp_path}"
    with site_in(tmp_path, database_url=away) as site:
        for path in ("/", "/readyz", "/login"):
            answer = site.test_client().get(path)
            assert answer.status_code == 503
            assert "The database is not available. Nothing was saved." in answer.text
            assert answer.headers["Retry-After"]


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


def test_no_text_is_a_failure_to_look_for(app: Flask) -> None:
    for strange in ("\0", "a\0b", "%", "\\", "'", "\N{PILE OF POO}", "x" * 100_000):
        assert db.session.scalars(select(RegistrationCode).filter_by(code=strange)).all() == []


def test_times_and_days_come_back_as_they_went_in(app: Flask) -> None:
    assert stored(create_learner(at=NOW).id).created_at == NOW


def test_a_naive_time_is_a_programmers_mistake(app: Flask) -> None:
    with pytest.raises(Exception, match="naive datetime"):
        create_learner(at=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("log", ["review", "response", "attempt_item"])
def test_the_logs_have_their_triggers(app: Flask, log: str) -> None:
    query, guarded = {
        "sqlite": ("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :log", "replace"),
        "postgresql": (
            "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(:log) AND NOT tgisinternal",
            "truncate",
        ),
    }[db.engine.dialect.name]
    names = {name for (name,) in db.session.execute(text(query), {"log": log})}
    assert names == {f"{log}_no_{what}" for what in ("delete", "update", guarded)}


def test_the_logs_refuse_what_fires_no_trigger_of_rows(app: Flask) -> None:
    learner, [card_id] = create_learner(), create_cards()
    drill(learner, card_id)
    statement = {
        "sqlite": "INSERT OR REPLACE INTO review SELECT * FROM review",
        "postgresql": "TRUNCATE review CASCADE",
    }[db.engine.dialect.name]
    with pytest.raises(IntegrityError, match="review is append-only"):
        unit.run(lambda: db.session.execute(text(statement)))


def test_the_migrations_build_what_the_models_say(app: Flask) -> None:
    check()


@pytest.mark.postgresql_only("its databases have a language, and sort by it")
def test_all_text_is_ordered_by_code_point(app: Flask) -> None:
    other = text(
        "SELECT attrelid::regclass, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        """ AND attcollation NOT IN (0, '"C"'::regcollation)"""
    )
    assert db.session.execute(other).all() == []


def test_the_migrations_go_down_and_up_again(make_app: Callable[[], Flask]) -> None:
    with make_app().app_context():
        downgrade(revision="base")
        upgrade()
        check()


def test_foreign_keys_are_enforced(app: Flask) -> None:
    statement = text("INSERT INTO note_tag (note_id, tag, position) VALUES (999, 'x', 0)")
    with pytest.raises(IntegrityError):
        unit.run(lambda: db.session.execute(statement))
