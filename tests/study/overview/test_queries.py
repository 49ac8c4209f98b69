"""What there is to study, and what a sitting amounted to."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from quizapp.banks.authorship.service import set_visibility
from quizapp.banks.queries import card_face
from quizapp.banks.visibility import Visibility
from quizapp.memory.kinds import Rating
from quizapp.memory.scheduler import LEECH_LAPSES
from quizapp.study import service
from quizapp.study.overview import queries
from quizapp.study.overview.queries import BankStanding
from quizapp.study.scope import Scope
from quizapp.web import unit
from tests.factories.accounts import create_learner
from tests.factories.memory import MORNING, drill
from tests.factories.study import know, publish_cards, start

DAY = dt.timedelta(days=1)
TODAY = MORNING.date()

pytestmark = pytest.mark.usefixtures("app")


def test_the_outlook_of_a_newcomer_is_an_empty_day() -> None:
    outlook = queries.outlook(create_learner(), TODAY)
    assert (outlook.due, outlook.minutes, outlook.behind, outlook.new_left) == (0, 0, False, 20)


def test_the_outlook_counts_what_is_due_and_the_new_cards_left() -> None:
    cards, learner = publish_cards(5), replace(create_learner(), minutes_per_day=1)
    know(learner, cards[:4], now=MORNING - 60 * DAY)
    drill(learner, cards[4], Rating.EASY, now=MORNING)
    outlook = queries.outlook(learner, TODAY)
    assert (outlook.due, outlook.minutes, outlook.behind, outlook.new_left) == (4, 1, False, 19)
    assert queries.outlook(replace(learner, minutes_per_day=0), TODAY).behind


def test_banks_stand_as_begun_and_due() -> None:
    cards, learner = publish_cards(3), create_learner()
    publish_cards(2, bank="other")
    know(learner, cards[:2], now=MORNING)
    (standing,) = queries.bank_standings(learner.id, TODAY).values()
    assert standing == BankStanding(begun=2, due=0)
    (later,) = queries.bank_standings(learner.id, TODAY + 60 * DAY).values()
    assert later == BankStanding(begun=2, due=2)


def test_the_next_due_day_lies_after_today() -> None:
    cards, learner = publish_cards(1), create_learner()
    assert queries.next_due_on(learner.id, TODAY) is None
    due_on = drill(learner, cards[0], Rating.EASY).memory.due_on
    assert queries.next_due_on(learner.id, TODAY) == due_on
    assert (queries.due_on(learner.id, due_on), queries.due_on(learner.id, due_on + DAY)) == (1, 0)


def test_what_is_not_offered_any_more_falls_due_on_no_day() -> None:
    cards, learner = publish_cards(1), create_learner()
    due_on = drill(learner, cards[0], Rating.EASY).memory.due_on
    bank_id = card_face(cards[0]).about.bank_id
    unit.run(lambda: set_visibility(bank_id, Visibility.SIGNED_IN))  # and the learner is a guest
    assert queries.next_due_on(learner.id, TODAY) is None
    assert queries.due_on(learner.id, due_on) == 0
    assert queries.bank_standings(learner.id, TODAY) == {}


def test_new_cards_are_those_not_met_up_to_as_many_as_asked() -> None:
    cards, learner = publish_cards(4), create_learner()
    drill(learner, cards[0])
    bank_ids = list(queries.bank_standings(learner.id, TODAY))
    scope = Scope(banks=tuple(bank_ids))
    assert queries.new_cards(learner.id, scope, bank_ids, today=TODAY, most=2) == cards[1:3]
    assert queries.new_cards(learner.id, scope, bank_ids, today=TODAY, most=99) == cards[1:]


def test_outcomes_compare_predictions_with_what_was_remembered() -> None:
    cards, learner = publish_cards(2), create_learner()
    know(learner, cards, now=MORNING)
    assert queries.outcomes(learner.id) == []  # first meetings say nothing
    drill(learner, cards[0], Rating.AGAIN, now=MORNING + 8 * DAY)
    drill(learner, cards[1], Rating.HARD, now=MORNING + 8 * DAY)
    (hard, again) = queries.outcomes(learner.id)
    assert (hard[1], again[1]) == (True, False)
    assert 0.85 < hard[0] < 0.95


def test_a_summary_leaves_out_what_was_undone_and_other_sittings() -> None:
    cards, learner = publish_cards(3), create_learner()
    drill(learner, cards[0], Rating.EASY)
    sitting = start(learner, bank_slugs=["sample"])
    drill(learner, cards[1], Rating.AGAIN, sitting_id=sitting, thinking_ms=2000)
    drill(learner, cards[2], Rating.AGAIN, sitting_id=sitting, thinking_ms=3000)
    unit.run(lambda: service.undo(learner, sitting, answer_key=bytes(16), now=MORNING))
    summary = queries.sitting_summary(learner.id, sitting)
    assert (summary.cards, summary.new, summary.thinking_ms, summary.slipped) == (1, 1, 2000, (cards[1],))


def test_the_lapse_that_makes_a_leech_is_told_in_the_summary() -> None:
    (card,), learner = publish_cards(1), create_learner()
    now = MORNING
    drill(learner, card, Rating.EASY, now=now)
    for _ in range(LEECH_LAPSES):
        now += 30 * DAY
        sitting = start(learner, now=now, bank_slugs=["sample"])
        recorded = drill(learner, card, Rating.AGAIN, now=now, sitting_id=sitting)
        leeches = queries.sitting_summary(learner.id, sitting).leeches
        assert leeches == ((card,) if recorded.leech else ())
        if not recorded.leech:
            drill(learner, card, Rating.GOOD, now=now + dt.timedelta(minutes=10))
    assert recorded.leech
