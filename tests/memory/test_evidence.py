"""Quiz answers as evidence: odds of knowing, mixtures, first sight, hidden cards."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.memory import evidence, scheduler
from quizapp.memory.evidence import Evidence, known
from quizapp.memory.kinds import Phase, Rating
from quizapp.memory.scheduler import NEW_MEMORY, Memory, Outcome

MONDAY = dt.date(2026, 3, 2)
REVIEWED = Memory(
    Phase.REVIEW,
    stability=10.0,
    difficulty=5.0,
    due_on=MONDAY,
    last_on=MONDAY - dt.timedelta(days=10),
    repetitions=3,
)


def rated(memory: Memory, rating: Rating) -> Memory:
    return scheduler.answer(memory, rating, study_on=MONDAY, desired_retention=0.9).memory


def answer(
    memory: Memory, fraction: float, *, guess: float = 0.25, strict: bool = False, hidden: bool = False
) -> Outcome:
    return evidence.answer_in_quiz(
        memory, Evidence(fraction, strict, guess), hidden=hidden, study_on=MONDAY, desired_retention=0.9
    )


def test_the_odds_of_recall_are_divided_by_the_chance_of_a_guess() -> None:
    assert known(recall=0.9, guess_chance=0.25) == pytest.approx(36 / 37)
    assert known(recall=0.5, guess_chance=0.5) == pytest.approx(2 / 3)
    assert known(recall=0.2, guess_chance=0) == 1
    assert known(recall=1, guess_chance=0.5) == 1
    assert known(recall=0, guess_chance=0.5) == 0


def test_right_without_a_chance_to_guess_is_a_good() -> None:
    assert answer(REVIEWED, 1, guess=0).memory.stability == pytest.approx(
        rated(REVIEWED, Rating.GOOD).stability
    )


def test_right_mixes_pass_and_fail_by_the_odds() -> None:
    weight = known(recall=REVIEWED.recall_on(MONDAY), guess_chance=0.25)
    passed, failed = rated(REVIEWED, Rating.GOOD), rated(rated(REVIEWED, Rating.AGAIN), Rating.GOOD)
    after = answer(REVIEWED, 1).memory
    assert math.log(after.stability) == pytest.approx(
        weight * math.log(passed.stability) + (1 - weight) * math.log(failed.stability)
    )
    assert after.difficulty == pytest.approx(weight * passed.difficulty + (1 - weight) * failed.difficulty)
    assert (after.phase, after.repetitions, after.lapses) == (Phase.REVIEW, 4, 0)


def test_a_review_answered_right_gets_the_interval_of_its_new_stability() -> None:
    outcome = answer(REVIEWED, 1)
    assert outcome.interval_days == scheduler.interval_days(outcome.memory.stability, 0.9)


@given(st.floats(0.01, 1), st.floats(0, 1))
def test_the_easier_the_guess_the_less_is_learnt(fraction: float, guess: float) -> None:
    after = answer(REVIEWED, fraction, guess=guess).memory
    failed = rated(rated(REVIEWED, Rating.AGAIN), Rating.GOOD)
    assert (
        failed.stability * (1 - 1e-9)
        <= after.stability
        <= rated(REVIEWED, Rating.GOOD).stability * (1 + 1e-9)
    )
    assert after.stability <= answer(REVIEWED, 1, guess=guess / 2).memory.stability * (1 + 1e-9)


def test_wrong_is_again_and_opens_relearning() -> None:
    outcome = answer(REVIEWED, 0)
    assert outcome.memory == rated(REVIEWED, Rating.AGAIN)
    assert (outcome.memory.phase, outcome.memory.lapses) == (Phase.RELEARNING, 1)
    assert outcome.wait == dt.timedelta(minutes=10)


def test_partial_credit_is_wrong_where_strict_and_weighs_less_elsewhere() -> None:
    assert answer(REVIEWED, 0.9, strict=True) == answer(REVIEWED, 0)
    half, full = answer(REVIEWED, 0.5).memory, answer(REVIEWED, 1).memory
    assert rated(REVIEWED, Rating.AGAIN).stability < half.stability < full.stability


def test_first_sight_right_mixes_first_good_and_first_again() -> None:
    outcome = answer(NEW_MEMORY, 1)
    good, again = rated(NEW_MEMORY, Rating.GOOD), rated(NEW_MEMORY, Rating.AGAIN)
    weight = 0.8  # even odds, divided by a guess in four
    assert outcome.memory.stability == pytest.approx(good.stability**weight * again.stability ** (1 - weight))
    assert (outcome.memory.phase, outcome.memory.step, outcome.interval_days) == (Phase.LEARNING, 1, 1)


def test_first_sight_wrong_is_a_first_again_due_on_the_next_day() -> None:
    outcome = answer(NEW_MEMORY, 0)
    assert outcome.memory == rated(NEW_MEMORY, Rating.AGAIN)
    assert (outcome.memory.step, outcome.interval_days, outcome.wait) == (0, 1, None)


def test_an_open_step_stays_open_when_answered_right_in_a_quiz() -> None:
    opened = rated(NEW_MEMORY, Rating.AGAIN)
    outcome = answer(opened, 1)
    assert (outcome.memory.phase, outcome.memory.step) == (opened.phase, opened.step)
    assert (outcome.wait, outcome.interval_days) == (None, None)
    assert outcome.memory.stability > opened.stability


@pytest.mark.parametrize("fraction", [0, 0.5, 1])
@pytest.mark.parametrize("before", [NEW_MEMORY, REVIEWED])
def test_a_hidden_card_has_no_steps_and_no_due_date(before: Memory, fraction: float) -> None:
    outcome = answer(before, fraction, hidden=True)
    assert (outcome.memory.phase, outcome.memory.step, outcome.memory.due_on) == (Phase.REVIEW, None, None)
    assert (outcome.wait, outcome.interval_days) == (None, None)
    assert outcome.memory.stability == answer(before, fraction).memory.stability


@pytest.mark.parametrize(("fraction", "guess"), [(1.1, 0.2), (-0.1, 0.2), (1, 1.5), (float("nan"), 0.2)])
def test_numbers_outside_their_range_are_refused(fraction: float, guess: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Evidence(fraction, False, guess)
