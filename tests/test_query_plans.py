"""What a busy page reads it finds by index: no statement walks a table that grows with cards, learners or answers."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from quizapp.accounts.viewer import LearnerSettings
from quizapp.db import db
from tests.factories import banks, quizzes, study
from tests.factories.accounts import create_user, learner_of
from tests.factories.memory import MORNING
from tests.reader import Reader, signed_in

pytestmark = pytest.mark.sqlite_only("the plan of a query is SQLite's")

# Banks are few, and what a statement has made of rows found by index ("anon_1", "(subquery-3)") is none of the tables.
MAY_BE_WALKED = re.compile(r"SCAN (bank\b|offered_bank\b|bank_version\b|anon_\d|\(|CONSTANT ROW)")


def walked(statements: list[str]) -> list[tuple[str, str]]:
    """Return the steps that walk a table, each with its statement."""
    connection = db.session.connection()
    found = []
    for statement in statements:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            values = (None,) * statement.count("?")
            steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            found += [
                (step, statement)
                for step in steps
                if step.startswith("SCAN") and not MAY_BE_WALKED.match(step)
            ]
    return found


@pytest.fixture
def learner(client: FlaskClient) -> LearnerSettings:
    """Somebody who has drilled, taken a quiz, and has another one open."""
    banks.publish(quizzes.MIXED, bank="mixed")
    learner = learner_of(create_user())
    study.know(learner, study.publish_cards(6)[:4], now=MORNING)
    code = quizzes.start(learner, banks=("mixed",))
    quizzes.answer_all(learner, code, wrong=[1])
    quizzes.finish(learner, code)
    quizzes.start(learner, banks=("mixed",))
    return learner


@pytest.fixture
def reader(client: FlaskClient, learner: LearnerSettings) -> Reader:
    return signed_in(client, "ana@example.org")


@pytest.mark.parametrize(
    "path", ["/", "/study", "/quizzes", "/history", "/progress", "/banks/sample", "/cards?bank=sample"]
)
def test_a_page_walks_no_table(reader: Reader, statements: list[str], path: str) -> None:
    reader.get(path)
    assert len(statements) > 3
    assert walked(statements) == []


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("prefer", list(quizzes.Prefer))
def test_starting_a_quiz_walks_no_table(
    learner: LearnerSettings, statements: list[str], prefer: quizzes.Prefer
) -> None:
    quizzes.start(learner, banks=("mixed",), prefer=prefer)
    assert walked(statements) == []


def test_opening_a_deck_walks_no_table(learner: LearnerSettings, statements: list[str]) -> None:
    sitting_id = study.start(learner, bank_slugs=["sample"])
    assert study.turn(learner, sitting_id) is not None
    assert walked(statements) == []


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("log", ["review", "response", "attempt_item"])
def test_a_log_finds_the_row_that_would_be_replaced_by_its_whole_key(log: str) -> None:
    """Otherwise each answer would read all answers before it."""
    connection = db.session.connection()
    (trigger,) = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE name = ?", (f"{log}_no_replace",)
    ).one()
    condition = re.sub(r"\bNEW\.\w+", "1", re.search(r"WHEN (.*) BEGIN", trigger)[1])
    steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN SELECT {condition}")]
    searches = [step for step in steps if log in step]
    assert searches
    for step in searches:
        assert re.search(r"USING .*\(learner_id=\? AND .*=\?\)", step), step
