"""Every SELECT about attempts. Those on the way of an answer are Core, built once at import."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, exists, func, select

from quizapp.banks.models import Bank, BankVersion
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.memory.models import Review
from quizapp.prepared import Prepared
from quizapp.quizzes.models import Attempt, AttemptBank, AttemptFlag, AttemptItem, AttemptTime, ItemResponse
from quizapp.quizzes.modes import MODES
from quizapp.quizzes.modes.base import Mode

OPEN_SHOWN = 5

_attempt = cast(Table, Attempt.__table__)
_item = cast(Table, AttemptItem.__table__)
_response = cast(Table, ItemResponse.__table__)
_flag = cast(Table, AttemptFlag.__table__)
_time = cast(Table, AttemptTime.__table__)
_review = cast(Table, Review.__table__)
_learner_id: Any = bindparam("learner_id")
_attempt_id: Any = bindparam("attempt_id")


def attempt_for(learner_id: int, code: str) -> Attempt:
    """Return the learner's attempt at this address. Raises NotFound, also where it is somebody else's."""
    query = select(Attempt).where(Attempt.code == code, Attempt.learner_id == learner_id)
    attempt = db.session.execute(query).scalar_one_or_none()
    if attempt is None:
        raise NotFound("There is no quiz at this address.")
    return attempt


def attempt_of_code(code: str) -> Attempt | None:
    """Return whosever attempt has this code: to find out whether it is taken, never to show it."""
    return db.session.execute(select(Attempt).where(Attempt.code == code)).scalar_one_or_none()


def code_of(learner_id: int, attempt_id: int) -> str:
    """Return the code of the learner's attempt of this number, which exists."""
    query = select(Attempt.code).where(Attempt.learner_id == learner_id, Attempt.id == attempt_id)
    return db.session.execute(query).scalar_one()


def notices(learner_id: int, attempt_id: int) -> list[str]:
    """Return what the banks of an attempt want said wherever they are shown, each once."""
    query = (
        select(BankVersion.notice)
        .join(Bank, and_(Bank.id == BankVersion.bank_id, Bank.version == BankVersion.number))
        .join(AttemptBank, AttemptBank.bank_id == Bank.id)
        .where(AttemptBank.learner_id == learner_id, AttemptBank.attempt_id == attempt_id)
        .where(BankVersion.notice != "")
        .distinct()
        .order_by(BankVersion.notice)
    )
    return list(db.session.execute(query).scalars())


def last_attempt_id(learner_id: int) -> int:
    """Return the number of the learner's latest attempt, 0 if there is none."""
    query = select(func.coalesce(func.max(Attempt.id), 0)).where(Attempt.learner_id == learner_id)
    return db.session.execute(query).scalar_one()


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt to go on with; `answered` counts positions with a response."""

    code: str
    title: str
    mode: Mode
    item_count: int
    started_at: dt.datetime
    answered: int


def open_attempts(learner_id: int, limit: int = OPEN_SHOWN) -> list[OpenAttempt]:
    """Return the learner's open attempts, latest first."""
    answered = (
        select(func.count(_response.c.position.distinct()))
        .where(_response.c.learner_id == _attempt.c.learner_id, _response.c.attempt_id == _attempt.c.id)
        .scalar_subquery()
    )
    columns = (
        _attempt.c.code,
        _attempt.c.title,
        _attempt.c.mode,
        _attempt.c.item_count,
        _attempt.c.started_at,
    )
    query = (
        select(*columns, answered)
        .where(_attempt.c.learner_id == learner_id, _attempt.c.finished_at.is_(None))
        .order_by(_attempt.c.started_at.desc())
        .limit(limit)
    )
    return [
        OpenAttempt(row[0], row[1], MODES[row[2]], *row[3:]) for row in db.session.connection().execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """One position of an attempt and its last response, `seq`: 0 before it; `answer` is None then, [] if taken back."""

    attempt_id: int
    code: str
    mode: Mode
    title: str
    item_count: int
    started_at: dt.datetime
    finished_at: dt.datetime | None
    position: int
    item_id: int
    card_id: int
    revision: int
    type: str
    snapshot: dict[str, Any]
    answer: list[str] | None
    fraction: float | None
    seq: int

    @property
    def told(self) -> bool:
        """Whether the key may be seen: only then is anything of it given to a template."""
        return self.finished_at is not None or (self.mode.told_at_once and self.answer is not None)


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a response depends on, read in one statement.

    `log_seq` is the learner's last response; `keyed_seq` the one that has the answer key already, if any;
    `key_taught`: an entry about a card has it. `responses` counts those of this attempt. Its time is counted up to
    `counted_at`; of that `spent_ms` went to this position, None before anything did.
    """

    asked: Asked
    log_seq: int
    keyed_seq: int | None
    key_taught: bool
    responses: int
    counted_at: dt.datetime | None
    spent_ms: int | None


_last_seq = (
    select(func.max(_response.c.seq))
    .where(
        _response.c.learner_id == _item.c.learner_id,
        _response.c.attempt_id == _item.c.attempt_id,
        _response.c.position == _item.c.position,
    )
    .correlate(_item)
    .scalar_subquery()
)
_with_last_response = _item.outerjoin(
    _response, and_(_response.c.learner_id == _item.c.learner_id, _response.c.seq == _last_seq)
)
_ASKED_COLUMNS = (
    _attempt.c.id,
    _attempt.c.code,
    _attempt.c.mode,
    _attempt.c.title,
    _attempt.c.item_count,
    _attempt.c.started_at,
    _attempt.c.finished_at,
    _item.c.position,
    _item.c.item_id,
    _item.c.card_id,
    _item.c.revision,
    _item.c.type,
    _item.c.snapshot,
    _response.c.answer,
    _response.c.fraction,
    func.coalesce(_response.c.seq, 0),
)
_asked = (
    select(*_ASKED_COLUMNS)
    .select_from(
        _attempt.join(
            _with_last_response,
            and_(_item.c.learner_id == _attempt.c.learner_id, _item.c.attempt_id == _attempt.c.id),
        )
    )
    .where(
        _attempt.c.code == bindparam("code"),
        _attempt.c.learner_id == _learner_id,
        _item.c.position == bindparam("position"),
    )
)
_ASKED = Prepared(_asked)
_time_at_item = (
    select(_time.c.spent_ms)
    .where(
        _time.c.learner_id == _item.c.learner_id,
        _time.c.attempt_id == _item.c.attempt_id,
        _time.c.position == _item.c.position,
    )
    .correlate(_item)
    .scalar_subquery()
)
_any = _response.alias()
_of_attempt = and_(_any.c.learner_id == _attempt.c.learner_id, _any.c.attempt_id == _attempt.c.id)
_STANDING = Prepared(
    _asked.add_columns(
        select(func.coalesce(func.max(_any.c.seq), 0))
        .where(_any.c.learner_id == _learner_id)
        .correlate(None)
        .scalar_subquery(),
        select(_any.c.seq)
        .where(_any.c.learner_id == _learner_id, _any.c.answer_key == bindparam("answer_key"))
        .correlate(None)
        .scalar_subquery(),
        exists().where(_review.c.learner_id == _learner_id, _review.c.answer_key == bindparam("answer_key")),
        select(func.count()).where(_of_attempt).correlate(_attempt).scalar_subquery(),
        select(func.max(_time.c.counted_at))
        .where(_time.c.learner_id == _attempt.c.learner_id, _time.c.attempt_id == _attempt.c.id)
        .correlate(_attempt)
        .scalar_subquery(),
        _time_at_item,
    )
)


def asked(learner_id: int, code: str, position: int) -> Asked:
    """Return one position of the learner's attempt. Raises NotFound."""
    return _as_asked(_ASKED.first(learner_id=learner_id, code=code, position=position))


def standing(learner_id: int, code: str, position: int, answer_key: bytes | None = None) -> Standing:
    """Return how a position stands just before a response to it, or before its time is counted. Raises NotFound."""
    row = _STANDING.first(learner_id=learner_id, code=code, position=position, answer_key=answer_key)
    return Standing(_as_asked(row), *row[len(_ASKED_COLUMNS) :])


def _as_asked(row: Any) -> Asked:
    if row is None:
        raise NotFound("There is no such question.")
    values = list(row[: len(_ASKED_COLUMNS)])
    values[2] = MODES[values[2]]
    return Asked(*values)


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """One entry of the log of responses."""

    attempt_id: int
    position: int
    answer: list[str]
    fraction: float


_RECORDED = Prepared(
    select(_response.c.attempt_id, _response.c.position, _response.c.answer, _response.c.fraction).where(
        _response.c.learner_id == _learner_id, _response.c.seq == bindparam("seq")
    )
)


def recorded(learner_id: int, seq: int) -> RecordedResponse | None:
    """Return one response."""
    row = _RECORDED.first(learner_id=learner_id, seq=seq)
    return None if row is None else RecordedResponse(*row)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a position of an attempt stands, without what was asked; `spent_ms` over all visits to it."""

    position: int
    answered: bool
    flagged: bool
    spent_ms: int


_spent = func.coalesce(_time_at_item, 0)
_flagged = (
    select(1)
    .where(
        _flag.c.learner_id == _item.c.learner_id,
        _flag.c.attempt_id == _item.c.attempt_id,
        _flag.c.position == _item.c.position,
    )
    .correlate(_item)
    .exists()
)
_PLACES = Prepared(
    select(_item.c.position, _response.c.answer, _flagged, _spent)
    .select_from(_with_last_response)
    .where(_item.c.learner_id == _learner_id, _item.c.attempt_id == _attempt_id)
    .order_by(_item.c.position)
)


def places(learner_id: int, attempt_id: int) -> list[Place]:
    """Return every position of an attempt in order."""
    rows = _PLACES.all(learner_id=learner_id, attempt_id=attempt_id)
    return [Place(row[0], bool(row[1]), bool(row[2]), row[3]) for row in rows]


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One item as it was asked, with its last response; `answer` is None or [] where not answered."""

    position: int
    item_id: int
    card_id: int
    bank_id: int
    revision: int
    type: str
    snapshot: dict[str, Any]
    answer: list[str] | None
    marked: float | None
    answer_key: bytes | None
    flagged: bool
    spent_ms: int

    @property
    def fraction(self) -> float | None:
        """The fraction that counts, None where not answered."""
        return self.marked if self.answer else None

    @property
    def missed(self) -> bool:
        return (self.fraction or 0) < 1


_ITEMS = Prepared(
    select(
        _item.c.position,
        _item.c.item_id,
        _item.c.card_id,
        _item.c.bank_id,
        _item.c.revision,
        _item.c.type,
        _item.c.snapshot,
        _response.c.answer,
        _response.c.fraction,
        _response.c.answer_key,
        _flagged,
        _spent,
    )
    .select_from(_with_last_response)
    .where(_item.c.learner_id == _learner_id, _item.c.attempt_id == _attempt_id)
    .order_by(_item.c.position)
)


def items(learner_id: int, attempt_id: int) -> list[AskedItem]:
    """Return every item of an attempt in order, from its snapshots alone."""
    return [AskedItem(*row) for row in _ITEMS.all(learner_id=learner_id, attempt_id=attempt_id)]
