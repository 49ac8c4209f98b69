"""What the database says of a learner's progress, against what memory says card by card."""

from __future__ import annotations

import datetime as dt
from statistics import fmean

import pytest
from flask import Flask
from sqlalchemy import update

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.models import Card, NoteTag
from quizapp.db import db
from quizapp.memory import queries as memory
from quizapp.memory import service
from quizapp.memory.kinds import Rating
from quizapp.progress import queries
from quizapp.progress.measures.recall import mean_recall
from quizapp.progress.measures.states import State
from quizapp.progress.measures.streak import Streaks
from quizapp.study.overview import queries as overview
from quizapp.web import unit
from tests.factories.accounts import create_learner
from tests.factories.memory import MORNING, create_cards, drill, mark, quiz

TODAY = MORNING.date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def learner(app: Flask) -> LearnerSettings:
    return create_learner()


def bank_of(card_id: int) -> int:
    return db.session.query(Card.bank_id).filter_by(id=card_id).scalar()


def retire(card_id: int) -> None:
    unit.run(lambda: db.session.execute(update(Card).where(Card.id == card_id).values(retired_at=MORNING)))


def states(learner: LearnerSettings, today: dt.date = TODAY) -> dict[State, int]:
    counts: dict[State, int] = {}
    for group in queries.card_groups(learner.id, today):
        counts[group.state] = counts.get(group.state, 0) + group.cards
    return counts


def recall_on(day: dt.date, learner: LearnerSettings, card_ids: list[int]) -> list[float]:
    states = memory.memories(learner.id, card_ids).values()
    return [recall for state in states if (recall := state.memory.recall_on(day)) is not None]


def recall_by_bank(learner: LearnerSettings, today: dt.date) -> dict[int, float]:
    return queries.recall_by_bank(queries.card_groups(learner.id, today))


@pytest.mark.parametrize("later", [1, 5, 40, 400])
def test_counted_recall_is_that_of_each_card(learner: LearnerSettings, later: int) -> None:
    cards = create_cards(8)
    for number, card_id in enumerate(cards):
        drill(learner, card_id, Rating(1 + number % 4), now=MORNING + number * DAY)
    today = TODAY + (8 + later) * DAY
    exact = fmean(recall_on(today, learner, cards))
    assert recall_by_bank(learner, today) == {bank_of(cards[0]): pytest.approx(exact, abs=0.007)}


def test_a_card_answered_today_counts_as_tomorrow(learner: LearnerSettings) -> None:
    (card_id,) = create_cards()
    drill(learner, card_id, Rating.AGAIN)
    (tomorrow,) = recall_on(TODAY + DAY, learner, [card_id])
    assert tomorrow < 0.95
    (recall,) = recall_by_bank(learner, TODAY).values()
    assert recall == pytest.approx(tomorrow, abs=0.007)


def test_hidden_and_retired_cards_are_left_out(learner: LearnerSettings) -> None:
    (kept, retired), (hidden,) = create_cards(2), create_cards(hidden=True)
    drill(learner, kept)
    drill(learner, retired)
    quiz(learner, hidden)
    retire(retired)
    assert sum(states(learner).values()) == 1
    assert list(recall_by_bank(learner, TODAY)) == [bank_of(kept)]
    assert sum(queries.due_cards(learner.id, TODAY, days=400).values()) == 1


def test_each_card_is_in_one_state(learner: LearnerSettings) -> None:
    learning, young, mature, suspended, reset, _ = create_cards(6)
    drill(learner, learning, Rating.AGAIN)
    drill(learner, young, Rating.EASY)
    drill(learner, mature, Rating.EASY, now=MORNING - 40 * DAY)
    drill(learner, mature, Rating.EASY, now=MORNING - 20 * DAY)
    drill(learner, suspended, Rating.EASY)
    mark(service.suspend_card, learner, suspended)
    drill(learner, reset, Rating.EASY)
    mark(service.reset_card, learner, reset)
    assert states(learner) == {
        State.LEARNING: 1,
        State.YOUNG: 1,
        State.MATURE: 1,
        State.SUSPENDED: 1,
        State.NEW: 1,
    }


@pytest.mark.parametrize("later", [0, 1, 60])
def test_counted_cards_stand_as_the_drill_says(learner: LearnerSettings, later: int) -> None:
    learning, known, buried, suspended, reset, _ = create_cards(6)
    drill(learner, learning, Rating.AGAIN)
    for card_id in (known, buried, suspended, reset):
        drill(learner, card_id, Rating.EASY)
    mark(service.bury_card, learner, buried)
    mark(service.suspend_card, learner, suspended)
    mark(service.reset_card, learner, reset)
    today = TODAY + later * DAY
    counted = queries.standings(queries.card_groups(learner.id, today))
    assert counted == overview.bank_standings(learner.id, today)


def test_what_is_overdue_is_due_today_and_what_is_put_off_tomorrow(learner: LearnerSettings) -> None:
    overdue, buried, later, step, suspended = create_cards(5)
    for card_id in (overdue, buried, suspended):
        drill(learner, card_id, Rating.EASY, now=MORNING - 30 * DAY)
    drill(learner, later, Rating.EASY)
    drill(learner, step, Rating.AGAIN)
    mark(service.bury_card, learner, buried)
    mark(service.suspend_card, learner, suspended)
    due_on = memory.card_memory(learner.id, later).memory.due_on
    assert queries.due_cards(learner.id, TODAY, days=30) == {TODAY: 2, TODAY + DAY: 1, due_on: 1}
    assert queries.due_cards(learner.id, TODAY, days=1) == {TODAY: 2}


def test_a_tag_counts_its_begun_cards_in_all_banks(learner: LearnerSettings) -> None:
    cards = [*create_cards(2), *create_cards(1)]
    notes = [db.session.query(Card.note_id).filter_by(id=card_id).scalar() for card_id in cards]
    unit.run(
        lambda: db.session.add_all([NoteTag(note_id=note_id, tag="dose", position=0) for note_id in notes])
    )
    for card_id in cards[1:]:
        drill(learner, card_id, Rating.EASY)
    tags = queries.recalls_by_tag(learner.id, TODAY)
    assert {tag: recalls.total() for tag, recalls in tags.items()} == {"dose": 2}
    one = recall_by_bank(learner, TODAY)[bank_of(cards[1])]
    assert mean_recall(tags["dose"]) == pytest.approx(one)


def test_a_streak_counts_days_with_answers_alone(learner: LearnerSettings) -> None:
    first, second = create_cards(2)
    drill(learner, first, now=MORNING - 3 * DAY)
    quiz(learner, second, now=MORNING - DAY)
    drill(learner, first, now=MORNING)
    drill(learner, first, Rating.EASY, now=MORNING)  # due on days to come, which are no study days yet
    assert queries.streak(learner.id, TODAY) == Streaks(current=2, longest=2)
    assert queries.streak(learner.id, TODAY + 2 * DAY) == Streaks(current=0, longest=2)


def test_somebody_elses_work_does_not_count(learner: LearnerSettings) -> None:
    (card_id,) = create_cards()
    drill(learner, card_id)
    other = create_learner()
    record = queries.Record(other.id, 0.9, TODAY)
    assert not record.begun
    assert (record.cards, record.recalls_by_tag, record.due, record.days) == ([], {}, {}, {})
    assert queries.streak(other.id, TODAY) == Streaks(0, 0)
