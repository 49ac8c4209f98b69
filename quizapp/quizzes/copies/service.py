"""Copying one learner's attempts into another's: what a guest did, added to the account they sign in to."""

from __future__ import annotations

import hashlib
from typing import Any, cast

from sqlalchemy import Table, func, insert, select

from quizapp.db import db
from quizapp.memory.queries import hold_learner
from quizapp.quizzes.models import Attempt, AttemptBank, AttemptFlag, AttemptItem, AttemptTime, ItemResponse
from quizapp.quizzes.queries import last_attempt_id

_attempt = cast(Table, Attempt.__table__)
_response = cast(Table, ItemResponse.__table__)
_parts = [cast(Table, model.__table__) for model in (AttemptItem, AttemptBank, AttemptFlag, AttemptTime)]


def copy_attempts(*, source_learner_id: int, learner_id: int) -> int:
    """Append copies of another learner's attempts, open ones too, and return how many that added.

    Items, responses and their keys stay as they are; attempts and responses are numbered after the learner's
    own. The address of a copy follows from that of its original, so that no attempt is copied twice.
    """
    hold_learner(learner_id)
    originals = _of(_attempt, source_learner_id, order=_attempt.c.id)
    codes = {row["id"]: _code_of_copy(row["code"], learner_id) for row in originals}
    taken = set(db.session.scalars(select(Attempt.code).where(Attempt.code.in_(codes.values()))))
    missing = [row["id"] for row in originals if codes[row["id"]] not in taken]
    first = last_attempt_id(learner_id) + 1
    numbers = {attempt_id: number for number, attempt_id in enumerate(missing, start=first)}

    def copied(row: dict[str, Any]) -> dict[str, Any]:
        return row | {"learner_id": learner_id, "attempt_id": numbers[row["attempt_id"]]}

    _add(
        _attempt,
        [
            row
            | {
                "learner_id": learner_id,
                "id": numbers[row["id"]],
                "code": codes[row["id"]],
                "retake_of": numbers.get(row["retake_of"]),
            }
            for row in originals
            if row["id"] in numbers
        ],
    )
    for part in _parts:
        _add(part, [copied(row) for row in _of(part, source_learner_id) if row["attempt_id"] in numbers])
    last_seq = _last_seq(learner_id)
    responses = [
        row
        for row in _of(_response, source_learner_id, order=_response.c.seq)
        if row["attempt_id"] in numbers
    ]
    _add(_response, [copied(row) | {"seq": seq} for seq, row in enumerate(responses, start=last_seq + 1)])
    return len(numbers)


def _code_of_copy(code: str, learner_id: int) -> str:
    return hashlib.sha256(f"{code} for {learner_id}".encode()).hexdigest()[: len(code)]


def _of(table: Table, learner_id: int, *, order: Any = None) -> list[dict[str, Any]]:
    query = select(table).where(table.c.learner_id == learner_id).order_by(order)
    return [dict(row._mapping) for row in db.session.execute(query)]


def _last_seq(learner_id: int) -> int:
    query = select(func.coalesce(func.max(_response.c.seq), 0)).where(_response.c.learner_id == learner_id)
    return db.session.execute(query).scalar_one()


def _add(table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(table), rows)
