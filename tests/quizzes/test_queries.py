"""Reading attempts: one's own alone, the last response of a position, and never a whole table."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from quizapp.accounts.viewer import LearnerSettings
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.quizzes import queries
from tests.factories import banks, quizzes
from tests.factories.accounts import create_learner
from tests.factories.memory import MORNING

LATER = MORNING + dt.timedelta(minutes=5)


@pytest.fixture
def learner(app: Flask) -> LearnerSettings:
    banks.publish(quizzes.MIXED)
    return create_learner()


def test_the_last_response_of_a_position_counts_and_time_adds_up(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test")
    first = quizzes.items(learner, code)[0]
    quizzes.answer(learner, code, 1, quizzes.bad_answer(first), thinking_ms=3000)
    quizzes.answer(learner, code, 1, quizzes.good_answer(first), thinking_ms=2000, at=LATER)
    answered, *rest = quizzes.items(learner, code)
    assert (answered.answer, answered.fraction, answered.missed) == (quizzes.good_answer(first), 1.0, False)
    assert answered.spent_ms == 5000
    assert all((item.answer, item.fraction, item.missed) == (None, None, True) for item in rest)
    attempt = queries.attempt_for(learner.id, code)
    assert [place.answered for place in queries.places(learner.id, attempt.id)] == [True, False, False]


def test_the_key_may_be_seen_after_the_answer_in_practice_and_after_the_end_in_a_test(
    learner: LearnerSettings,
) -> None:
    practice, test = quizzes.start(learner), quizzes.start(learner, mode="test")
    for code in (practice, test):
        assert not queries.asked(learner.id, code, 1).told
        quizzes.answer(learner, code, 1, quizzes.good_answer(quizzes.items(learner, code)[0]))
    assert queries.asked(learner.id, practice, 1).told
    assert not queries.asked(learner.id, practice, 2).told
    assert not queries.asked(learner.id, test, 1).told
    quizzes.finish(learner, test)
    assert queries.asked(learner.id, test, 3).told


def test_only_ones_own_open_attempts_are_offered_latest_first(learner: LearnerSettings) -> None:
    quizzes.finish(learner, quizzes.start(learner))
    quizzes.start(create_learner())
    older = quizzes.start(learner, at=MORNING)
    newer = quizzes.start(learner, at=LATER)
    quizzes.answer(learner, older, 2, quizzes.good_answer(quizzes.items(learner, older)[1]))
    assert [(one.code, one.answered) for one in queries.open_attempts(learner.id)] == [(newer, 0), (older, 1)]


def test_a_foreign_attempt_is_not_there(learner: LearnerSettings) -> None:
    code, other = quizzes.start(learner), create_learner()
    with pytest.raises(NotFound):
        queries.attempt_for(other.id, code)
    with pytest.raises(NotFound):
        queries.asked(other.id, code, 1)
    with pytest.raises(NotFound):
        queries.standing(other.id, code, 1, bytes(16))


@pytest.mark.sqlite_only("the plan of a query is SQLite's")
def test_nothing_on_the_way_of_an_answer_reads_a_whole_table(
    learner: LearnerSettings, statements: list[str]
) -> None:
    code = quizzes.start(learner)
    item = quizzes.items(learner, code)[0]
    statements.clear()
    queries.open_attempts(learner.id)
    queries.asked(learner.id, code, 1)
    queries.places(learner.id, 1)
    quizzes.answer(learner, code, 1, quizzes.good_answer(item))
    read = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(read) >= 5
    for statement in read:
        values = (1,) * statement.count("?")
        for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
            assert not row[3].startswith("SCAN ") or row[3].startswith("SCAN CONSTANT"), (row[3], statement)
