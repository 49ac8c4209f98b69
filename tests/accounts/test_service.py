"""Erasing, sweeping, and counting attempts, against the whole schema."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, create_engine, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from quizapp import limits
from quizapp.accounts import queries, service
from quizapp.accounts.models import Learner, LoginFailure, LoginSession, OneTimeLink, User
from quizapp.db import Day, UtcTime, db
from quizapp.web import unit
from quizapp.web.clock import now
from tests.factories.accounts import create_learner, create_user, learner_of

Look = Callable[..., list[tuple[object, ...]]]
DAY = dt.timedelta(days=1)
OF_LEARNERS = [table for table in db.metadata.sorted_tables if "learner_id" in table.columns]


def fill(learner_id: int) -> None:
    """Give a learner one row in every table that has learners, whatever the row says."""
    engine = create_engine(db.engine.url)  # SQLite's does not look where a row points to
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        for table in OF_LEARNERS:
            wanted = [
                column for column in table.columns if not column.nullable or column.name == "learner_id"
            ]
            row = {column.name: anything(column, learner_id) for column in wanted}
            connection.execute(insert(table), row)
    engine.dispose()


def anything(column: Column[Any], number: int) -> object:
    """Return a value that the column takes, another for each number where it can be."""
    if isinstance(column.type, UtcTime):
        return now()
    if isinstance(column.type, Day):
        return now().date()
    if column.name == "kind" and column.type.python_type is str:
        return "card"
    values = {bytes: number.to_bytes(16), str: str(number), float: 1.0, bool: False}
    return values.get(column.type.python_type, number)


def test_erasing_an_account_erases_every_row_of_its_learner_and_of_nobody_else(look: Look) -> None:
    gone_user, kept_user = create_user(), create_user("bea@example.org")
    gone, kept = learner_of(gone_user).id, learner_of(kept_user).id
    fill(gone)
    fill(kept)
    assert len(OF_LEARNERS) > 8
    with pytest.raises(IntegrityError, match="review is append-only"):
        unit.run(lambda: db.session.execute(db.metadata.tables["review"].delete()))
    unit.run(lambda: service.erase_learner(gone, user_id=gone_user))
    for table in OF_LEARNERS:
        assert look(select(table.c.learner_id)) == [(kept,)], table.name
    assert look(select(User.id)) == [(kept_user,)]


def test_a_sweep_erases_guests_who_stayed_away_and_nobody_with_an_account(look: Look) -> None:
    instant = now()
    old = create_learner(at=instant - 31 * DAY)
    recent = create_learner(at=instant - 29 * DAY)
    create_user(at=instant - 400 * DAY)
    unit.run(lambda: service.issue_administrator_link(now=instant - 2 * DAY))
    unit.run(
        lambda: service.open_session(
            token="t", learner_id=recent.id, user_id=None, agent="", now=instant - 181 * DAY
        )
    )
    assert queries.stale_guests(before=instant - 30 * DAY) == 1
    assert unit.run(lambda: service.sweep(guests_before=instant - 30 * DAY, now=instant)) == 1
    assert old.id not in [row[0] for row in look(select(Learner.id))]
    assert look(select(func.count(Learner.id))) == [(2,)]
    assert look(select(func.count(LoginSession.id))) == [(0,)]
    assert look(select(func.count(OneTimeLink.token_sha256))) == [(0,)]


def _fail(count: int, *, account: bytes, address: str, at: dt.datetime) -> None:
    for _ in range(count):
        unit.run(lambda: service.begin_attempt(account=account, address=address, now=at))


def test_an_account_is_tried_again_when_its_tenth_last_failure_is_five_minutes_old(app: Flask) -> None:
    start = now()
    _fail(5, account=b"a", address="1", at=start)
    _fail(5, account=b"a", address="2", at=start + dt.timedelta(minutes=2))
    with pytest.raises(service.TooManyFailures) as refused:
        _fail(1, account=b"a", address="3", at=start + dt.timedelta(minutes=3))
    assert refused.value.until == start + dt.timedelta(minutes=5)
    _fail(5, account=b"a", address="3", at=start + dt.timedelta(minutes=5))
    with pytest.raises(service.TooManyFailures):
        _fail(1, account=b"a", address="3", at=start + dt.timedelta(minutes=5))


def test_guesses_at_one_moment_are_counted_one_after_the_other(app: Flask) -> None:
    at = now()

    def guess(_: int) -> bool:
        with app.app_context():
            try:
                _fail(1, account=b"a", address="1", at=at)
            except service.TooManyFailures:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(24))) == limits.FAILURES_PER_ACCOUNT


def test_an_address_has_300_attempts_for_all_accounts_together(app: Flask, look: Look) -> None:
    start = now()
    rows = [{"account": bytes([n % 200]), "address": "9", "failed_at": start} for n in range(300)]
    unit.run(lambda: db.session.execute(LoginFailure.__table__.insert(), rows))
    with pytest.raises(service.TooManyFailures, match="Too many wrong passwords"):
        _fail(1, account=b"new", address="9", at=start)
    _fail(1, account=b"new", address="8", at=start)
    assert look(select(func.count(LoginFailure.id))) == [(301,)]
