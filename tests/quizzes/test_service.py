"""Answering an attempt: what is stored, what is refused, what it teaches."""

from __future__ import annotations

import datetime as dt
import secrets

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp.accounts.viewer import LearnerSettings
from quizapp.db import db
from quizapp.errors import Invalid, NotFound
from quizapp.memory import queries as memory
from quizapp.memory.models import Review
from quizapp.quizzes import queries, service
from quizapp.quizzes.models import AttemptBank, ItemResponse
from quizapp.quizzes.service import AnswerRecorded, AttemptFinished
from quizapp.web import unit
from tests.factories import banks, quizzes
from tests.factories.accounts import create_learner
from tests.factories.memory import MORNING, drill

LATER = MORNING + dt.timedelta(minutes=5)


@pytest.fixture
def learner(app: Flask) -> LearnerSettings:
    banks.publish(quizzes.MIXED)
    return create_learner()


def count(model: type) -> int:
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_a_practice_answer_is_marked_stored_and_teaches_its_card(learner: LearnerSettings) -> None:
    code = quizzes.start(learner)
    item = quizzes.items(learner, code)[0]
    key = secrets.token_bytes(16)
    done = quizzes.answer(learner, code, 1, quizzes.good_answer(item), key=key)
    assert done is not None
    assert (done.fraction, done.repeated, done.finished) == (1.0, False, False)
    review = db.session.execute(select(Review)).scalar_one()
    assert (review.card_id, review.item_id, review.answer_key) == (item.card_id, item.item_id, key)
    assert (review.fraction, review.strict, review.revision) == (1.0, False, item.revision)
    assert review.guess_chance == pytest.approx(
        1 / len(item.snapshot["options"]) if item.type == "single" else 1 / 15
    )


def test_sending_the_same_answer_again_changes_nothing_and_says_the_same(learner: LearnerSettings) -> None:
    code = quizzes.start(learner)
    chosen = quizzes.bad_answer(quizzes.items(learner, code)[0])
    key = secrets.token_bytes(16)
    first = quizzes.answer(learner, code, 1, chosen, key=key)
    again = quizzes.answer(learner, code, 1, chosen, key=key, at=LATER)
    assert first is not None
    assert again is not None
    assert (again.answer, again.fraction, again.repeated) == (first.answer, first.fraction, True)
    assert (count(ItemResponse), count(Review)) == (1, 1)


def test_another_answer_under_the_same_key_is_refused_and_told_what_is_recorded(
    learner: LearnerSettings,
) -> None:
    code = quizzes.start(learner)
    item = quizzes.items(learner, code)[0]
    key = secrets.token_bytes(16)
    quizzes.answer(learner, code, 1, quizzes.bad_answer(item), key=key)
    letter = "ABCDE"[[option["id"] for option in item.snapshot["options"]].index(quizzes.bad_answer(item)[0])]
    with pytest.raises(AnswerRecorded, match=f"Question 1 is answered already: {letter} is recorded"):
        quizzes.answer(learner, code, 1, quizzes.good_answer(item), key=key)
    with pytest.raises(AnswerRecorded, match="belongs to another question"):
        quizzes.answer(learner, code, 2, quizzes.good_answer(quizzes.items(learner, code)[1]), key=key)
    assert (count(ItemResponse), count(Review)) == (1, 1)


def test_the_first_answer_in_practice_is_final(learner: LearnerSettings) -> None:
    code = quizzes.start(learner)
    item = quizzes.items(learner, code)[0]
    quizzes.answer(learner, code, 1, quizzes.bad_answer(item))
    with pytest.raises(AnswerRecorded, match=" recorded"):
        quizzes.answer(learner, code, 1, quizzes.good_answer(item))
    assert quizzes.items(learner, code)[0].answer == quizzes.bad_answer(item)


def test_practice_wants_an_option(learner: LearnerSettings) -> None:
    code = quizzes.start(learner)
    with pytest.raises(Invalid, match="Choose an option first"):
        quizzes.answer(learner, code, 1, [])
    with pytest.raises(Invalid, match="not one of the options"):
        quizzes.answer(learner, code, 1, ["00000000"])
    assert count(ItemResponse) == 0


def test_the_last_practice_answer_finishes_the_attempt_with_its_sums(learner: LearnerSettings) -> None:
    code = quizzes.start(learner)
    quizzes.answer_all(learner, code, wrong=[2])
    attempt = queries.attempt_for(learner.id, code)
    assert attempt.finished_at is not None
    assert (attempt.points, attempt.answered, attempt.duration_ms) == (2.0, 3, 4000)
    share = db.session.execute(select(AttemptBank)).scalar_one()
    assert (share.items, share.points) == (3, 2.0)
    assert not quizzes.finish(learner, code)


def test_a_test_takes_the_last_answer_and_teaches_once_at_the_end(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test")
    first, second, third = quizzes.items(learner, code)
    last_key = secrets.token_bytes(16)
    quizzes.answer(learner, code, 1, quizzes.bad_answer(first))
    quizzes.answer(learner, code, 1, quizzes.good_answer(first), key=last_key, at=LATER)
    quizzes.answer(learner, code, 2, quizzes.bad_answer(second), at=LATER)
    assert (count(ItemResponse), count(Review)) == (3, 0)
    assert quizzes.finish(learner, code)
    reviews = {review.card_id: review for review in db.session.execute(select(Review)).scalars()}
    assert set(reviews) == {first.card_id, second.card_id}
    assert (reviews[first.card_id].answer_key, reviews[first.card_id].fraction) == (last_key, 1.0)
    assert reviews[second.card_id].fraction == 0.0
    attempt = queries.attempt_for(learner.id, code)
    assert (attempt.points, attempt.answered) == (1.0, 2)
    assert memory.memories(learner.id, [third.card_id]) == {}


def test_a_test_stores_changes_only_and_an_answer_may_be_taken_back(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test")
    position, item = next((i.position, i) for i in quizzes.items(learner, code) if i.type == "multiple")
    blank = quizzes.answer(learner, code, position, [])
    assert (blank.seq, blank.repeated) == (0, True)
    quizzes.answer(learner, code, position, quizzes.good_answer(item))
    same = quizzes.answer(learner, code, position, quizzes.good_answer(item))
    assert (same.seq, same.repeated) == (1, True)
    quizzes.answer(learner, code, position, [])
    assert count(ItemResponse) == 2
    quizzes.finish(learner, code)
    assert queries.attempt_for(learner.id, code).answered == 0
    assert count(Review) == 0


def test_a_page_that_is_behind_overwrites_nothing(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test", kinds=("single",))
    options = [option["id"] for option in quizzes.items(learner, code)[0].snapshot["options"]]
    quizzes.answer(learner, code, 2, quizzes.good_answer(quizzes.items(learner, code)[1]))
    first = quizzes.answer(learner, code, 1, options[:1], seen=0).seq
    second = quizzes.answer(learner, code, 1, options[1:2], seen=first).seq
    for seen, shown in ((0, []), (first, options[:1]), (first, [])):
        left = quizzes.answer(learner, code, 1, shown, seen=seen)
        assert (left.seq, left.answer, left.repeated) == (second, options[1:2], True)
        with pytest.raises(AnswerRecorded, match="Question 1 was changed elsewhere meanwhile: B is recorded"):
            quizzes.answer(learner, code, 1, shown, seen=seen, deliberate=True)
    for seen in (0, first, second - 2, 99):
        with pytest.raises(AnswerRecorded, match="B is recorded"):
            quizzes.answer(learner, code, 1, options[2:3], seen=seen)
    assert quizzes.items(learner, code)[0].answer == options[1:2]
    assert count(ItemResponse) == 3


def test_an_answer_that_changed_nothing_takes_no_effect_when_it_comes_again(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test", kinds=("single",))
    options = [option["id"] for option in quizzes.items(learner, code)[0].snapshot["options"]]
    first = quizzes.answer(learner, code, 1, options[:1]).seq
    resent = {"key": secrets.token_bytes(16), "seen": first}
    quizzes.answer(learner, code, 1, options[:1], **resent)
    quizzes.answer(learner, code, 1, options[1:2])
    quizzes.answer(learner, code, 1, options[:1], **resent)
    assert quizzes.items(learner, code)[0].answer == options[1:2]


@pytest.mark.parametrize("mode", ["practice", "test"])
def test_the_key_of_a_drilled_card_is_no_key_of_a_question(learner: LearnerSettings, mode: str) -> None:
    code = quizzes.start(learner, mode=mode, kinds=("single",))
    item, key = quizzes.items(learner, code)[0], secrets.token_bytes(16)
    drill(learner, quizzes.items(learner, code)[1].card_id, answer_key=key)
    with pytest.raises(AnswerRecorded, match="belongs to a card"):
        quizzes.answer(learner, code, 1, quizzes.good_answer(item), key=key)
    assert count(ItemResponse) == 0


def test_a_key_used_up_by_a_card_does_not_keep_a_test_from_being_handed_in(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test", kinds=("single",))
    first, second = quizzes.items(learner, code)
    key = secrets.token_bytes(16)
    quizzes.answer(learner, code, 1, quizzes.good_answer(first), key=key)
    quizzes.answer(learner, code, 2, quizzes.good_answer(second))
    drill(learner, second.card_id, answer_key=key)
    assert quizzes.finish(learner, code)
    assert queries.attempt_for(learner.id, code).points == 2.0
    taught = db.session.scalars(select(Review.card_id).where(Review.item_id.is_not(None))).all()
    assert taught == [second.card_id]


def test_partial_credit_counts_in_points(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test", kinds=("multiple",))
    (item,) = quizzes.items(learner, code)
    quizzes.answer(learner, code, 1, quizzes.good_answer(item)[:1])
    quizzes.finish(learner, code)
    assert queries.attempt_for(learner.id, code).points == 0.5


def test_a_finished_attempt_takes_nothing_more(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test")
    item = quizzes.items(learner, code)[0]
    key = secrets.token_bytes(16)
    quizzes.answer(learner, code, 1, quizzes.good_answer(item), key=key)
    assert quizzes.finish(learner, code)
    finished_at = queries.attempt_for(learner.id, code).finished_at
    assert not quizzes.finish(learner, code, at=MORNING + dt.timedelta(hours=1))
    assert queries.attempt_for(learner.id, code).finished_at == finished_at
    with pytest.raises(AttemptFinished, match="finished"):
        quizzes.answer(learner, code, 1, quizzes.bad_answer(item))
    with pytest.raises(AttemptFinished, match="finished"):
        quizzes.flag(learner, code, 1)
    again = quizzes.answer(learner, code, 1, quizzes.good_answer(item), key=key)
    assert again is not None
    assert again.repeated


def test_time_counts_on_every_way_out_of_a_question_and_never_twice(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test")
    item = quizzes.items(learner, code)[0]
    key = secrets.token_bytes(16)

    def at(seconds: int) -> dt.datetime:
        return MORNING + dt.timedelta(seconds=seconds)

    quizzes.flag(learner, code, 1, at=at(10), thinking_ms=9_000)
    quizzes.answer(learner, code, 1, [], at=at(20), thinking_ms=8_000)
    quizzes.answer(learner, code, 1, quizzes.good_answer(item), key=key, at=at(30), thinking_ms=7_000)
    quizzes.answer(learner, code, 1, quizzes.good_answer(item), key=key, at=at(40), thinking_ms=6_000)
    for seconds in (45, 45, 46):
        unit.run(lambda seconds=seconds: service.spend(learner, code, 2, thinking_ms=60_000, now=at(seconds)))
    assert [item.spent_ms for item in quizzes.items(learner, code)] == [30_000, 6_000, 0]
    assert quizzes.items(learner, code)[0].answer == quizzes.good_answer(item)
    assert db.session.scalar(select(ItemResponse.thinking_ms)) == 24_000
    quizzes.finish(learner, code, at=at(60))
    unit.run(lambda: service.spend(learner, code, 2, thinking_ms=60_000, now=at(120)))
    assert [item.spent_ms for item in quizzes.items(learner, code)] == [30_000, 6_000, 0]
    db.session.expire_all()
    assert queries.attempt_for(learner.id, code).duration_ms == 36_000


def test_flags_can_be_set_twice_and_taken_away(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test")
    for flagged in (True, True, False, True):
        quizzes.flag(learner, code, 2, flagged=flagged)
    attempt = queries.attempt_for(learner.id, code)
    assert [place.flagged for place in queries.places(learner.id, attempt.id)] == [False, True, False]


def test_somebody_elses_attempt_is_not_there(learner: LearnerSettings) -> None:
    code = quizzes.start(learner)
    other = create_learner()
    item = quizzes.items(learner, code)[0]
    with pytest.raises(NotFound):
        quizzes.answer(other, code, 1, quizzes.good_answer(item))
    with pytest.raises(NotFound):
        quizzes.finish(other, code)
    with pytest.raises(NotFound):
        quizzes.flag(other, code, 1)
    assert count(ItemResponse) == 0


def test_what_quizzes_taught_can_be_rebuilt_from_the_log(learner: LearnerSettings) -> None:
    quizzes.answer_all(learner, quizzes.start(learner), wrong=[1])
    code = quizzes.start(learner, mode="test", seed=9)
    for item in quizzes.items(learner, code):
        quizzes.answer(learner, code, item.position, quizzes.bad_answer(item), at=LATER)
    quizzes.finish(learner, code)
    assert count(Review) == 6
    assert not memory.refolded(learner.id).differs
