"""The scheduler against the library it stands on, and the laws of its curve."""

from __future__ import annotations

import datetime as dt

import fsrs
import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given
from hypothesis import strategies as st

from quizapp.memory import scheduler
from quizapp.memory.kinds import Phase, Queue, Rating
from quizapp.memory.scheduler import NEW_MEMORY, Memory, Outcome, interval_days, is_leech, retrievability

MONDAY = dt.date(2026, 3, 2)
AGAIN, HARD, GOOD, EASY = Rating


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def answer(memory: Memory, rating: Rating, study_on: dt.date = MONDAY) -> Outcome:
    return scheduler.answer(memory, rating, study_on=study_on, desired_retention=0.9)


def in_review(stability: float = 10.0, lapses: int = 0) -> Memory:
    return Memory(
        Phase.REVIEW, stability=stability, difficulty=5.0, due_on=MONDAY, last_on=MONDAY - days(10),
        repetitions=3, lapses=lapses,
    )  # fmt: skip


def test_version_one_is_the_published_fsrs_6_default() -> None:
    assert scheduler.PARAMETERS[1] == DEFAULT_PARAMETERS


@pytest.mark.parametrize(
    ("rating", "stability", "difficulty"),
    [(AGAIN, 0.212, 6.4133), (HARD, 1.2931, 5.1122), (GOOD, 2.3065, 2.1181), (EASY, 8.2956, 1.0)],
)
def test_a_first_answer_gives_the_published_initial_state(
    rating: Rating, stability: float, difficulty: float
) -> None:
    memory = answer(NEW_MEMORY, rating).memory
    assert memory.stability == pytest.approx(stability)
    assert memory.difficulty == pytest.approx(difficulty, abs=1e-4)
    assert (memory.repetitions, memory.lapses, memory.last_on) == (1, 0, MONDAY)


def test_good_walks_the_learning_steps_and_graduates() -> None:
    first = answer(NEW_MEMORY, GOOD)
    assert (first.memory.phase, first.memory.step, first.wait) == (
        Phase.LEARNING,
        1,
        dt.timedelta(minutes=10),
    )
    second = answer(first.memory, GOOD)
    assert (second.memory.phase, second.memory.step, second.wait) == (Phase.REVIEW, None, None)
    assert second.interval_days == 2


def test_again_starts_over_hard_stays_between_and_easy_graduates_at_once() -> None:
    assert answer(NEW_MEMORY, AGAIN).wait == dt.timedelta(minutes=1)
    assert answer(NEW_MEMORY, HARD).wait == dt.timedelta(minutes=5, seconds=30)
    assert answer(NEW_MEMORY, EASY).interval_days == 8


def test_a_step_left_open_overnight_goes_on_where_it_was() -> None:
    opened = answer(NEW_MEMORY, GOOD).memory
    next_day = answer(opened, GOOD, MONDAY + days(1))
    same_day = answer(opened, GOOD)
    assert next_day.memory.phase is Phase.REVIEW
    assert next_day.memory.stability > same_day.memory.stability  # a night has passed


def test_last_night_and_this_morning_are_two_days() -> None:
    evening = answer(answer(NEW_MEMORY, GOOD).memory, GOOD).memory
    morning = answer(evening, GOOD, MONDAY + days(1)).memory
    expected, _ = fsrs.Scheduler(enable_fuzzing=False).review_card(
        fsrs.Card(
            card_id=1, state=fsrs.State.Review, stability=evening.stability, difficulty=evening.difficulty,
            last_review=dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC),
        ),
        fsrs.Rating.Good,
        dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC),
    )  # fmt: skip
    assert morning.stability == expected.stability
    assert morning.stability > evening.stability


def test_a_study_day_before_the_last_counts_as_the_last() -> None:
    memory = in_review()
    assert answer(memory, GOOD, MONDAY - days(30)).memory == answer(memory, GOOD, MONDAY - days(10)).memory


def test_a_lapse_is_again_on_a_card_in_review() -> None:
    lapsed = answer(in_review(), AGAIN)
    assert (lapsed.memory.phase, lapsed.memory.lapses, lapsed.wait) == (
        Phase.RELEARNING,
        1,
        dt.timedelta(minutes=10),
    )
    assert answer(lapsed.memory, AGAIN).memory.lapses == 1
    assert answer(answer(NEW_MEMORY, AGAIN).memory, AGAIN).memory.lapses == 0


def test_the_eighth_lapse_and_every_fourth_after_it_suspend() -> None:
    assert [lapses for lapses in range(20) if is_leech(lapses)] == [8, 12, 16]
    assert answer(in_review(lapses=7), AGAIN).memory.suspended
    assert not answer(in_review(lapses=8), AGAIN).memory.suspended
    assert not answer(in_review(lapses=7), HARD).memory.suspended


@given(
    st.lists(st.tuples(st.sampled_from(Rating), st.integers(0, 400)), min_size=1, max_size=30),
)
def test_any_history_agrees_with_the_library(history: list[tuple[Rating, int]]) -> None:
    library = fsrs.Scheduler(enable_fuzzing=False, maximum_interval=365)
    card, memory, today = fsrs.Card(card_id=1), NEW_MEMORY, MONDAY
    for rating, later in history:
        today += days(later)
        noon = dt.datetime.combine(today, dt.time(12), dt.UTC)
        card, _ = library.review_card(card, fsrs.Rating(rating), noon)
        outcome = answer(memory, rating, today)
        memory = outcome.memory
        assert (memory.phase, memory.step) == (Phase(card.state), card.step)
        assert (memory.stability, memory.difficulty) == (min(card.stability, 36_500), card.difficulty)
        assert card.due - noon == (outcome.wait or days(outcome.interval_days))
        if card.stability > 36_500:
            return


@given(st.floats(0.001, 36_500), st.floats(0.7, 0.97))
def test_recall_falls_to_the_desired_retention_at_the_interval(stability: float, desired: float) -> None:
    assert retrievability(elapsed_days=0, stability=stability) == 1
    assert retrievability(elapsed_days=stability, stability=stability) == pytest.approx(0.9)
    interval = interval_days(stability, desired)
    if 1 < interval < 365:
        assert retrievability(elapsed_days=interval + 0.5, stability=stability) <= desired + 1e-9
        assert retrievability(elapsed_days=interval - 0.5, stability=stability) >= desired - 1e-9


@pytest.mark.parametrize(("desired", "interval"), [(0.9, 100), (0.85, 191), (0.95, 40), (0.97, 22)])
def test_a_hundred_days_at_90_per_cent_are(desired: float, interval: int) -> None:
    assert interval_days(100, desired) == interval


def test_intervals_end_at_one_day_and_at_a_year() -> None:
    assert interval_days(0.001, 0.9) == 1
    assert interval_days(10_000, 0.9) == 365


def test_recall_of_a_memory_counts_study_days() -> None:
    memory = in_review(stability=10)
    assert memory.recall_on(MONDAY) == pytest.approx(0.9)
    assert memory.recall_on(MONDAY - days(20)) == 1
    assert NEW_MEMORY.recall_on(MONDAY) is None
    with pytest.raises(ValueError, match="above 0"):
        retrievability(elapsed_days=1, stability=0)


def test_the_queue_follows_from_the_memory() -> None:
    assert in_review().queue is Queue.REVIEW
    assert in_review()._replace(phase=Phase.RELEARNING, step=0).queue is Queue.STEP
    assert in_review()._replace(suspended=True).queue is Queue.NONE
    assert in_review()._replace(due_on=None).queue is Queue.NONE
    assert NEW_MEMORY.queue is Queue.NONE
