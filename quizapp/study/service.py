"""Use cases of drilling: set out, answer, take back, stop. What a card becomes is decided in `memory`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy import Table, insert, update

from quizapp import draw
from quizapp.accounts import service as accounts_service
from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks import queries as banks
from quizapp.db import db
from quizapp.errors import Invalid
from quizapp.memory import queries as memory
from quizapp.memory import service as memory_service
from quizapp.memory.results import Recorded, Undone
from quizapp.study import queries, queue
from quizapp.study.models import Sitting
from quizapp.study.overview import queries as overview
from quizapp.study.queries import Turn
from quizapp.study.scope import Order, Scope, to_json
from quizapp.study.sittings import queries as sittings
from quizapp.study.sittings.queries import SittingState
from quizapp.study_day import Moment

EXTRA_NEW_CARDS = 10  # what "study new cards anyway" adds, at least
NAMED_CARDS_MAX = 200

_sitting_table = cast(Table, Sitting.__table__)
_BEGIN = insert(_sitting_table).returning(_sitting_table.c.id)


def start_sitting(
    learner: LearnerSettings,
    *,
    now: dt.datetime,
    bank_slugs: Sequence[str] = (),
    tag: str = "",
    card_ids: Sequence[int] = (),
    order: Order = Order.DUE,
    beyond_limits: bool = False,
) -> int:
    """Begin a drill and return its id. Nothing named means everything due, with new cards of banks begun.

    Raises NotFound for a bank that is not there.
    """
    today = Moment.at(now, learner.zone, learner.day_start).on
    scope = Scope(
        banks=tuple(banks.bank(learner.id, slug).id for slug in dict.fromkeys(bank_slugs)),
        tag=tag,
        cards=tuple(dict.fromkeys(card_ids))[:NAMED_CARDS_MAX],
        order=order,
        beyond_limits=beyond_limits,
        typing=learner.type_answers,
    )
    row = {
        "learner_id": learner.id,
        "scope": to_json(_planned(learner, scope, today)),
        "seed": draw.number(learner.id, today.toordinal()),
        "started_at": now,
        "start_seq": memory.log_seq(learner.id),
    }
    return db.session.connection().execute(_BEGIN, row).scalar_one()


def study_new_anyway(learner: LearnerSettings, sitting_id: int, *, now: dt.datetime) -> None:
    """Let a sitting introduce new cards whatever the day's limit and the backlog; it goes on if it had ended."""
    memory.hold_learner(learner.id)
    today = Moment.at(now, learner.zone, learner.day_start).on
    sitting = sittings.sitting_state(learner.id, sitting_id, today)
    scope = _planned(learner, replace(sitting.scope, beyond_limits=True), today)
    listed = (*sitting.scope.new_cards[: sitting.met], *scope.new_cards)
    _change(learner.id, sitting_id, scope=to_json(replace(scope, new_cards=listed)), finished_at=None)


def answer_card(
    learner: LearnerSettings,
    sitting_id: int,
    card_id: int,
    rating: int,
    *,
    answer_key: bytes,
    seen: int,
    now: dt.datetime,
    offered_on: dt.date | None,
    thinking_ms: int | None,
) -> tuple[Recorded, Turn | None]:
    """Record how a card was recalled, and return that with what the sitting shows next."""
    recorded = memory_service.record_review(
        learner,
        card_id,
        rating,
        answer_key=answer_key,
        seen=seen,
        now=now,
        offered_on=offered_on,
        thinking_ms=thinking_ms,
        sitting_id=sitting_id,
    )
    return recorded, _go_on(learner, sitting_id, now)


def suspend_card(
    learner: LearnerSettings, sitting_id: int, card_id: int, *, answer_key: bytes, seen: int, now: dt.datetime
) -> Turn | None:
    """Keep a card out of every drill until it is taken back, and return what the sitting shows next."""
    memory_service.suspend_card(
        learner, card_id, answer_key=answer_key, seen=seen, now=now, sitting_id=sitting_id
    )
    return _go_on(learner, sitting_id, now)


def bury_card(
    learner: LearnerSettings, sitting_id: int, card_id: int, *, answer_key: bytes, seen: int, now: dt.datetime
) -> Turn | None:
    """Put a card off until the next study day, and return what the sitting shows next."""
    memory_service.bury_card(
        learner, card_id, answer_key=answer_key, seen=seen, now=now, sitting_id=sitting_id
    )
    return _go_on(learner, sitting_id, now)


def undo(
    learner: LearnerSettings, sitting_id: int, *, answer_key: bytes, now: dt.datetime
) -> tuple[Undone, Turn | None]:
    """Take back the last thing done in a sitting, and put its card on the table again.

    Raises NotFound, Invalid where there is nothing to take back, StaleReview where the card has moved on since.
    """
    _sitting(learner, sitting_id, now)
    undone = memory_service.undo_review(learner, sitting_id=sitting_id, answer_key=answer_key, now=now)
    if undone is None:
        raise Invalid("There is nothing left to undo in this drill.")
    _change(learner.id, sitting_id, finished_at=None)
    return undone, queries.next_turn(learner, sitting_id, now, asked_for=(undone.card_id, undone.seq))


def set_typing(learner: LearnerSettings, sitting_id: int, *, typing: bool, now: dt.datetime) -> None:
    """Ask to type the answers, or no longer: in this sitting and those to come."""
    memory.hold_learner(learner.id)
    scope = _sitting(learner, sitting_id, now).scope
    _change(learner.id, sitting_id, scope=to_json(replace(scope, typing=typing)))
    accounts_service.set_type_answers(learner.id, typing)


def finish_sitting(learner: LearnerSettings, sitting_id: int, *, now: dt.datetime) -> None:
    """End a sitting; ending it again changes nothing. Raises NotFound."""
    if _sitting(learner, sitting_id, now).finished_at is None:
        _change(learner.id, sitting_id, finished_at=now)


def _go_on(learner: LearnerSettings, sitting_id: int, now: dt.datetime) -> Turn | None:
    turn = queries.next_turn(learner, sitting_id, now)
    if turn is None:
        finish_sitting(learner, sitting_id, now=now)
    return turn


def _sitting(learner: LearnerSettings, sitting_id: int, now: dt.datetime) -> SittingState:
    today = Moment.at(now, learner.zone, learner.day_start).on
    return sittings.sitting_state(learner.id, sitting_id, today)


def _planned(learner: LearnerSettings, scope: Scope, today: dt.date) -> Scope:
    """Return `scope` with the new cards it may introduce, and the order that suits the backlog."""
    if scope.cards:
        return replace(scope, new_cards=tuple(queries.new_among(learner.id, scope.cards, today)))
    day = overview.outlook(learner, today)
    if scope.order is Order.DUE and day.behind and queue.predictions_run_high(overview.outcomes(learner.id)):
        scope = replace(scope, order=Order.RECALL)
    if scope.beyond_limits:
        most = max(learner.new_per_day, EXTRA_NEW_CARDS)
    elif day.behind or scope.order is Order.AHEAD:
        most = 0
    else:
        most = day.new_left
    if most <= 0:
        return scope
    bank_ids = scope.banks or overview.banks_to_learn(learner.id, scope, today)
    found = overview.new_cards(learner.id, scope, bank_ids, today=today, most=most)
    return replace(scope, new_cards=tuple(found))


def _change(learner_id: int, sitting_id: int, **values: object) -> None:
    statement = update(Sitting).where(Sitting.id == sitting_id, Sitting.learner_id == learner_id)
    db.session.execute(statement.values(**values))
