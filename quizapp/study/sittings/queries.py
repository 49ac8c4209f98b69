"""One sitting: what was chosen, and how far it has come. A sitting's answers are the reviews that name it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, func, select, true

from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.memory.kinds import ReviewKind
from quizapp.memory.models import LearnerDay, Review
from quizapp.prepared import Prepared
from quizapp.study.models import Sitting
from quizapp.study.scope import Scope, from_json

_review = cast(Table, Review.__table__)
_day = cast(Table, LearnerDay.__table__)
_sitting = cast(Table, Sitting.__table__)
learner_id_: ColumnElement[int] = bindparam("learner_id")
today_ = bindparam("today", type_=_day.c.day.type)


@dataclass(frozen=True, slots=True)
class SittingState:
    """A sitting and how far it has come: `answered` cards that still count, `met` new ones among them.

    `entries` counts what can be undone. `new_today` is the learner's count of new cards on the study day.
    """

    id: int
    scope: Scope
    seed: int
    started_at: dt.datetime
    finished_at: dt.datetime | None
    start_seq: int
    answered: int
    met: int
    entries: int
    new_today: int


_start_seq = select(_sitting.c.start_seq).where(_sitting.c.id == bindparam("sitting_id")).scalar_subquery()
own_entries = and_(
    _review.c.learner_id == learner_id_,
    _review.c.sitting_id == bindparam("sitting_id"),
    _review.c.seq > _start_seq,
    _review.c.kind != ReviewKind.UNDO,
)
_undoing = _review.alias("undoing")
holds = _review.c.seq.not_in(
    select(_undoing.c.subject_seq).where(
        _undoing.c.learner_id == learner_id_,
        _undoing.c.sitting_id == bindparam("sitting_id"),
        _undoing.c.seq > _start_seq,
        _undoing.c.kind == ReviewKind.UNDO,
        _undoing.c.subject_seq.is_not(None),
    )
)
# An undo takes away what its entry, which is of the same sitting, has added: one walk over the sitting, no second.
_undone = _review.alias("undone")
_is_undo = _review.c.kind == ReviewKind.UNDO
_adds = case((_is_undo, -1), else_=1)
_kind = func.coalesce(_undone.c.kind, _review.c.kind)
_is_answer = case((_kind == ReviewKind.DRILL, _adds), else_=0)
_is_first = case((func.coalesce(_undone.c.previous_seq, _review.c.previous_seq) == 0, _is_answer), else_=0)
_progress = (
    select(
        func.coalesce(func.sum(_adds), 0).label("entries"),
        func.coalesce(func.sum(_is_answer), 0).label("answered"),
        func.coalesce(func.sum(_is_first), 0).label("met"),
    )
    .join_from(
        _review,
        _undone,
        and_(_is_undo, _undone.c.learner_id == learner_id_, _undone.c.seq == _review.c.subject_seq),
        isouter=True,
    )
    .where(
        _review.c.learner_id == learner_id_,
        _review.c.sitting_id == bindparam("sitting_id"),
        _review.c.seq > _start_seq,
    )
    .subquery()
)
_SITTING = Prepared(
    select(
        _sitting.c.scope,
        _sitting.c.seed,
        _sitting.c.started_at,
        _sitting.c.finished_at,
        _sitting.c.start_seq,
        _progress.c.answered,
        _progress.c.met,
        _progress.c.entries,
        func.coalesce(
            select(_day.c.new_cards)
            .where(_day.c.learner_id == learner_id_, _day.c.day == today_)
            .scalar_subquery(),
            0,
        ),
    )
    .select_from(_sitting.join(_progress, true()))
    .where(_sitting.c.id == bindparam("sitting_id"), _sitting.c.learner_id == learner_id_)
)


def sitting_state(learner_id: int, sitting_id: int, today: dt.date) -> SittingState:
    """Return a sitting of this learner. Raises NotFound."""
    row = _SITTING.first(learner_id=learner_id, sitting_id=sitting_id, today=today)
    if row is None:
        raise NotFound("There is no such drill.")
    return SittingState(sitting_id, from_json(row[0]), *row[1:])


def rows_of(statement: Any, **values: object) -> Any:
    """Return the rows of a Core statement, past the ORM."""
    return db.session.connection().execute(statement, values)
