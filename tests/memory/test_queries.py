"""What is known of learners' memories, and that no question on the way of an answer scans a table."""

from __future__ import annotations

import datetime as dt

import pytest

from quizapp.db import db
from quizapp.memory import queries, service
from quizapp.memory.kinds import Rating, ReviewKind
from tests.factories.accounts import create_learner
from tests.factories.memory import MORNING, create_cards, drill, mark, quiz, undo

TODAY = MORNING.date()
DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.usefixtures("app")


def test_a_card_never_touched_is_unseen() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    assert queries.card_memory(learner.id, card_id) == queries.UNSEEN
    assert queries.memories(learner.id, [card_id]) == {}
    assert queries.memories(learner.id, []) == {}
    assert queries.log_seq(learner.id) == 0


def test_memories_are_those_of_the_learner_alone() -> None:
    learner, other, card_ids = create_learner(), create_learner(), create_cards(2)
    drill(learner, card_ids[0])
    drill(other, card_ids[1])
    assert list(queries.memories(learner.id, card_ids)) == [card_ids[0]]
    assert queries.log_seq(learner.id) == 1


def test_the_load_counts_due_cards_and_names_the_days_of_siblings() -> None:
    learner, (first, second, third) = create_learner(), create_cards(1, per_note=3)
    sibling_day = drill(learner, first, Rating.EASY).memory.due_on
    other_day = drill(learner, create_cards()[0], Rating.EASY).memory.due_on
    mark(service.suspend_card, learner, drill(learner, third, Rating.EASY).card_id)
    load = queries.load(learner.id, second, [(TODAY, TODAY + 20 * DAY)])
    assert load.sibling_days == {sibling_day}
    assert sum(load.due_cards.values()) == 2
    assert load.due_cards[other_day] >= 1
    both_sides = [(TODAY, other_day - DAY), (other_day + DAY, other_day + 20 * DAY)]
    beside = queries.load(learner.id, second, both_sides)
    assert other_day not in beside.due_cards
    assert sum(beside.due_cards.values()) == sum(load.due_cards.values()) - load.due_cards[other_day]


def test_learners_of_notes_are_counted_once_each() -> None:
    learner, other, card_ids = create_learner(), create_learner(), create_cards(1, per_note=2)
    create_learner()
    for card_id in card_ids:
        drill(learner, card_id)
    quiz(other, card_ids[0])
    note_id = db.session.connection().exec_driver_sql("SELECT max(id) FROM note").scalar_one()
    assert queries.learners_of([note_id]) == 2
    assert queries.learners_of([note_id + 1]) == 0
    assert queries.learners_of([]) == 0


def test_a_history_tells_what_was_undone() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    drill(learner, card_id, sitting_id=1)
    drill(learner, card_id, Rating.AGAIN, sitting_id=1)
    undo(learner)
    history = queries.card_reviews(learner.id, card_id)
    assert [(past.entry.kind, past.undone) for past in history] == [
        (ReviewKind.DRILL, False),
        (ReviewKind.DRILL, True),
        (ReviewKind.UNDO, False),
    ]


def test_learners_with_reviews_are_those_who_answered() -> None:
    create_learner()
    learner = create_learner()
    drill(learner, create_cards()[0])
    assert queries.learners_with_reviews() == [learner.id]


@pytest.mark.sqlite_only("the plan of a query is SQLite's")
def test_no_statement_on_the_way_of_an_answer_scans_a_table(statements: list[str]) -> None:
    learner, card_ids = create_learner(), create_cards(3, per_note=3)
    statements.clear()
    for card_id in card_ids[:4]:
        drill(learner, card_id, Rating.EASY, sitting_id=1)
    undo(learner)
    quiz(learner, card_ids[0])
    queries.previews(learner, queries.card_memory(learner.id, card_ids[0]), card_ids[0], MORNING + 8 * DAY)
    asked = {
        statement
        for statement in statements
        if statement.startswith("SELECT") and "FROM item" not in statement
    }
    assert len(asked) >= 6
    for statement in asked:
        parameters = (None,) * statement.count("?")
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        assert not [
            row.detail for row in plan if row.detail.startswith("SCAN") and "CONSTANT" not in row.detail
        ], plan
