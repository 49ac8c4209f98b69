"""What a sitting shows next."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from sqlalchemy import event

from quizapp.accounts.viewer import LearnerSettings
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.memory import queries as memory
from quizapp.memory import service as memory_service
from quizapp.memory.kinds import Rating
from quizapp.study import queries, service
from quizapp.study.scope import Order
from quizapp.web import unit
from tests.factories.accounts import create_learner
from tests.factories.banks import publish
from tests.factories.memory import MORNING, drill, mark, quiz
from tests.factories.study import know, publish_cards, shown, start, turn

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
LATER = MORNING + 60 * DAY  # whatever was graduated is due

pytestmark = pytest.mark.usefixtures("app")


def answer(
    learner: LearnerSettings, sitting: int, now: dt.datetime = MORNING, rating: Rating = Rating.EASY
) -> int:
    """Rate the card that the sitting shows, and return its id."""
    card_id = shown(learner, sitting, now)
    assert card_id is not None
    drill(learner, card_id, rating, now=now, sitting_id=sitting)
    return card_id


def test_new_cards_come_in_written_order_and_then_nothing() -> None:
    cards, learner = publish_cards(3), create_learner()
    sitting = start(learner, bank_slugs=["sample"])
    assert [answer(learner, sitting) for _ in cards] == cards
    assert turn(learner, sitting) is None


def test_new_cards_of_a_tag_stay_together() -> None:
    cards, learner = publish_cards(4, tags=("oral", "pump")), create_learner()
    sitting = start(learner, bank_slugs=["sample"])
    assert [answer(learner, sitting) for _ in cards] == [cards[0], cards[2], cards[1], cards[3]]


def test_open_steps_come_first_then_reviews_then_new_cards() -> None:
    cards, learner = publish_cards(3), create_learner()
    know(learner, cards[:1], now=MORNING)
    sitting = start(learner, now=LATER, bank_slugs=["sample"])
    drill(learner, cards[1], Rating.AGAIN, now=LATER, sitting_id=sitting)
    assert shown(learner, sitting, LATER + MINUTE) == cards[1]
    assert answer(learner, sitting, LATER) == cards[0]  # the step is not due yet
    assert answer(learner, sitting, LATER) == cards[2]
    early = turn(learner, sitting, LATER)
    assert early is not None
    assert (early.face.card_id, early.early) == (cards[1], True)


def test_a_step_that_is_far_off_ends_the_sitting() -> None:
    (card,), learner = publish_cards(1), create_learner()
    drill(learner, card, Rating.GOOD, now=MORNING)  # ten minutes to the next step
    sitting = start(learner, now=MORNING - 11 * MINUTE, bank_slugs=["sample"])
    assert turn(learner, sitting, MORNING - 11 * MINUTE) is None
    assert shown(learner, sitting, MORNING - 9 * MINUTE) == card


def test_the_daily_limit_of_new_cards_holds_over_sittings() -> None:
    publish_cards(5)
    learner = replace(create_learner(), new_per_day=2)
    first, second = (start(learner, bank_slugs=["sample"]) for _ in range(2))
    answer(learner, first)
    answer(learner, second)
    assert shown(learner, first) is None
    assert shown(learner, second) is None
    assert shown(learner, start(learner, bank_slugs=["sample"])) is None
    assert shown(learner, start(learner, now=MORNING + DAY, bank_slugs=["sample"]), MORNING + DAY) is not None


def test_new_cards_come_anyway_when_asked_for() -> None:
    publish_cards(5)
    learner = replace(create_learner(), new_per_day=1)
    sitting = start(learner, bank_slugs=["sample"])
    answer(learner, sitting)
    assert shown(learner, sitting) is None
    unit.run(lambda: service.study_new_anyway(learner, sitting, now=MORNING))
    assert len({answer(learner, sitting) for _ in range(4)}) == 4
    assert shown(learner, sitting) is None


def test_new_cards_wait_while_more_is_due_than_a_day_holds() -> None:
    old, learner = publish_cards(6), replace(create_learner(), minutes_per_day=1)
    publish_cards(2, bank="other")
    know(learner, old, now=MORNING)
    assert shown(learner, start(learner, now=MORNING, bank_slugs=["other"])) is not None
    assert shown(learner, start(learner, now=LATER, bank_slugs=["other"]), LATER) is None


def test_everything_due_brings_new_cards_of_begun_banks_alone() -> None:
    cards, learner = publish_cards(2), create_learner()
    publish_cards(2, bank="other")
    assert shown(learner, start(learner)) is None
    drill(learner, cards[0], Rating.EASY)
    sitting = start(learner)
    assert answer(learner, sitting) == cards[1]
    assert shown(learner, sitting) is None


def test_banks_and_tags_bound_a_sitting() -> None:
    cards, learner = publish_cards(4, tags=("oral", "pump")), create_learner()
    others = publish_cards(2, bank="other", tags=("pump",))
    know(learner, [*cards, *others], now=MORNING)

    def all_of(sitting: int) -> set[int]:
        found = set()
        while shown(learner, sitting, LATER) is not None:
            found.add(answer(learner, sitting, LATER))
        return found

    pump = start(learner, now=LATER, tag="pump")
    assert all_of(pump) == {cards[1], cards[3], *others}
    one = start(learner, now=LATER, bank_slugs=["sample"])
    assert all_of(one) == {cards[0], cards[2]}


def test_topics_take_turns_over_requests() -> None:
    cards, learner = publish_cards(4), create_learner()
    others = publish_cards(4, bank="other")
    know(learner, [*cards, *others], now=MORNING)
    sitting = start(learner, now=LATER, bank_slugs=["sample", "other"])
    topics = [answer(learner, sitting, LATER) in cards for _ in range(8)]
    assert not any(len(set(topics[at : at + 3])) == 1 for at in range(4))


def test_siblings_wait_for_another_day() -> None:
    publish("- {id: a, question: What is one?, answer: Alpha, reverse: What is Alpha?, reverse_answer: One}")
    learner = create_learner()
    sitting = start(learner, bank_slugs=["sample"])
    first = answer(learner, sitting)
    assert shown(learner, sitting) is None
    assert shown(learner, start(learner, bank_slugs=["sample"])) is None
    tomorrow = MORNING + DAY
    assert shown(learner, start(learner, now=tomorrow, bank_slugs=["sample"]), tomorrow) not in {first, None}


def test_suspended_and_buried_cards_are_passed_over() -> None:
    cards, learner = publish_cards(3), create_learner()
    know(learner, cards, now=MORNING)
    sitting = start(learner, now=LATER, bank_slugs=["sample"])
    mark(memory_service.suspend_card, learner, cards[0], now=LATER)
    mark(memory_service.bury_card, learner, cards[1], now=LATER)
    assert answer(learner, sitting, LATER) == cards[2]
    assert shown(learner, sitting, LATER) is None
    assert shown(learner, sitting, LATER + DAY) == cards[1]


def test_named_cards_come_whether_due_or_not_but_once() -> None:
    cards, learner = publish_cards(3), create_learner()
    know(learner, cards[:2], now=MORNING)
    sitting = start(learner, card_ids=[cards[1], cards[2]])
    assert {answer(learner, sitting) for _ in range(2)} == {cards[1], cards[2]}
    assert shown(learner, sitting) is None


def test_studying_ahead_takes_cards_by_due_date_and_none_twice() -> None:
    cards, learner = publish_cards(2), create_learner()
    know(learner, cards[:1], now=MORNING + DAY)
    know(learner, cards[1:], now=MORNING)
    sitting = start(learner, now=MORNING + DAY, bank_slugs=["sample"], order=Order.AHEAD)
    assert [answer(learner, sitting, MORNING + DAY) for _ in cards] == [cards[1], cards[0]]
    assert shown(learner, sitting, MORNING + DAY) is None


def test_an_undone_card_is_back_in_every_kind_of_sitting() -> None:
    cards, learner = publish_cards(1), create_learner()
    know(learner, cards, now=MORNING)
    for choice in ({"bank_slugs": ["sample"]}, {"card_ids": cards}, {"order": Order.AHEAD}):
        sitting = start(learner, now=LATER, **choice)
        answer(learner, sitting, LATER)
        assert shown(learner, sitting, LATER) is None
        key = bytes([sitting] * 16)
        unit.run(lambda sitting=sitting, key=key: service.undo(learner, sitting, answer_key=key, now=LATER))
        found = turn(learner, sitting, LATER)
        assert found is not None
        assert (found.face.card_id, found.sitting.answered, found.left) == (cards[0], 0, 1)


def test_what_a_button_shows_is_what_is_stored() -> None:
    cards, learner = publish_cards(1), create_learner()
    know(learner, cards, now=MORNING)
    found = turn(learner, start(learner, now=LATER), LATER)
    assert found is not None
    offered = found.previews[Rating.GOOD].due_on
    drill(learner, cards[0], Rating.GOOD, now=LATER, offered_on=offered)
    assert memory.card_memory(learner.id, cards[0]).memory.due_on == offered


def test_a_sitting_of_somebody_else_is_not_found() -> None:
    publish_cards(1)
    sitting = start(create_learner(), bank_slugs=["sample"])
    with pytest.raises(NotFound):
        queries.next_turn(create_learner(), sitting, MORNING)


def test_a_backlog_with_high_predictions_is_worked_off_highest_recall_first() -> None:
    cards, learner = publish_cards(60), replace(create_learner(), minutes_per_day=1, new_per_day=99)
    know(learner, cards, now=MORNING)
    for card in cards:
        drill(learner, card, Rating.AGAIN, now=MORNING + 8 * DAY)
    sitting = start(learner, now=LATER, bank_slugs=["sample"])
    found = turn(learner, sitting, LATER)
    assert found is not None
    assert found.sitting.scope.order is Order.RECALL


def test_statements_do_not_grow_with_cards_and_reviews(statements: list[str]) -> None:
    few, learner = publish_cards(3), create_learner()
    many, busy = publish_cards(120, bank="other"), replace(create_learner(), new_per_day=999)
    know(learner, few, now=MORNING)
    know(busy, many, now=MORNING)
    counts = []
    for who, bank in ((learner, "sample"), (busy, "other")):
        sitting = start(who, now=LATER, bank_slugs=[bank])
        answer(who, sitting, LATER)
        turn(who, sitting, LATER)
        statements.clear()
        turn(who, sitting, LATER)
        counts.append(len(statements))
    assert counts == [5, 5]


def test_what_was_met_in_a_quiz_alone_can_be_studied_ahead() -> None:
    (met, _), learner = publish_cards(2), create_learner()
    quiz(learner, met)
    sitting = start(learner, order=Order.AHEAD)
    assert shown(learner, sitting, MORNING) == met
    drill(learner, met, Rating.EASY, sitting_id=sitting)
    assert turn(learner, sitting, MORNING) is None


def test_a_card_that_is_named_is_asked_whatever_the_days_limit() -> None:
    cards, learner = publish_cards(2), replace(create_learner(), new_per_day=0)
    assert turn(learner, start(learner, bank_slugs=["sample"])) is None
    assert shown(learner, start(learner, card_ids=cards[:1]), MORNING) == cards[0]


@pytest.mark.sqlite_only("the plan of a query is SQLite's")
def test_the_next_card_is_found_by_indexes() -> None:
    cards, learner = publish_cards(30), create_learner()
    know(learner, cards[:20], now=MORNING)
    seen: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        seen.append((statement, parameters))

    for choice in (
        {},
        {"bank_slugs": ["sample"]},
        {"tag": "oral"},
        {"order": Order.AHEAD},
        {"card_ids": cards},
    ):
        sitting = start(learner, now=LATER, **choice)
        event.listen(db.engine, "before_cursor_execute", note)
        assert turn(learner, sitting, LATER) is not None
        event.remove(db.engine, "before_cursor_execute", note)
    for statement, parameters in seen:
        if statement.startswith("SELECT"):
            plan = (
                db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            )
            steps = [step.detail for step in plan]
            assert not [step for step in steps if re.match("SCAN (?!anon_)", step)], steps
            whole_log = re.compile(r".*(review|memory|undoing).*\(learner_id=\?\)$")
            assert not [step for step in steps if whole_log.match(step)], steps
