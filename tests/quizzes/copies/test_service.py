"""What a guest did in quizzes, added to an account."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp.accounts.viewer import LearnerSettings
from quizapp.db import db
from quizapp.memory import service as memory
from quizapp.memory.models import Review
from quizapp.quizzes import queries
from quizapp.quizzes.copies.service import copy_attempts
from quizapp.quizzes.models import Attempt, AttemptBank, AttemptFlag, AttemptItem, AttemptTime, ItemResponse
from quizapp.quizzes.pool import service as pool
from quizapp.web import unit
from tests.factories import banks, quizzes
from tests.factories.accounts import create_learner, create_user, learner_of
from tests.factories.memory import MORNING

LATER = MORNING + dt.timedelta(hours=1)


@pytest.fixture
def guest(app: Flask) -> LearnerSettings:
    banks.publish(quizzes.MIXED)
    return create_learner()


@pytest.fixture
def ana(guest: LearnerSettings) -> LearnerSettings:
    return learner_of(create_user())


def copy(guest: LearnerSettings, learner: LearnerSettings) -> int:
    return unit.run(lambda: copy_attempts(source_learner_id=guest.id, learner_id=learner.id))


def rows(model: Any, learner: LearnerSettings, *left_out: str) -> list[dict[str, Any]]:
    """Return the learner's rows of a table by their key, without the columns `left_out`."""
    db.session.rollback()
    table = model.__table__
    query = select(table).where(table.c.learner_id == learner.id).order_by(*table.primary_key)
    return [
        {name: value for name, value in row._mapping.items() if name not in {"learner_id", *left_out}}
        for row in db.session.execute(query)
    ]


def test_everything_of_an_attempt_is_there_again(guest: LearnerSettings, ana: LearnerSettings) -> None:
    done = quizzes.start(guest)
    quizzes.answer_all(guest, done, wrong=[2])
    again = unit.run(
        lambda: pool.retake(guest, done, only_missed=False, new_code="n" * 22, seed=9, now=LATER)
    )
    quizzes.flag(guest, again, 2, thinking_ms=None)
    assert copy(guest, ana) == 2
    for model in (AttemptItem, AttemptBank, AttemptFlag, AttemptTime, ItemResponse):
        assert rows(model, ana) == rows(model, guest), model
    assert rows(Attempt, ana, "code") == rows(Attempt, guest, "code")
    codes = [row["code"] for row in rows(Attempt, ana)]
    assert len({*codes, done, again}) == 4
    assert {len(code) for code in codes} == {22}


def test_copies_are_numbered_after_what_the_learner_has(guest: LearnerSettings, ana: LearnerSettings) -> None:
    quizzes.answer_all(ana, quizzes.start(ana, count=2))
    own = rows(ItemResponse, ana)
    first = quizzes.start(guest)
    quizzes.answer_all(guest, first)
    unit.run(lambda: pool.retake(guest, first, only_missed=False, new_code="n" * 22, seed=9, now=LATER))
    assert copy(guest, ana) == 2
    assert [(row["id"], row["retake_of"]) for row in rows(Attempt, ana)] == [(1, None), (2, None), (3, 2)]
    responses = rows(ItemResponse, ana)
    assert responses[:2] == own
    assert [(row["seq"], row["attempt_id"]) for row in responses[2:]] == [(3, 2), (4, 2), (5, 2)]


def test_copying_again_adds_nothing(guest: LearnerSettings, ana: LearnerSettings) -> None:
    quizzes.answer_all(guest, quizzes.start(guest))
    assert (copy(guest, ana), copy(guest, ana)) == (1, 0)
    assert len(rows(Attempt, ana)) == 1
    assert len(rows(ItemResponse, ana)) == 3


def test_an_open_test_goes_on_in_the_account_and_teaches_it(
    guest: LearnerSettings, ana: LearnerSettings
) -> None:
    quizzes.answer_all(guest, quizzes.start(guest, mode="test"))
    copy(guest, ana)
    code = queries.open_attempts(ana.id)[0].code
    assert quizzes.finish(ana, code)
    keys = {row["answer_key"] for row in rows(ItemResponse, ana)}
    assert {row["answer_key"] for row in rows(Review, ana)} == keys


def test_answers_of_a_practice_quiz_are_not_learnt_twice(
    guest: LearnerSettings, ana: LearnerSettings
) -> None:
    quizzes.answer_all(guest, quizzes.start(guest))
    copy(guest, ana)
    added = unit.run(lambda: memory.copy_reviews(source_learner_id=guest.id, learner=ana))
    assert added == 3 == len(rows(Review, ana))
    assert {row["answer_key"] for row in rows(Review, ana)} == {
        row["answer_key"] for row in rows(ItemResponse, ana)
    }
