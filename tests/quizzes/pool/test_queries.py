"""The candidates of a quiz: a fair stretch of the pool, found by index, whatever the pool's size."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks import queries as banks_queries
from quizapp.banks.models import Item
from quizapp.banks.queries import BankRow
from quizapp.db import db
from quizapp.memory.kinds import Rating
from quizapp.quizzes.pool import queries
from quizapp.quizzes.pool.selection import WINDOW, Prefer, Wish
from tests.factories import banks
from tests.factories.accounts import create_learner
from tests.factories.memory import drill

TODAY = dt.date(2026, 3, 10)


def notes(prefix: str, count: int, tag: str = "common") -> str:
    return "".join(
        f"- {{id: {prefix}-{n}, question: 'What is {prefix} {n}?', answer: 'Key {n}', tags: [{tag}], "
        f"distractors: [{{text: 'One of {n}', why: no}}, {{text: 'Two of {n}', why: no}}]}}\n"
        for n in range(count)
    )


@pytest.fixture
def learner(app: Flask) -> LearnerSettings:
    banks.publish(notes("a", 500) + notes("rare", 3, tag="rare"), bank="large")
    banks.publish(notes("b", 100), bank="small")
    return create_learner()


def published() -> list[BankRow]:
    return banks_queries.every_bank()


def sample(
    learner: LearnerSettings,
    seed: int,
    prefer: Prefer = Prefer.RANDOM,
    *,
    tags: tuple[str, ...] = (),
    today: dt.date = TODAY,
) -> list[int]:
    wish = Wish(count=10, prefer=prefer, tags=tags)
    found = queries.candidates(wish, published(), learner, seed=seed, today=today)
    return [candidate.item_id for candidate in found]


def test_a_large_pool_is_sampled_and_every_item_has_its_turn(learner: LearnerSettings) -> None:
    samples = [sample(learner, seed * 2**57) for seed in range(40)]
    assert all(100 < len(found) < 300 for found in samples)
    assert all(len(found) == len(set(found)) for found in samples)
    turns = Counter(item_id for found in samples for item_id in found)
    assert len(turns) == 603
    assert samples[0] == sample(learner, 0)


def test_a_pool_that_can_be_weighed_whole_is_weighed_whole(learner: LearnerSettings) -> None:
    assert len(sample(learner, 1, Prefer.NEW)) == len(sample(learner, 1, Prefer.WEAKEST)) == 603


def test_what_is_rare_is_found_in_full(learner: LearnerSettings) -> None:
    assert len(sample(learner, 3, tags=("rare",))) == 3
    assert queries.matching(Wish(count=1, tags=("rare",)), published()) == 3
    assert queries.matching(Wish(count=1, tags=("rare", "common")), published()) == 603


def test_a_due_card_is_found_outside_the_sample(learner: LearnerSettings) -> None:
    banks.publish(notes("c", WINDOW), bank="huge")
    items = dict(db.session.execute(select(Item.id, Item.card_id)).all())
    outside = min(items.keys() - set(sample(learner, 5, Prefer.DUE)))
    drill(learner, items[outside], Rating.EASY)
    assert outside not in sample(learner, 5, Prefer.WEAKEST)
    assert outside in sample(learner, 5, Prefer.DUE, today=TODAY + dt.timedelta(days=90))


@pytest.mark.parametrize("prefer", list(Prefer))
@pytest.mark.sqlite_only("the plan of a query is SQLite's")
def test_no_table_of_content_is_read_in_full(
    learner: LearnerSettings, statements: list[str], prefer: Prefer
) -> None:
    sample(learner, 9, prefer)
    queries.matching(Wish(count=10), published())
    for statement in [one for one in statements if one.startswith("SELECT") and " item" in one]:
        marks = dict.fromkeys(range(statement.count("?")), 1)
        plan = db.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", tuple(marks.values())
        )
        for row in plan:
            assert not row[3].startswith("SCAN item"), (row[3], statement)
