"""The laws of the queue."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from quizapp.study.queue import (
    LEARN_AHEAD,
    Candidate,
    due_steps,
    interleaved,
    next_step,
    predictions_run_high,
    reviews_in_order,
    together,
)
from quizapp.study.scope import Order

NOW = dt.datetime(2026, 3, 3, 9, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
days_ago = st.integers(0, 30).map(lambda days: TODAY - dt.timedelta(days=days))
reviews = st.lists(
    st.builds(
        Candidate,
        card_id=st.integers(1, 10_000),
        topic=st.sampled_from(["oral", "pump", None]),
        due_on=days_ago,
        stability=st.floats(0.1, 400),
        last_on=days_ago,
    ),
    max_size=40,
    unique_by=lambda candidate: candidate.card_id,
)
topics = st.lists(st.sampled_from(["oral", "pump", None]), max_size=2)


def step(card_id: int, minutes: float) -> Candidate:
    return Candidate(card_id, "oral", TODAY, NOW + dt.timedelta(minutes=minutes))


@given(reviews, st.sampled_from(Order), topics, st.integers(0, 2**63 - 1))
def test_nothing_is_lost_or_doubled(
    cards: list[Candidate], order: Order, shown: list[str], seed: int
) -> None:
    queue = list(reviews_in_order(cards, order=order, today=TODAY, seed=seed, shown_topics=shown))
    assert sorted(card.card_id for card in queue) == sorted(card.card_id for card in cards)


@given(reviews, topics)
def test_no_more_than_two_of_a_topic_in_a_row_while_another_waits(
    cards: list[Candidate], shown: list[str]
) -> None:
    queue = list(interleaved(cards, shown))
    in_a_row = [*shown, *(card.topic for card in queue)]
    for at in range(2, len(in_a_row)):
        if at >= len(shown) and len(set(in_a_row[at - 2 : at + 1])) == 1:
            assert set(in_a_row[at:]) == {in_a_row[at]}, "another topic was waiting"


@given(reviews)
def test_within_a_topic_reviews_stand_by_due_date(cards: list[Candidate]) -> None:
    queue = list(reviews_in_order(cards, order=Order.DUE, today=TODAY, seed=7))
    for topic in {card.topic for card in cards}:
        dates = [card.due_on for card in queue if card.topic == topic]
        assert dates == sorted(dates)


@given(reviews, st.integers(0, 2**63 - 1))
def test_the_order_does_not_depend_on_the_order_of_arrival(cards: list[Candidate], seed: int) -> None:
    one = list(reviews_in_order(cards, order=Order.DUE, today=TODAY, seed=seed))
    other = list(reviews_in_order(cards[::-1], order=Order.DUE, today=TODAY, seed=seed))
    assert one == other


def test_cards_due_on_one_day_are_shuffled_by_the_seed() -> None:
    cards = [Candidate(number, "oral", TODAY) for number in range(50)]
    orders = {
        tuple(card.card_id for card in reviews_in_order(cards, order=Order.DUE, today=TODAY, seed=seed))
        for seed in range(5)
    }
    assert len(orders) == 5


def test_highest_recall_comes_first_when_asked_for() -> None:
    yesterday, last_month = TODAY - dt.timedelta(days=1), TODAY - dt.timedelta(days=30)
    shaky = Candidate(1, "oral", last_month, stability=3, last_on=last_month)
    firm = Candidate(2, "oral", TODAY, stability=30, last_on=yesterday)
    assert list(reviews_in_order([shaky, firm], order=Order.RECALL, today=TODAY, seed=1)) == [firm, shaky]
    assert list(reviews_in_order([firm, shaky], order=Order.DUE, today=TODAY, seed=1)) == [shaky, firm]


def test_steps_are_due_from_their_instant_and_the_longest_waiting_is_first() -> None:
    later, first, second = step(1, 0.5), step(2, -3), step(3, 0)
    assert due_steps([later, second, first], NOW) == [first, second]


def test_a_step_is_shown_early_only_when_it_is_near() -> None:
    edge = LEARN_AHEAD.total_seconds() / 60
    assert next_step([step(1, edge + 1), step(2, edge)], NOW) == step(2, edge)
    assert next_step([step(1, edge + 1)], NOW) is None
    assert next_step([], NOW) is None


@given(reviews)
def test_new_cards_of_a_topic_stay_together(cards: list[Candidate]) -> None:
    grouped = together(cards)
    assert sorted(card.card_id for card in grouped) == sorted(card.card_id for card in cards)
    assert len(list(groupby(grouped, key=lambda card: card.topic))) == len({card.topic for card in cards})
    for topic in {card.topic for card in cards}:
        assert [c for c in grouped if c.topic == topic] == [c for c in cards if c.topic == topic]


def test_predictions_run_high_beyond_five_points() -> None:
    kept, lost = [(0.9, True)], [(0.9, False)]
    assert predictions_run_high(kept * 80 + lost * 20)
    assert not predictions_run_high(kept * 86 + lost * 14)
    assert not predictions_run_high(lost * 49)
    assert not predictions_run_high([])
