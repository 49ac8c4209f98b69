"""The command `memory rebuild`."""

from __future__ import annotations

from flask import Flask

from quizapp.db import db
from quizapp.memory import queries
from quizapp.web import unit
from tests.factories.accounts import create_learner
from tests.factories.memory import MORNING, create_cards, drill


def test_check_reports_a_difference_and_changes_nothing_and_rebuild_repairs_it(app: Flask) -> None:
    learner, other, (card_id,) = create_learner(), create_learner(), create_cards()
    drill(learner, card_id, thinking_ms=900)
    drill(other, card_id)
    runner = app.test_cli_runner()
    sound = runner.invoke(args=["memory", "rebuild", "--check"])
    assert (sound.exit_code, sound.output) == (0, "2\xa0learners, 2\xa0memories: all agree.\n")

    damage = f"UPDATE card_memory SET repetitions = 7 WHERE learner_id = {learner.id}"
    unit.run(lambda: db.session.connection().exec_driver_sql(damage))
    unit.run(
        lambda: db.session.connection().exec_driver_sql(
            f"DELETE FROM learner_day WHERE learner_id = {learner.id}"
        )
    )
    checked = runner.invoke(args=["memory", "rebuild", "--check"])
    assert checked.exit_code == 1
    assert f"learner {learner.id}: cards {card_id} study days {MORNING.date()}\n" in checked.output
    assert checked.output.endswith("1\xa0learner not as the log says.\n")
    assert queries.card_memory(learner.id, card_id).memory.repetitions == 7

    rebuilt = runner.invoke(args=["memory", "rebuild", "--learner", str(learner.id)])
    assert rebuilt.exit_code == 0
    assert rebuilt.output.endswith("1\xa0learner put right.\n")
    assert queries.card_memory(learner.id, card_id).memory.repetitions == 1
    assert runner.invoke(args=["memory", "rebuild", "--check"]).exit_code == 0


def test_a_learner_without_reviews_is_told(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["memory", "rebuild", "--learner", "7"])
    assert (result.exit_code, result.output) == (1, "Error: Learner 7 has no reviews.\n")
