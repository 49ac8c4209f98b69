"""Every SELECT about what could be asked: how much matches a wish, and the candidates a quiz is chosen from.

No statement reads more items than a fixed number, however large the pool is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, func, select, union_all

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.models import Bank, Item, NoteTag
from quizapp.banks.offering.queries import offered
from quizapp.banks.queries import BankRow
from quizapp.db import db
from quizapp.memory import queries as memory
from quizapp.memory.kinds import Queue
from quizapp.memory.models import CardMemory
from quizapp.memory.scheduler import Memory
from quizapp.quizzes.models import AttemptItem
from quizapp.quizzes.pool.selection import CIRCLE, WINDOW, Arc, Candidate, Prefer, Wish, arc

COUNT_CAP = 1000

_item = cast(Table, Item.__table__)
_memory = cast(Table, CardMemory.__table__)
_COLUMNS = (_item.c.id, _item.c.note_id, _item.c.card_id)
_Row = tuple[int, int, int]


def matching(wish: Wish, banks: Collection[BankRow]) -> int:
    """Return how many items match, counting no further than `COUNT_CAP` + 1."""
    found = select(_item.c.id).where(*_matches(wish, banks)).limit(COUNT_CAP + 1).subquery()
    return db.session.execute(select(func.count()).select_from(found)).scalar_one()


def candidates(
    wish: Wish, banks: Collection[BankRow], learner: LearnerSettings, *, seed: int, today: dt.date
) -> list[Candidate]:
    """Return a fair sample of the matching items, with what the learner's memory says of them."""
    pool = _size(wish, banks)
    stretch = arc(seed, sample=wish.sample(pool), pool=pool)
    rows = _on(stretch, wish, banks)
    if len(rows) < 2 * wish.count and not stretch.whole:  # tags and kinds that the sizes do not tell apart
        rows = _on(Arc(0, CIRCLE, 0), wish, banks)
    if wish.prefer is Prefer.DUE:
        rows = [*dict.fromkeys([*_due(wish, banks, learner.id, today), *rows])]
    if wish.prefer is Prefer.NEW:
        asked = _asked(learner.id, [row[0] for row in rows])
        return [Candidate(*row, asked=row[0] in asked) for row in rows]
    if wish.prefer is Prefer.RANDOM:
        return [Candidate(*row) for row in rows]
    return _weighed(rows, learner, today)


def askable(learner_id: int, item_ids: Collection[int]) -> set[int]:
    """Return those of the items that are published, in a bank offered to the learner."""
    query = select(_item.c.id).where(
        _item.c.id.in_(item_ids),
        _item.c.retired_at.is_(None),
        (_item.c.bank_id + 0).in_(offered(learner_id)),
    )
    return set(db.session.execute(query).scalars())


def offered_banks(learner_id: int, bank_ids: Collection[int]) -> set[int]:
    """Return those of the banks that are offered to the learner."""
    query = select(Bank.id).where(Bank.id.in_(bank_ids), Bank.id.in_(offered(learner_id)))
    return set(db.session.execute(query).scalars())


def _matches(wish: Wish, banks: Collection[BankRow]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        _item.c.bank_id.in_([bank.id for bank in banks]),
        _item.c.retired_at.is_(None),
    ]
    if wish.kinds:
        conditions.append(_item.c.type.in_(wish.kinds))
    if wish.tags:
        known = {tag for bank in banks for tag, _, _ in bank.tags}
        tagged = select(NoteTag.note_id).where(NoteTag.tag.in_(sorted(known.intersection(wish.tags))))
        conditions.append(_item.c.note_id.in_(tagged))
    return conditions


def _size(wish: Wish, banks: Iterable[BankRow]) -> int:
    """Return about how many items match, from the counts that each publication has kept."""
    if wish.tags:
        return sum(items for bank in banks for tag, _, items in bank.tags if tag in wish.tags)
    return sum(bank.items for bank in banks)


def _on(stretch: Arc, wish: Wish, banks: Collection[BankRow]) -> list[_Row]:
    place, conditions = _item.c.draw_order, _matches(wish, banks)
    spans = [(stretch.start, stretch.stop), (0, stretch.wrapped)]
    selects = [
        select(*_COLUMNS).where(
            *conditions, place.between(first, stop - 1)
        )  # 2**63 itself is no column's value
        for first, stop in spans
        if first < stop
    ]
    return _rows(union_all(*selects).limit(2 * max(WINDOW, wish.sample(CIRCLE))))


def _due(wish: Wish, banks: Collection[BankRow], learner_id: int, today: dt.date) -> list[_Row]:
    """Return matching items whose evidence card is due, longest due first."""
    query = (
        select(*_COLUMNS)
        .join(_memory, and_(_memory.c.card_id == _item.c.card_id, _memory.c.learner_id == learner_id))
        .where(_memory.c.queue.in_((Queue.STEP, Queue.REVIEW)), _memory.c.due_on <= today)
        .where(*_matches(wish, banks))
        .order_by(_memory.c.due_on, _item.c.id)
        .limit(WINDOW)
    )
    return _rows(query)


def _asked(learner_id: int, item_ids: Sequence[int]) -> set[int]:
    query = select(AttemptItem.item_id).distinct()
    query = query.where(AttemptItem.learner_id == learner_id, AttemptItem.item_id.in_(item_ids))
    return set(db.session.execute(query).scalars())


def _weighed(rows: Sequence[_Row], learner: LearnerSettings, today: dt.date) -> list[Candidate]:
    states = memory.memories(learner.id, {row[2] for row in rows})
    return [
        Candidate(*row)
        if (state := states.get(row[2])) is None
        else Candidate(
            *row,
            recall=state.memory.recall_on(today) or 0.0,
            due=_is_due(state.memory, today, learner.desired_retention),
        )
        for row in rows
    ]


def _is_due(remembered: Memory, today: dt.date, desired_retention: float) -> bool:
    """Whether the card is due. One that only carries evidence has no date: its recall decides."""
    if remembered.queue is not Queue.NONE:
        return remembered.due_on is not None and remembered.due_on <= today
    recall = remembered.recall_on(today)
    return not remembered.suspended and recall is not None and recall < desired_retention


def _rows(query: Any) -> list[_Row]:
    return [(row[0], row[1], row[2]) for row in db.session.connection().execute(query, {})]
