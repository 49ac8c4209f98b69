"""Recording answers: what is stored, what is refused, and that the log alone says it all."""

from __future__ import annotations

import datetime as dt
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.models import Card
from quizapp.db import db
from quizapp.errors import Invalid, NotFound
from quizapp.memory import queries, service
from quizapp.memory.days import DayCounts
from quizapp.memory.kinds import Phase, Queue, Rating, ReviewKind
from quizapp.memory.results import Recorded
from quizapp.memory.service import StaleReview
from quizapp.web import unit
from tests.factories.accounts import create_learner
from tests.factories.memory import MORNING, create_cards, drill, item_of, mark, quiz, undo

TODAY = MORNING.date()
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
AGAIN, HARD, GOOD, EASY = Rating

pytestmark = pytest.mark.usefixtures("app")


def log(learner: LearnerSettings) -> list[Any]:
    return sorted(queries.entries(learner.id), key=lambda entry: entry.seq)


def counts(learner: LearnerSettings, day: dt.date = TODAY) -> DayCounts:
    return queries.days_between(learner.id, day, day).get(day, DayCounts())


def agrees(learner: LearnerSettings) -> bool:
    return not queries.refolded(learner.id).differs


def lapse(learner: LearnerSettings, card_id: int, times: int) -> list[Recorded]:
    """Let a card lapse so many times, learning it again in between; return what the lapses recorded."""
    drill(learner, card_id, EASY)
    lapses = []
    for number in range(1, times + 1):
        lapses.append(drill(learner, card_id, AGAIN, now=MORNING + number * DAY))
        if not lapses[-1].memory.suspended:
            drill(learner, card_id, EASY, now=MORNING + number * DAY + 10 * MINUTE)
    return lapses


def test_an_answer_is_logged_with_the_memory_after_it() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    recorded = drill(learner, card_id, thinking_ms=3200, sitting_id=7)
    (entry,) = log(learner)
    assert (entry.seq, entry.card_id, entry.kind, entry.rating) == (1, card_id, ReviewKind.DRILL, GOOD)
    assert (entry.reviewed_at, entry.study_on, entry.thinking_ms, entry.sitting_id) == (
        MORNING,
        TODAY,
        3200,
        7,
    )
    assert (entry.previous_seq, entry.revision, entry.parameters, entry.hasty) == (0, 1, 1, False)
    assert entry.memory == recorded.memory == queries.card_memory(learner.id, card_id).memory
    assert drill(learner, card_id).seq == 2
    assert log(learner)[1].previous_seq == 1


def test_what_the_buttons_show_is_what_is_stored() -> None:
    learner, card_ids = create_learner(), create_cards(12)
    for card_id in card_ids[1:]:
        drill(learner, card_id, EASY)
    for rating in Rating:
        drill(learner, card_ids[0], EASY, now=MORNING)
        now = MORNING + 8 * DAY
        state = queries.card_memory(learner.id, card_ids[0])
        shown = queries.previews(learner, state, card_ids[0], now)[rating]
        stored = drill(learner, card_ids[0], rating, now=now).memory
        assert (stored.due_on, stored.due_at) == (shown.due_on, shown.due_at)
        mark(service.reset_card, learner, card_ids[0], now=now)


def test_the_day_that_was_shown_is_kept_even_if_another_has_become_lighter() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    shown = queries.previews(learner, queries.UNSEEN, card_id, MORNING)[EASY]
    other = shown.due_on + DAY if shown.interval_days < 9 else shown.due_on - DAY
    assert drill(learner, card_id, EASY, offered_on=other).memory.due_on == other


def test_a_day_that_was_never_offered_is_not_taken() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    shown = queries.previews(learner, queries.UNSEEN, card_id, MORNING)[EASY]
    assert drill(learner, card_id, EASY, offered_on=TODAY + 300 * DAY).memory.due_on == shown.due_on


def test_siblings_come_back_on_different_days_and_loads_are_levelled() -> None:
    learner = create_learner()
    first, second = create_cards(1, per_note=2)
    assert drill(learner, first, EASY).memory.due_on != drill(learner, second, EASY).memory.due_on
    for card_id in create_cards(28):
        drill(learner, card_id, EASY)
    week = queries.days_between(learner.id, TODAY + DAY, TODAY + 30 * DAY)
    assert {day.due_cards for day in week.values()} == {6}  # 30 cards on the five days of 8 +- 2


def test_the_same_answer_with_the_same_key_is_one_answer() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    key = secrets.token_bytes(16)
    first = drill(learner, card_id, answer_key=key, seen=0)
    drill(learner, card_id, EASY, now=MORNING + MINUTE)
    again = drill(learner, card_id, answer_key=key, seen=0, now=MORNING + DAY)
    assert again.repeated
    assert (again.seq, again.memory, again.rating) == (first.seq, first.memory, first.rating)
    assert len(log(learner)) == 2


def test_answers_to_several_cards_at_one_moment_stand_one_after_the_other(app: Flask) -> None:
    learner, card_ids = create_learner(), create_cards(12)

    def answer(card_id: int) -> int:
        with app.app_context():
            return drill(learner, card_id).seq

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(answer, card_ids)) == list(range(1, 13))
    assert counts(learner).reviews == 12
    assert agrees(learner)


def test_another_answer_with_the_same_key_is_refused_and_told_what_is_recorded() -> None:
    learner, (card_id, other_id) = create_learner(), create_cards(2)
    key = secrets.token_bytes(16)
    drill(learner, card_id, EASY, answer_key=key, offered_on=TODAY + 8 * DAY)
    with pytest.raises(StaleReview, match=r"^Already answered: Easy, due Wed 11 March\.$"):
        drill(learner, card_id, AGAIN, answer_key=key)
    with pytest.raises(StaleReview, match="Already answered: Easy"):
        drill(learner, other_id, EASY, answer_key=key)
    with pytest.raises(StaleReview, match="Already answered: Easy"):
        quiz(learner, card_id, answer_key=key)
    assert len(log(learner)) == 1


def test_a_card_that_moved_on_since_it_was_shown_is_refused() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    drill(learner, card_id, GOOD)
    with pytest.raises(StaleReview, match=r"^Already answered: Good, due at 09:10\.$"):
        drill(learner, card_id, GOOD, seen=0)
    quiz(learner, card_id, 0.0)
    with pytest.raises(StaleReview, match=r"^Already answered in a quiz: wrong, due at 09:01\.$"):
        drill(learner, card_id, GOOD, seen=1)
    mark(service.suspend_card, learner, card_id)
    with pytest.raises(StaleReview, match=r"^This card was suspended\.$"):
        drill(learner, card_id, GOOD, seen=2)
    with pytest.raises(StaleReview, match=r"^This card is suspended\."):
        drill(learner, card_id, GOOD, seen=3)
    with pytest.raises(StaleReview, match="not been answered yet"):
        drill(learner, create_cards()[0], GOOD, seen=3)
    assert len(log(learner)) == 3


def test_cards_that_are_not_there_are_not_found() -> None:
    learner, (card_id, hidden_id) = create_learner(), [*create_cards(), *create_cards(hidden=True)]
    with pytest.raises(NotFound):
        drill(learner, 999)
    with pytest.raises(NotFound):
        drill(learner, hidden_id)
    unit.run(lambda: db.session.execute(update(Card).where(Card.id == card_id).values(retired_at=MORNING)))
    with pytest.raises(NotFound):
        drill(learner, card_id)
    with pytest.raises(NotFound):
        mark(service.bury_card, learner, card_id)
    assert quiz(learner, card_id).seq == 1  # it was asked before it was retired


def test_an_answer_that_resends_itself_after_its_card_retired_still_gets_its_result() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    key = secrets.token_bytes(16)
    drill(learner, card_id, answer_key=key)
    unit.run(lambda: db.session.execute(update(Card).where(Card.id == card_id).values(retired_at=MORNING)))
    assert drill(learner, card_id, answer_key=key, seen=0).repeated


@pytest.mark.parametrize("rating", [0, 5, -1])
def test_only_the_four_ratings_are_taken(rating: int) -> None:
    with pytest.raises(Invalid, match="Again, Hard, Good or Easy"):
        drill(create_learner(), create_cards()[0], rating)  # type: ignore[arg-type]


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(Invalid, match="answer key"):
        drill(create_learner(), create_cards()[0], answer_key=b"short")


def test_thinking_time_is_clamped_and_haste_is_marked() -> None:
    learner, card_ids = create_learner(), create_cards(4)
    for card_id, thinking_ms in zip(card_ids, (-5, 799, 800, 10**9), strict=True):
        drill(learner, card_id, thinking_ms=thinking_ms)
    drill(learner, create_cards()[0])
    assert [(entry.thinking_ms, entry.hasty) for entry in log(learner)] == [
        (0, True), (799, True), (800, False), (60_000, False), (None, False),
    ]  # fmt: skip
    assert counts(learner).thinking_ms == 799 + 800 + 60_000


@pytest.mark.parametrize(("seconds", "hasty"), [(1.6, 1), (1.7, 0)])
def test_the_tenth_answer_alike_in_under_fifteen_seconds_is_hasty(seconds: float, hasty: int) -> None:
    learner = create_learner()
    for number, card_id in enumerate(create_cards(10)):
        drill(learner, card_id, thinking_ms=1500, now=MORNING + number * dt.timedelta(seconds=seconds))
    assert [entry.hasty for entry in log(learner)] == [False] * 9 + [bool(hasty)]


def test_ten_fast_answers_that_are_not_alike_are_not_hasty() -> None:
    learner = create_learner()
    for number, card_id in enumerate(create_cards(12)):
        rating = HARD if number % 5 == 0 else GOOD
        drill(learner, card_id, rating, thinking_ms=900, now=MORNING + number * dt.timedelta(seconds=1))
    assert not any(entry.hasty for entry in log(learner))


def test_an_instant_before_the_last_review_counts_as_the_same_day() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    drill(learner, card_id, EASY)
    back = drill(learner, card_id, GOOD, now=MORNING - 5 * DAY)
    assert back.memory.last_on == TODAY
    assert agrees(learner)


def test_days_are_counted_as_they_happen() -> None:
    learner, (card_id, other_id) = create_learner(), create_cards(2)
    first = drill(learner, card_id, EASY, thinking_ms=4000)
    drill(learner, other_id, GOOD, thinking_ms=1000)
    assert counts(learner) == DayCounts(new_cards=2, reviews=2, thinking_ms=5000)
    assert counts(learner, first.memory.due_on).due_cards == 1
    second = drill(learner, card_id, GOOD, now=MORNING + 8 * DAY)
    assert counts(learner, first.memory.due_on).due_cards == 0
    assert counts(learner, second.memory.due_on).due_cards == 1
    assert counts(learner, TODAY + 8 * DAY).new_cards == 0


def test_late_at_night_an_answer_belongs_to_the_day_before() -> None:
    learner, (card_id,) = create_learner(time_zone="America/New_York"), create_cards()
    drill(learner, card_id, now=dt.datetime(2026, 3, 8, 7, 59, tzinfo=dt.UTC))  # 03:59 EDT
    drill(learner, card_id, now=dt.datetime(2026, 3, 8, 8, 0, tzinfo=dt.UTC))
    assert [entry.study_on for entry in log(learner)] == [dt.date(2026, 3, 7), dt.date(2026, 3, 8)]


def test_the_eighth_lapse_suspends_the_card_and_says_so() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    lapses = lapse(learner, card_id, 8)
    assert [recorded.leech for recorded in lapses] == [False] * 7 + [True]
    assert queries.card_memory(learner.id, card_id).memory.queue is Queue.NONE
    mark(service.unsuspend_card, learner, card_id)
    later = MORNING + 9 * DAY
    assert not drill(learner, card_id, EASY, now=later).leech
    assert agrees(learner)


def test_a_card_first_met_in_a_quiz_is_a_new_card_of_the_next_study_day() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    memory = quiz(learner, card_id, 1.0, thinking_ms=9000).memory
    assert (memory.phase, memory.due_on) == (Phase.LEARNING, TODAY + DAY)
    assert memory.due_at == dt.datetime(2026, 3, 4, 4, 0, tzinfo=dt.UTC)
    assert counts(learner) == DayCounts(reviews=1, thinking_ms=9000)
    assert counts(learner, TODAY + DAY) == DayCounts(new_cards=1)
    drill(learner, card_id, now=MORNING + DAY)
    assert counts(learner, TODAY + DAY) == DayCounts(new_cards=1, reviews=1, due_cards=0)


def test_a_wrong_quiz_answer_sends_a_drilled_card_back_to_recall() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    due_on = drill(learner, card_id, EASY).memory.due_on
    wrong = quiz(learner, card_id, 0.0, now=MORNING + DAY)
    state = queries.card_memory(learner.id, card_id)
    assert (state.memory.phase, state.memory.queue, state.memory.lapses) == (Phase.RELEARNING, Queue.STEP, 1)
    assert state.memory.due_at == MORNING + DAY + 10 * MINUTE
    assert counts(learner, due_on).due_cards == 0
    assert not wrong.leech


def test_a_right_quiz_answer_puts_a_review_off() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    before = drill(learner, card_id, EASY).memory
    after = quiz(learner, card_id, 1.0, now=MORNING + 8 * DAY).memory
    assert after.phase is Phase.REVIEW
    assert after.stability > before.stability
    assert after.due_on > before.due_on
    assert counts(learner, after.due_on).due_cards == 1


def test_a_hidden_card_remembers_and_is_in_no_count() -> None:
    learner, (card_id,) = create_learner(), create_cards(hidden=True)
    for number, fraction in enumerate((1.0, 0.0, 0.5)):
        memory = quiz(learner, card_id, fraction, now=MORNING + number * DAY).memory
        assert (memory.queue, memory.due_on) == (Queue.NONE, None)
    assert memory.stability is not None
    assert memory.lapses == 1
    rows = queries.days_between(learner.id, dt.date.min, dt.date.max)
    assert rows == {TODAY + number * DAY: DayCounts(reviews=1) for number in range(3)}


def test_a_quiz_answer_keeps_what_was_asked_and_how_it_was_marked() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    key = secrets.token_bytes(16)
    quiz(learner, card_id, 0.5, revision=3, strict=True, guess_chance=0.2, answer_key=key)
    (entry,) = log(learner)
    assert (entry.kind, entry.item_id, entry.revision) == (ReviewKind.QUIZ, item_of(card_id), 3)
    assert (entry.fraction, entry.strict, entry.guess_chance, entry.rating) == (0.5, True, 0.2, None)
    assert quiz(learner, card_id, 0.5, answer_key=key).repeated
    with pytest.raises(StaleReview, match=r"^Already answered in a quiz: wrong, due tomorrow\.$"):
        quiz(learner, card_id, 1.0, answer_key=key)


def test_a_suspended_card_is_in_no_queue_until_it_is_unsuspended() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    due_on = drill(learner, card_id, EASY).memory.due_on
    mark(service.suspend_card, learner, card_id)
    assert queries.card_memory(learner.id, card_id).memory.queue is Queue.NONE
    assert counts(learner, due_on).due_cards == 0
    assert mark(service.unsuspend_card, learner, card_id).memory.due_on == due_on
    assert counts(learner, due_on).due_cards == 1


def test_a_mark_that_changes_nothing_leaves_no_entry() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    assert mark(service.unsuspend_card, learner, card_id).repeated
    assert mark(service.reset_card, learner, card_id).repeated
    key = secrets.token_bytes(16)
    assert not mark(service.bury_card, learner, card_id, answer_key=key).repeated
    assert mark(service.bury_card, learner, card_id, answer_key=key).repeated
    assert mark(service.bury_card, learner, card_id).repeated
    with pytest.raises(StaleReview, match="put off until the next study day"):
        mark(service.suspend_card, learner, card_id, answer_key=key)
    assert len(log(learner)) == 1


def test_a_mark_that_changed_nothing_takes_no_effect_when_it_comes_again() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    resent = {"answer_key": secrets.token_bytes(16), "seen": mark(service.suspend_card, learner, card_id).seq}
    assert mark(service.suspend_card, learner, card_id, **resent).repeated
    mark(service.unsuspend_card, learner, card_id)
    with pytest.raises(StaleReview):
        mark(service.suspend_card, learner, card_id, **resent)
    assert not queries.card_memory(learner.id, card_id).memory.suspended
    assert len(log(learner)) == 2


def test_a_hidden_card_takes_no_mark_before_its_question_was_answered() -> None:
    learner, (card_id,) = create_learner(), create_cards(hidden=True)
    for change in MARKS.values():
        with pytest.raises(NotFound):
            mark(change, learner, card_id)
    quiz(learner, card_id)
    assert mark(service.reset_card, learner, card_id).memory.repetitions == 0


def test_a_buried_card_is_put_off_for_one_study_day_and_an_answer_ends_it() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    assert mark(service.bury_card, learner, card_id).memory.buried_on == TODAY
    assert drill(learner, card_id, now=MORNING + DAY).memory.buried_on is None


def test_a_reset_card_is_new_again_and_keeps_its_history() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    due_on = drill(learner, card_id, EASY).memory.due_on
    mark(service.reset_card, learner, card_id)
    assert queries.card_memory(learner.id, card_id).memory == queries.UNSEEN.memory
    assert counts(learner, due_on).due_cards == 0
    assert [past.entry.kind for past in queries.card_reviews(learner.id, card_id)] == [
        ReviewKind.DRILL,
        ReviewKind.RESET,
    ]
    drill(learner, card_id)
    assert counts(learner).new_cards == 2


def test_undo_restores_the_memory_and_the_counts_and_deletes_nothing() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    first = drill(learner, card_id, EASY, sitting_id=1, thinking_ms=2000)
    second = drill(learner, card_id, AGAIN, sitting_id=1, thinking_ms=1000, now=MORNING + DAY)
    undone = undo(learner, now=MORNING + DAY)
    assert (undone.subject_seq, undone.rating, undone.memory) == (second.seq, AGAIN, first.memory)
    assert queries.card_memory(learner.id, card_id) == queries.CardState(3, first.memory)
    assert counts(learner, TODAY + DAY) == DayCounts()
    assert counts(learner, first.memory.due_on).due_cards == 1
    undone = undo(learner, now=MORNING + DAY)
    assert (undone.subject_seq, undone.memory) == (first.seq, queries.UNSEEN.memory)
    assert queries.days_between(learner.id, dt.date.min, dt.date.max) == {}
    assert undo(learner) is None
    assert [past.undone for past in queries.card_reviews(learner.id, card_id)] == [True, True, False, False]


def test_undo_reaches_the_last_ten_answers_of_its_sitting() -> None:
    learner, card_ids = create_learner(), create_cards(12)
    for card_id in card_ids:
        drill(learner, card_id, sitting_id=1)
    drill(learner, create_cards()[0], sitting_id=2)
    taken = [undo(learner) for _ in range(11)]
    assert [each.card_id for each in taken[:-1]] == card_ids[:1:-1]
    assert taken[-1] is None


def test_undo_takes_back_a_mark_of_the_sitting_too() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    drill(learner, card_id, sitting_id=1)
    mark(service.suspend_card, learner, card_id, sitting_id=1)
    undone = undo(learner)
    assert (undone.kind, undone.memory.suspended) == (ReviewKind.SUSPEND, False)
    assert counts(learner).reviews == 1


def test_undo_with_the_same_key_happens_once() -> None:
    learner, (first_id, second_id) = create_learner(), create_cards(2)
    drill(learner, first_id, sitting_id=1)
    drill(learner, second_id, sitting_id=1)
    key = secrets.token_bytes(16)
    assert undo(learner, answer_key=key) == undo(learner, answer_key=key)
    assert queries.card_memory(learner.id, first_id).memory.repetitions == 1
    with pytest.raises(StaleReview, match="taken back"):
        drill(learner, first_id, answer_key=key)
    answered = secrets.token_bytes(16)
    drill(learner, second_id, answer_key=answered)
    with pytest.raises(StaleReview, match="Already answered: Good"):
        undo(learner, answer_key=answered)


def test_undo_is_refused_once_the_card_was_answered_elsewhere() -> None:
    learner, (card_id,) = create_learner(), create_cards()
    drill(learner, card_id, sitting_id=1)
    quiz(learner, card_id)
    with pytest.raises(StaleReview, match=r"can no longer be taken back\. Already answered in a quiz: right"):
        undo(learner)


def test_an_answer_costs_four_statements_and_five_where_a_day_is_chosen(statements: list[str]) -> None:
    learner, (card_id,) = create_learner(), create_cards()
    drill(learner, card_id, EASY)
    shown = queries.previews(learner, queries.card_memory(learner.id, card_id), card_id, MORNING + DAY)[GOOD]
    for offered_on, most in ((shown.due_on, 4), (None, 5)):
        seen = queries.card_memory(learner.id, card_id).last_seq
        statements.clear()
        drill(learner, card_id, GOOD, now=MORNING + DAY, seen=seen, offered_on=offered_on)
        assert len(statements) == most, statements


def test_previews_cost_one_statement(statements: list[str]) -> None:
    learner, (card_id,) = create_learner(), create_cards()
    queries.card_memory(learner.id, card_id)
    statements.clear()
    queries.previews(learner, queries.UNSEEN, card_id, MORNING)
    assert len(statements) == 1


def test_rebuilding_puts_right_what_was_damaged() -> None:
    learner, card_ids = create_learner(), create_cards(3)
    for card_id in card_ids:
        drill(learner, card_id, EASY)
    before = (
        queries.memories(learner.id, card_ids),
        queries.days_between(learner.id, dt.date.min, dt.date.max),
    )
    unit.run(
        lambda: db.session.connection().exec_driver_sql("UPDATE card_memory SET lapses = 3 WHERE card_id = 1")
    )
    unit.run(lambda: db.session.connection().exec_driver_sql("DELETE FROM card_memory WHERE card_id = 2"))
    unit.run(
        lambda: db.session.connection().exec_driver_sql(
            "UPDATE learner_day SET reviews = 9 WHERE reviews > 0"
        )
    )
    found = unit.run(lambda: service.rebuild(learner.id))
    assert (found.wrong_cards, found.wrong_days) == (card_ids[:2], [TODAY])
    assert agrees(learner)
    after = queries.memories(learner.id, card_ids), queries.days_between(learner.id, dt.date.min, dt.date.max)
    assert after == before


# One thing a learner does: (what, card 0 to 2, an argument, minutes later). Card 2 is hidden.
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["drill"] * 4 + ["quiz", "quiz", "undo", "suspend", "unsuspend", "bury", "reset"]),
        st.integers(0, 2),
        st.integers(1, 4),
        st.sampled_from([0, 1, 12, 600, 1440, 20_000]),
    ),
    min_size=4,
    max_size=20,
)
MARKS = {
    "suspend": service.suspend_card,
    "unsuspend": service.unsuspend_card,
    "bury": service.bury_card,
    "reset": service.reset_card,
}


def live(learner: LearnerSettings, card_ids: list[int], events: list[tuple[str, int, int, int]]) -> None:
    """Do `events` one after the other; what the service refuses does not happen."""
    now = MORNING
    for what, which, argument, minutes in events:
        now += minutes * MINUTE
        try:
            if what == "drill":
                drill(
                    learner,
                    card_ids[which],
                    Rating(argument),
                    now=now,
                    thinking_ms=argument * 700,
                    sitting_id=1,
                )
            elif what == "quiz":
                fraction = (0.0, 0.5, 1.0, 1.0)[argument - 1]
                quiz(learner, card_ids[which], fraction, now=now, strict=argument == 2 and which == 1)
            elif what == "undo":
                undo(learner, now=now)
            else:
                mark(MARKS[what], learner, card_ids[which], now=now, sitting_id=1)
        except (StaleReview, NotFound):
            pass


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_the_log_folds_to_what_is_stored(app: Flask, events: list[tuple[str, int, int, int]]) -> None:
    learner = create_learner()
    live(learner, [*create_cards(1, per_note=2), *create_cards(hidden=True)], events)
    found = queries.refolded(learner.id)
    assert (found.wrong_cards, found.wrong_days) == ([], [])
    for card_id, card in found.cards.items():
        assert queries.card_memory(learner.id, card_id).memory == card.memory  # to the last digit
    db.session.rollback()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(as_guest=EVENTS, at_home=EVENTS, afterwards=EVENTS)
def test_a_guests_log_joins_that_of_the_account(
    app: Flask, as_guest: Any, at_home: Any, afterwards: Any
) -> None:
    guest, learner = create_learner(), create_learner()
    card_ids = [*create_cards(1, per_note=2), *create_cards(hidden=True)]
    live(guest, card_ids, as_guest)
    live(learner, card_ids, at_home)
    own = len(log(learner))
    unit.run(lambda: service.copy_reviews(source_learner_id=guest.id, learner=learner))
    assert len(log(learner)) == own + len(log(guest))
    assert agrees(learner)
    assert unit.run(lambda: service.copy_reviews(source_learner_id=guest.id, learner=learner)) == 0
    live(learner, card_ids, afterwards)
    assert agrees(learner)
    db.session.rollback()


def test_copies_name_their_origin_and_follow_in_order_of_time() -> None:
    guest, learner, (card_id, other_id) = create_learner(), create_learner(), create_cards(2)
    drill(guest, card_id, GOOD, sitting_id=4)
    drill(guest, other_id, EASY)
    drill(guest, card_id, GOOD, now=MORNING + 10 * MINUTE)
    drill(learner, card_id, EASY, now=MORNING + 5 * DAY)
    assert unit.run(lambda: service.copy_reviews(source_learner_id=guest.id, learner=learner)) == 3
    copied = log(learner)[1:]
    assert [(entry.seq, entry.previous_seq, entry.card_id) for entry in copied] == [
        (2, 1, card_id), (3, 0, other_id), (4, 2, card_id),
    ]  # fmt: skip
    assert [(entry.origin_learner_id, entry.subject_seq) for entry in copied] == [
        (guest.id, 1), (guest.id, 2), (guest.id, 3),
    ]  # fmt: skip
    assert {entry.sitting_id for entry in copied} == {None}
    merged = queries.card_memory(learner.id, card_id).memory
    assert (merged.repetitions, merged.last_on) == (3, TODAY + 5 * DAY)
    assert merged.due_on == log(learner)[0].memory.due_on  # the last answer in time has decided it


def test_a_guests_answer_that_resends_itself_after_joining_is_not_doubled() -> None:
    guest, learner, (card_id,) = create_learner(), create_learner(), create_cards()
    key = secrets.token_bytes(16)
    drill(guest, card_id, answer_key=key)
    unit.run(lambda: service.copy_reviews(source_learner_id=guest.id, learner=learner))
    assert drill(learner, card_id, answer_key=key, seen=0).repeated
