"""Beginning an attempt: what is chosen, kept as it was drawn, and taken again."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.models import Bank
from quizapp.banks.visibility import Visibility
from quizapp.db import db
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.quizzes import queries
from quizapp.quizzes.pool import service as pool
from quizapp.quizzes.pool.selection import Prefer
from quizapp.quizzes.queries import AskedItem
from quizapp.web import unit
from tests.factories import banks, quizzes
from tests.factories.accounts import create_learner
from tests.factories.memory import MORNING


@pytest.fixture
def learner(app: Flask) -> LearnerSettings:
    banks.publish(quizzes.MIXED)
    return create_learner()


def retake(learner: LearnerSettings, code: str, *, only_missed: bool, seed: int = 99, key: str = "") -> str:
    new_code = key or secrets.token_urlsafe(16)
    at = MORNING + dt.timedelta(days=1)
    return unit.run(
        lambda: pool.retake(learner, code, only_missed=only_missed, new_code=new_code, seed=seed, now=at)
    )


def test_an_attempt_keeps_what_it_asks_and_where_that_came_from(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, count=10)
    attempt = queries.attempt_for(learner.id, code)
    assert (attempt.id, attempt.item_count, attempt.mode, attempt.retake_of) == (1, 3, "practice", None)
    assert attempt.title == "3 questions on everything"
    items = quizzes.items(learner, code)
    assert [item.position for item in items] == [1, 2, 3]
    about = next(item for item in items if item.type == "multiple").snapshot["about"]
    assert (about["note_key"], about["tags"], about["bank_title"]) == (
        "signs",
        ["withdrawal"],
        "A sample bank",
    )
    assert about["cites"][0]["title"] == "A label"


def test_the_same_seed_asks_the_same(learner: LearnerSettings) -> None:
    other = create_learner()
    first, second = (quizzes.items(who, quizzes.start(who, seed=5)) for who in (learner, other))
    assert [item.snapshot for item in first] == [item.snapshot for item in second]
    orders = {
        tuple(i.item_id for i in quizzes.items(learner, quizzes.start(learner, seed=s))) for s in range(8)
    }
    assert len(orders) > 1


def test_a_later_wording_changes_no_attempt(learner: LearnerSettings) -> None:
    code = quizzes.start(learner)
    before = [item.snapshot for item in quizzes.items(learner, code)]
    banks.publish(quizzes.MIXED.replace("Which organ", "What organ").replace("Kidney", "The kidney"))
    assert [item.snapshot for item in quizzes.items(learner, code)] == before


def test_kinds_tags_and_banks_narrow_the_choice(learner: LearnerSettings) -> None:
    banks.publish(banks.FACTS, bank="other", title="Another")
    kinds = {item.type for item in quizzes.items(learner, quizzes.start(learner, kinds=("multiple",)))}
    tagged = quizzes.items(learner, quizzes.start(learner, count=9, tags=("kinetics", "dosing")))
    banked = quizzes.items(learner, quizzes.start(learner, count=9, banks=("other",)))
    assert kinds == {"multiple"}
    assert {tuple(item.snapshot["about"]["tags"]) for item in tagged} == {
        ("kinetics",),
        ("dosing",),
        ("mechanism", "dosing"),
    }
    assert {item.snapshot["about"]["bank_title"] for item in banked} == {"Another"}


def test_nothing_to_ask_is_said_and_nothing_stored(learner: LearnerSettings) -> None:
    with pytest.raises(Invalid, match="No question matches"):
        quizzes.start(learner, tags=("nowhere",))
    assert queries.last_attempt_id(learner.id) == 0


def test_only_what_there_is_of_a_wish_is_kept(learner: LearnerSettings) -> None:
    banks.publish(quizzes.many("closed", 2), bank="closed")
    closing = update(Bank).where(Bank.slug == "closed").values(visibility=Visibility.AUTHORS)
    unit.run(lambda: db.session.execute(closing))
    code = quizzes.start(
        learner, banks=("sample", "closed", "x" * 500), tags=("kinetics", "mechanism", "nowhere")
    )
    attempt = queries.attempt_for(learner.id, code)
    assert attempt.selection["banks"] == ["sample"]
    assert attempt.selection["tags"] == ["kinetics", "mechanism"]
    assert attempt.title == "2 questions on kinetics and mechanism"
    for nothing in ({"banks": ("closed",)}, {"tags": ("nowhere",)}, {"banks": ("sample",), "tags": ("x",)}):
        with pytest.raises(Invalid, match="No question matches"):
            quizzes.start(learner, **nothing)


def test_new_to_me_asks_what_was_not_asked_yet(learner: LearnerSettings) -> None:
    asked = {quizzes.items(learner, quizzes.start(learner, count=1))[0].item_id for _ in range(3)}
    assert len(asked) == 3


def test_weakest_asks_what_is_least_recalled_and_unseen_first_of_all(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, count=3)
    items = quizzes.items(learner, code)
    quizzes.answer(learner, code, 1, quizzes.good_answer(items[0]))
    quizzes.answer(learner, code, 2, quizzes.bad_answer(items[1]))
    later = MORNING + dt.timedelta(days=20)
    weakest = [
        {
            item.card_id
            for item in quizzes.items(
                learner, quizzes.start(learner, count=n, prefer=Prefer.WEAKEST, at=later)
            )
        }
        for n in (1, 2)
    ]
    assert weakest == [{items[2].card_id}, {items[2].card_id, items[1].card_id}]


def test_due_asks_what_is_due(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, count=3, kinds=("single",))
    item = quizzes.items(learner, code)[0]
    quizzes.answer(learner, code, 1, quizzes.bad_answer(item))
    later = MORNING + dt.timedelta(days=2)
    due = [quizzes.start(learner, count=1, prefer=Prefer.DUE, at=later, seed=seed) for seed in range(4)]
    assert {quizzes.items(learner, code)[0].card_id for code in due} == {item.card_id}


def test_a_form_sent_twice_starts_one_attempt(learner: LearnerSettings) -> None:
    issued = secrets.token_urlsafe(16)
    assert [quizzes.start(learner, code=issued), quizzes.start(learner, code=issued, seed=8)] == [issued] * 2
    assert queries.last_attempt_id(learner.id) == 1


def test_a_form_sent_again_for_something_else_or_by_somebody_else_starts_another(
    learner: LearnerSettings,
) -> None:
    issued = quizzes.start(learner)
    second = quizzes.start(learner, code=issued, count=2)
    third = quizzes.start(create_learner(), code=issued, seed=8)
    assert len({issued, second, third}) == 3
    assert len(second) == len(third) == 22


def test_retaking_asks_the_same_questions_in_another_order_and_names_the_first(
    learner: LearnerSettings,
) -> None:
    banks.publish(quizzes.many("more", 9, distractors=8), bank="more", title="More")
    code = quizzes.start(learner, mode="test", count=12)
    quizzes.finish(learner, code)
    again = retake(learner, code, only_missed=False)
    quizzes.finish(learner, again)
    third = retake(learner, again, only_missed=False, seed=3)
    missed = retake(learner, code, only_missed=True)
    told = [contents(quizzes.items(learner, one)) for one in (code, again, third, missed)]
    assert len(told[0]) == 12
    assert told[0] == told[1] == told[2] == told[3]
    first, second = quizzes.items(learner, code), quizzes.items(learner, again)
    assert [item.item_id for item in first] != [item.item_id for item in second]
    letters = {item.item_id: [option["text"] for option in item.snapshot["options"]] for item in first}
    assert any(
        [option["text"] for option in item.snapshot["options"]] != letters[item.item_id] for item in second
    )
    assert not option_ids(first) & option_ids(second)
    attempts = [queries.attempt_for(learner.id, one) for one in (again, third)]
    assert [(one.retake_of, one.mode, one.title) for one in attempts] == [
        (1, "test", "Again: 12 questions on everything")
    ] * 2


def contents(items: list[AskedItem]) -> dict[int, Any]:
    """Return all that was asked and told of each item, but for places and ids."""
    return {
        item.item_id: (
            item.revision,
            item.snapshot["stem"],
            item.snapshot["about"],
            sorted(str({**option, "id": ""}) for option in item.snapshot["options"]),
        )
        for item in items
    }


def option_ids(items: list[AskedItem]) -> set[str]:
    return {option["id"] for item in items for option in item.snapshot["options"]}


def test_retaking_the_missed_asks_those_alone_in_practice(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test")
    items = quizzes.items(learner, code)
    quizzes.answer(learner, code, 1, quizzes.good_answer(items[0]))
    quizzes.answer(learner, code, 2, quizzes.bad_answer(items[1]))
    quizzes.finish(learner, code)
    again = retake(learner, code, only_missed=True)
    attempt = queries.attempt_for(learner.id, again)
    assert {item.item_id for item in quizzes.items(learner, again)} == {items[1].item_id, items[2].item_id}
    assert (attempt.mode, attempt.retake_of) == ("practice", None)


def test_what_was_reworded_or_retired_since_is_retaken_as_it_was(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test")
    quizzes.finish(learner, code)
    banks.publish(quizzes.MIXED.replace("id: organ", "id: other-organ").replace("GABA-A", "Glycine"))
    again = retake(learner, code, only_missed=False)
    assert contents(quizzes.items(learner, again)) == contents(quizzes.items(learner, code))
    quizzes.answer_all(learner, again)
    quizzes.finish(learner, again)
    assert queries.attempt_for(learner.id, again).points == 3.0


def test_questions_of_a_bank_that_is_not_offered_any_more_are_not_retaken(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test")
    quizzes.finish(learner, code)
    db.session.execute(update(Bank).values(retired_at=MORNING))
    db.session.commit()
    with pytest.raises(Invalid, match="not offered any more"):
        retake(learner, code, only_missed=False)


def test_what_retakes_only_the_missed_stays_marked_as_such(learner: LearnerSettings) -> None:
    code = quizzes.start(learner, mode="test")
    quizzes.finish(learner, code)
    missed = retake(learner, code, only_missed=True)
    quizzes.answer_all(learner, missed)
    again = retake(learner, missed, only_missed=False, seed=4)
    assert [queries.attempt_for(learner.id, one).selection.get("only") for one in (code, missed, again)] == [
        None,
        "missed",
        "missed",
    ]


def test_a_retake_wants_a_finished_attempt_of_ones_own_and_starts_once(learner: LearnerSettings) -> None:
    code = quizzes.start(learner)
    with pytest.raises(Conflict, match="still open"):
        retake(learner, code, only_missed=False)
    quizzes.finish(learner, code)
    with pytest.raises(NotFound):
        retake(create_learner(), code, only_missed=False)
    key = secrets.token_urlsafe(16)
    assert {retake(learner, code, only_missed=False, key=key) for _ in range(2)} == {key}
