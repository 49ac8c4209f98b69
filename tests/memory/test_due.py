"""When a card returns: the four offers, and taking up one of them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.memory import due
from quizapp.memory.kinds import Phase, Rating
from quizapp.memory.scheduler import NEW_MEMORY, Memory, Outcome
from quizapp.memory.spread import Load, Seed, spread_range
from quizapp.study_day import Moment

ZURICH = ZoneInfo("Europe/Zurich")
NOON = Moment.at(dt.datetime(2026, 3, 3, 11, tzinfo=dt.UTC), ZURICH, 4)
SEED = Seed(1, 2, 3)


def memory_in_review(stability: float = 10.0, *, last_on: dt.date = dt.date(2026, 2, 20)) -> Memory:
    return Memory(
        Phase.REVIEW, stability=stability, difficulty=5.0, due_on=NOON.on, last_on=last_on, repetitions=3
    )


def days_from_now(first: int, last: int) -> tuple[dt.date, dt.date]:
    return NOON.on + dt.timedelta(days=first), NOON.on + dt.timedelta(days=last)


def offers(memory: Memory, load: Load | None = None) -> dict[Rating, Memory]:
    candidates = due.outcomes(memory, study_on=NOON.on, desired_retention=0.9)
    return due.offers(candidates, moment=NOON, load=load or Load(), seed=SEED)


def test_an_open_step_is_due_at_its_instant() -> None:
    again = offers(NEW_MEMORY)[Rating.AGAIN]
    assert (again.due_at, again.due_on) == (NOON.now + dt.timedelta(minutes=1), NOON.on)


def test_a_step_past_the_end_of_the_study_day_is_due_on_the_next() -> None:
    late = Moment.at(dt.datetime(2026, 3, 3, 2, 55, tzinfo=dt.UTC), ZURICH, 4)  # 03:55, still the 2nd
    good = due.outcomes(NEW_MEMORY, study_on=late.on, desired_retention=0.9)[Rating.GOOD]
    memory = due.dated(good, late, None)
    assert (late.on, memory.due_on) == (dt.date(2026, 3, 2), dt.date(2026, 3, 3))


def test_a_review_is_due_on_a_date_without_an_instant() -> None:
    good = offers(memory_in_review())[Rating.GOOD]
    assert good.due_at is None
    assert good.due_on > NOON.on


@given(st.floats(0.5, 400), st.integers(0, 400), st.dictionaries(st.integers(1, 370), st.integers(0, 9)))
def test_a_better_rating_never_returns_earlier(stability: float, elapsed: int, load: dict[int, int]) -> None:
    memory = memory_in_review(stability, last_on=NOON.on - dt.timedelta(days=elapsed))
    busy = Load({NOON.on + dt.timedelta(days=days): cards for days, cards in load.items()})
    offered = offers(memory, busy)
    returns = [offered[rating].due_on for rating in Rating]
    assert returns == sorted(returns)


@given(st.floats(0.5, 400))
def test_an_offer_that_was_shown_is_taken_as_shown(stability: float) -> None:
    memory = memory_in_review(stability)
    for rating, offered in offers(memory).items():
        outcome = due.outcomes(memory, study_on=NOON.on, desired_retention=0.9)[rating]
        assert due.as_offered(outcome, NOON, offered.due_on) == offered


@pytest.mark.parametrize("days", [-1, 0, 7, 13, 4000])
def test_a_day_outside_the_range_is_not_taken(days: int) -> None:
    assert spread_range(10) == (8, 12)
    outcome = Outcome(memory_in_review(), interval_days=10)
    assert due.as_offered(outcome, NOON, NOON.on + dt.timedelta(days=days)) is None
    assert due.as_offered(outcome, NOON, None) is None


def test_only_ranges_that_leave_a_choice_are_weighed() -> None:
    memory = memory_in_review()
    two, ten = Outcome(memory, interval_days=2), Outcome(memory, interval_days=10)
    step = Outcome(memory, wait=dt.timedelta(minutes=10))
    assert due.days_to_weigh([two, step], NOON.on) == []
    assert due.days_to_weigh([two, ten, step], NOON.on) == [days_from_now(8, 12)]


def test_ranges_that_overlap_are_weighed_as_one() -> None:
    memory = memory_in_review()
    three, ten, eleven, fifty = (Outcome(memory, interval_days=days) for days in (3, 10, 11, 50))
    assert due.days_to_weigh([ten, fifty, eleven, three], NOON.on) == [
        days_from_now(2, 4),
        days_from_now(8, 13),
        days_from_now(46, 54),
    ]


def test_a_preview_tells_days_and_suspension() -> None:
    leech = Memory(Phase.REVIEW, stability=9.0, difficulty=9.0, due_on=NOON.on, last_on=NOON.on, lapses=7)
    again = due.preview(offers(leech)[Rating.AGAIN], NOON.on)
    assert (again.suspended, again.interval_days) == (True, 0)
    easy = due.preview(offers(NEW_MEMORY)[Rating.EASY], NOON.on)
    assert not easy.suspended
    assert easy.interval_days == (easy.due_on - NOON.on).days > 0
