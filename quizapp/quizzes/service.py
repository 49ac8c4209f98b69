"""Use cases of an attempt that has begun: answer, flag, spend time, finish. (`pool/service.py` begins one.)

Responses are only ever added; the last one of a position counts. What a response teaches is recorded by
memory in the same transaction, under the response's own answer key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, update

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.items import ITEM_TYPES
from quizapp.db import db
from quizapp.errors import Conflict, Invalid
from quizapp.limits import THINKING_MS_MAX
from quizapp.memory import queries as memory_queries
from quizapp.memory import service as memory
from quizapp.memory.service import StaleReview
from quizapp.quizzes import queries, wording
from quizapp.quizzes.models import Attempt, AttemptBank, AttemptFlag, AttemptTime, ItemResponse
from quizapp.quizzes.modes import MODES
from quizapp.quizzes.modes.base import Mode
from quizapp.quizzes.queries import Asked, AskedItem, Standing
from quizapp.quizzes.scoring import score, scores_by
from quizapp.quizzes.timing import spent_ms

_attempt = cast(Table, Attempt.__table__)
_response = cast(Table, ItemResponse.__table__)
_bank = cast(Table, AttemptBank.__table__)
_flag = cast(Table, AttemptFlag.__table__)
_time = cast(Table, AttemptTime.__table__)


class AnswerRecorded(Conflict):
    """Something else is recorded for this question already; the message says what."""

    code = "answer_recorded"


class AttemptFinished(Conflict):
    """The attempt was handed in before this arrived."""

    code = "attempt_finished"


@dataclass(frozen=True, slots=True)
class Responded:
    """What the log says after a response, `seq`. `repeated`: nothing was added, it was there already."""

    seq: int
    position: int
    answer: list[str]
    fraction: float
    repeated: bool
    finished: bool


def respond(
    learner: LearnerSettings,
    code: str,
    position: int,
    values: list[str],
    *,
    answer_key: bytes,
    seen: int,
    deliberate: bool,
    thinking_ms: int | None,
    now: dt.datetime,
) -> Responded:
    """Record an answer to one position, unless that is what counts already.

    `seen` is the last response to it when it was shown. A page that is behind overwrites nothing: what it left blank
    or as it was is no answer, unless it is `deliberate` (chosen just now); anything else is refused.

    Where the mode tells at once the answer is final and moves memory, and the last one finishes the attempt.
    Raises NotFound, Invalid, AnswerRecorded, AttemptFinished.
    """
    memory_queries.hold_learner(learner.id)
    standing = queries.standing(learner.id, code, position, answer_key)
    asked, at_once = standing.asked, standing.asked.mode.told_at_once
    item_type = ITEM_TYPES[asked.type]
    answer = item_type.read(asked.snapshot, values) or []
    spent = _count(learner.id, standing, thinking_ms, now)
    if standing.keyed_seq is not None:
        return _repeated(learner.id, asked, standing.keyed_seq, answer)
    if asked.finished_at is not None:
        raise AttemptFinished("This quiz is finished; nothing was added to it.")
    if at_once:
        if asked.answer is not None:
            raise _already(asked, asked.answer)
        if not answer:
            raise Invalid("Choose an option first, or skip the question.")
    unchanged = Responded(asked.seq, position, asked.answer or [], asked.fraction or 0.0, True, False)
    if answer == unchanged.answer:
        return unchanged
    if seen != asked.seq:
        if deliberate or answer not in ([], _shown(learner.id, asked, seen)):
            raise _moved_on(asked)
        return unchanged
    if standing.key_taught:
        raise AnswerRecorded("This answer belongs to a card. Load the question again.")
    fraction = item_type.grade(asked.snapshot, answer or None, strict=asked.mode.strict)
    entry = {
        "learner_id": learner.id,
        "seq": standing.log_seq + 1,
        "attempt_id": asked.attempt_id,
        "position": position,
        "answer_key": answer_key,
        "answer": answer,
        "fraction": fraction,
        "responded_at": now,
        "thinking_ms": spent,
    }
    db.session.connection().execute(_ADD_RESPONSE, entry)
    finished = False
    if at_once:
        _teach(
            learner,
            asked,
            mode=asked.mode,
            fraction=fraction,
            answer_key=answer_key,
            thinking_ms=spent,
            now=now,
        )
        finished = standing.responses + 1 == asked.item_count
        if finished:
            _close(learner.id, asked.attempt_id, queries.items(learner.id, asked.attempt_id), now)
    return Responded(standing.log_seq + 1, position, answer, fraction, False, finished)


def spend(
    learner: LearnerSettings, code: str, position: int, *, thinking_ms: int | None, now: dt.datetime
) -> None:
    """Count the time of a visit to a position that ends without an answer. Raises NotFound."""
    memory_queries.hold_learner(learner.id)
    _count(learner.id, queries.standing(learner.id, code, position), thinking_ms, now)


def flag(
    learner: LearnerSettings,
    code: str,
    position: int,
    *,
    flagged: bool,
    thinking_ms: int | None,
    now: dt.datetime,
) -> None:
    """Mark a position of an open attempt to look at again, or take the mark away; its time is counted.

    Raises NotFound, AttemptFinished.
    """
    memory_queries.hold_learner(learner.id)
    standing = queries.standing(learner.id, code, position)
    asked = standing.asked
    if asked.finished_at is not None:
        raise AttemptFinished("This quiz is finished; its flags stay as they were.")
    _count(learner.id, standing, thinking_ms, now)
    place = {"learner_id": learner.id, "attempt_id": asked.attempt_id, "position": position}
    db.session.execute(delete(_flag).where(*(_flag.c[name] == value for name, value in place.items())))
    if flagged:
        db.session.execute(insert(_flag).values(place))


def finish_attempt(learner: LearnerSettings, code: str, *, now: dt.datetime) -> bool:
    """Hand in an attempt; return False if it was finished already. A test's last responses move memory.

    One whose key a card was answered with since teaches nothing: it must not keep the rest from being handed in.
    """
    memory_queries.hold_learner(learner.id)
    attempt = queries.attempt_for(learner.id, code)
    if attempt.finished_at is not None:
        return False
    items, mode = queries.items(learner.id, attempt.id), MODES[attempt.mode]
    if not _close(learner.id, attempt.id, items, now):
        return False
    if not mode.told_at_once:
        for item in items:
            if item.answer and item.answer_key is not None and item.marked is not None:
                with suppress(StaleReview):
                    _teach(
                        learner,
                        item,
                        mode=mode,
                        fraction=item.marked,
                        answer_key=item.answer_key,
                        thinking_ms=item.spent_ms,
                        now=now,
                    )
    return True


def _count(learner_id: int, standing: Standing, claimed: int | None, now: dt.datetime) -> int:
    """Add the time of a visit to what was spent on its position, and return the sum; a finished attempt's stays."""
    asked, before = standing.asked, standing.spent_ms or 0
    if asked.finished_at is not None:
        return before
    spent = before + spent_ms(claimed, since=standing.counted_at or asked.started_at, now=now)
    place = {"of_learner": learner_id, "of_attempt": asked.attempt_id, "of_position": asked.position}
    statement = _BEGIN_TIME if standing.spent_ms is None else _SET_TIME
    db.session.connection().execute(statement, {**place, "spent": spent, "at": now})
    return spent


def _repeated(learner_id: int, asked: Asked, seq: int, answer: list[str]) -> Responded:
    """Return what is recorded under an answer key sent again; refuse another answer under it."""
    recorded = _response_to(learner_id, asked, seq)
    if recorded is None:
        raise AnswerRecorded("This answer belongs to another question. Load this one again.")
    if recorded.answer != answer:
        raise _already(asked, recorded.answer)
    return Responded(seq, asked.position, answer, recorded.fraction, True, asked.finished_at is not None)


def _shown(learner_id: int, asked: Asked, seen: int) -> list[str]:
    """Return what a page showed as chosen that was made when `seen` was the last response."""
    recorded = _response_to(learner_id, asked, seen)
    return recorded.answer if recorded else []


def _response_to(learner_id: int, asked: Asked, seq: int) -> queries.RecordedResponse | None:
    """Return a response if it is one to this position."""
    recorded = queries.recorded(learner_id, seq)
    here = (asked.attempt_id, asked.position)
    return recorded if recorded and (recorded.attempt_id, recorded.position) == here else None


def _moved_on(asked: Asked) -> AnswerRecorded:
    told = wording.recorded(asked.snapshot, asked.answer or [])
    return AnswerRecorded(f"Question {asked.position} was changed elsewhere meanwhile: {told}.")


def _already(asked: Asked, answer: list[str]) -> AnswerRecorded:
    told = wording.recorded(asked.snapshot, answer)
    return AnswerRecorded(f"Question {asked.position} is answered already: {told}.")


def _teach(
    learner: LearnerSettings,
    item: Asked | AskedItem,
    *,
    mode: Mode,
    fraction: float,
    answer_key: bytes,
    thinking_ms: int,
    now: dt.datetime,
) -> None:
    memory.record_quiz_review(
        learner,
        card_id=item.card_id,
        item_id=item.item_id,
        revision=item.revision,
        fraction=fraction,
        strict=mode.strict,
        guess_chance=ITEM_TYPES[item.type].guess_chance(item.snapshot),
        answer_key=answer_key,
        now=now,
        thinking_ms=min(thinking_ms, THINKING_MS_MAX),
    )


_ADD_RESPONSE = insert(_response)
_BEGIN_TIME = insert(_time).values(
    learner_id=bindparam("of_learner"),
    attempt_id=bindparam("of_attempt"),
    position=bindparam("of_position"),
    spent_ms=bindparam("spent"),
    counted_at=bindparam("at"),
)
_SET_TIME = (
    update(_time)
    .where(
        _time.c.learner_id == bindparam("of_learner"),
        _time.c.attempt_id == bindparam("of_attempt"),
        _time.c.position == bindparam("of_position"),
    )
    .values(spent_ms=bindparam("spent"), counted_at=bindparam("at"))
)
_FINISH = (
    update(_attempt)
    .where(
        _attempt.c.learner_id == bindparam("of_learner"),
        _attempt.c.id == bindparam("of_attempt"),
        _attempt.c.finished_at.is_(None),
    )
    .values(
        finished_at=bindparam("at"),
        points=bindparam("scored"),
        answered=bindparam("given"),
        duration_ms=bindparam("spent"),
    )
)
_SHARE = (
    update(_bank)
    .where(
        _bank.c.learner_id == bindparam("of_learner"),
        _bank.c.attempt_id == bindparam("of_attempt"),
        _bank.c.bank_id == bindparam("of_bank"),
    )
    .values(points=bindparam("scored"))
)


def _close(learner_id: int, attempt_id: int, items: Sequence[AskedItem], now: dt.datetime) -> bool:
    """Write the sums of an attempt once; return False if somebody has done so before."""
    key = {"of_learner": learner_id, "of_attempt": attempt_id}
    connection = db.session.connection()
    closed = connection.execute(
        _FINISH,
        {
            **key,
            "at": now,
            "scored": score(item.fraction for item in items).points,
            "given": sum(bool(item.answer) for item in items),
            "spent": sum(item.spent_ms for item in items),
        },
    )
    if closed.rowcount == 0:
        return False
    shares = scores_by(items, lambda item: [item.bank_id], lambda item: item.fraction)
    connection.execute(
        _SHARE,
        [{**key, "of_bank": bank_id, "scored": share.points} for bank_id, share in shares.items()],
    )
    return True
