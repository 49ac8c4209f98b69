"""Ranges of spreading, and the choice inside them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.memory.spread import Load, Seed, spread, spread_range

MONDAY = dt.date(2026, 3, 2)
SEED = Seed(learner_id=1, card_id=2, repetitions=3)


def on(days: int) -> dt.date:
    return MONDAY + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("interval", "shortest", "longest"),
    [
        (1, 1, 1), (2, 2, 2), (3, 2, 4), (5, 4, 6), (7, 5, 9), (10, 8, 12),
        (20, 17, 23), (100, 93, 107), (360, 340, 365), (365, 345, 365),
    ],
)  # fmt: skip
def test_the_range_of_an_interval_is(interval: int, shortest: int, longest: int) -> None:
    assert spread_range(interval) == (shortest, longest)


@given(st.integers(1, 365))
def test_a_range_holds_its_interval_and_stays_within_a_year(interval: int) -> None:
    shortest, longest = spread_range(interval)
    assert min(2, interval) <= shortest <= interval <= longest <= 365


def test_the_lightest_day_is_taken() -> None:
    load = Load({on(days): 9 - days for days in (8, 9)} | {on(10): 5, on(11): 5, on(12): 5})
    assert spread(10, study_on=MONDAY, load=load, seed=SEED) == 9


def test_a_day_with_a_sibling_is_taken_only_if_every_day_has_one() -> None:
    busy = {on(days): 1 for days in range(8, 13)}
    sibling = Load(busy | {on(9): 0}, frozenset({on(9)}))
    assert spread(10, study_on=MONDAY, load=sibling, seed=SEED) != 9
    everywhere = Load(busy | {on(9): 0}, frozenset(busy))
    assert spread(10, study_on=MONDAY, load=everywhere, seed=SEED) == 9


def test_equal_days_are_told_apart_by_the_seed_alone() -> None:
    chosen = {spread(10, study_on=MONDAY, load=Load(), seed=Seed(1, card_id, 3)) for card_id in range(60)}
    assert chosen == {8, 9, 10, 11, 12}
    assert len({spread(10, study_on=MONDAY, load=Load(), seed=SEED) for _ in range(3)}) == 1


def test_a_better_rating_stays_beyond_a_worse_one_while_its_range_allows() -> None:
    load = Load({on(days): days for days in range(8, 13)})
    assert spread(10, study_on=MONDAY, load=load, seed=SEED, beyond=10) == 11
    assert spread(10, study_on=MONDAY, load=load, seed=SEED, beyond=12) == 12
