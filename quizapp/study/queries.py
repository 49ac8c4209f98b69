"""What a sitting shows next, found anew for each request from indexes: nothing is queued anywhere.

These statements stand between an answer and the next card, so they are Core, built once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks import queries as banks
from quizapp.banks.models import Card, NoteTag
from quizapp.banks.offering.queries import in_offered
from quizapp.banks.queries import CardFace
from quizapp.memory import queries as memory
from quizapp.memory.due import Preview
from quizapp.memory.kinds import Phase, Queue, Rating, ReviewKind
from quizapp.memory.models import CardMemory, Review
from quizapp.memory.queries import MEMORY_FIELDS, UNSEEN, CardState
from quizapp.memory.scheduler import Memory
from quizapp.prepared import Prepared, in_places, places, several
from quizapp.study import queue
from quizapp.study.queue import Candidate, Topic
from quizapp.study.scope import Order
from quizapp.study.sittings.queries import (
    SittingState,
    learner_id_,
    own_entries,
    sitting_state,
    today_,
)
from quizapp.study_day import Moment

CANDIDATES = 100  # of a kind; more would cost more than a better order is worth
_LOOKS = (4, 32, CANDIDATES)  # how many of the queue are looked at closely before the next card is found

_card = cast(Table, Card.__table__)
_tag = cast(Table, NoteTag.__table__)
_memory = cast(Table, CardMemory.__table__)
_review = cast(Table, Review.__table__)

drilled = and_(
    _card.c.hidden.is_(False),
    _card.c.retired_at.is_(None),
    in_offered(_card.c.bank_id, learner_id_),
)
unburied = or_(_memory.c.buried_on.is_(None), _memory.c.buried_on < today_)
mine = and_(_memory.c.learner_id == learner_id_, _memory.c.card_id == _card.c.id)
unseen = or_(
    _memory.c.card_id.is_(None),
    and_(_memory.c.phase == Phase.NEW, _memory.c.suspended.is_(False), unburied),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A card on the table, with what each rating would store. `left` counts cards, about: this one and those to come.

    `returning`: of those to come, the ones that were answered and are asked once more within the study day.
    `more`: and others that were not counted. `early`: an open step shown before it is due.
    """

    sitting: SittingState
    face: CardFace
    state: CardState
    previews: dict[Rating, Preview]
    left: int
    returning: int
    more: bool
    early: bool


@lru_cache(maxsize=256)
def _candidates(
    *, bank_places: int, by_tag: bool, card_places: int, order: Order, topic_is_tag: bool
) -> Prepared:
    """Return the statement that finds open steps (part 1), reviews (2) and the last cards shown (3).

    `+ 0` keeps the engine on the index of the learner's queue: walking a whole bank would be slower.
    """
    conditions: list[ColumnElement[bool]] = [_memory.c.learner_id == learner_id_, drilled, unburied]
    if bank_places:
        conditions.append((_card.c.bank_id + 0).in_(several("bank", bank_places)))
    if by_tag:
        conditions.append(tagged(bindparam("tag")))
    if card_places:
        conditions.append(_memory.c.card_id.in_(several("card", card_places)))
    topic = first_tag if topic_is_tag else _card.c.bank_id
    by_recall = order is Order.RECALL
    columns = (
        _memory.c.card_id,
        topic.label("topic"),
        _memory.c.due_on,
        _memory.c.due_at,
        (_memory.c.stability if by_recall else _nothing(_memory.c.stability)).label("stability"),
        (_memory.c.last_on if by_recall else _nothing(_memory.c.last_on)).label("last_on"),
    )
    found = (
        select(literal(1).label("part"), *columns)
        .join_from(_memory, _card, _card.c.id == _memory.c.card_id)
        .where(*conditions)
    )
    steps = found.where(_memory.c.queue == Queue.STEP)
    if order is not Order.AHEAD:
        steps = steps.where(_memory.c.due_on <= today_)
    reviews = found.with_only_columns(literal(2).label("part"), *columns)
    if card_places:
        reviews = reviews.where(_memory.c.queue != Queue.NONE, _untouched)
    elif order is Order.AHEAD:
        reviews = reviews.where(_memory.c.queue == Queue.REVIEW, _untouched)
    else:
        reviews = reviews.where(_memory.c.queue == Queue.REVIEW, _memory.c.due_on <= today_)
    shown = (
        select(
            literal(3).label("part"),
            _review.c.card_id,
            topic.label("topic"),
            _nothing(_memory.c.due_on).label("due_on"),
            _nothing(_memory.c.due_at).label("due_at"),
            _nothing(_memory.c.stability).label("stability"),
            _nothing(_memory.c.last_on).label("last_on"),
        )
        .join_from(_review, _card, _card.c.id == _review.c.card_id)
        .where(own_entries, _review.c.kind == ReviewKind.DRILL)
        .order_by(_review.c.seq.desc())
        .limit(queue.IN_A_ROW)
    )
    parts = (
        steps.order_by(*_as_queued).limit(CANDIDATES),
        reviews.order_by(*_as_queued).limit(CANDIDATES),
        shown,
    )
    return Prepared(union_all(*(select(part.subquery()) for part in parts)))


_as_queued = (
    _memory.c.due_on,
    _memory.c.card_id,
)  # of cards due on one day, each engine would find others first


def _nothing(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return NULL of the column's type: PostgreSQL takes an untyped one for text, which unites with no number."""
    return null().cast(column.type)


first_tag = (
    select(_tag.c.tag)
    .where(_tag.c.note_id == _card.c.note_id, _tag.c.position == 0)
    .limit(1)
    .scalar_subquery()
)
_last_entry = _review.alias("last_entry")
_untouched = or_(
    _memory.c.last_seq <= bindparam("start_seq"),
    exists().where(
        _last_entry.c.learner_id == _memory.c.learner_id,
        _last_entry.c.seq == _memory.c.last_seq,
        _last_entry.c.kind == ReviewKind.UNDO,
    ),
)


def tagged(tag: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(_tag.c.note_id == _card.c.note_id, _tag.c.tag == tag)


@dataclass(frozen=True, slots=True)
class _Found:
    """The candidates of a sitting by kind, and the topics of the last cards shown, oldest first."""

    steps: list[Candidate]
    reviews: list[Candidate]
    shown_topics: list[Topic]


def _found(learner_id: int, sitting: SittingState, today: dt.date) -> _Found:
    scope = sitting.scope
    statement = _candidates(
        bank_places=places(scope.banks),
        by_tag=bool(scope.tag),
        card_places=places(scope.cards),
        order=scope.order,
        topic_is_tag=scope.one_bank,
    )
    rows = statement.all(
        learner_id=learner_id,
        sitting_id=sitting.id,
        today=today,
        start_seq=sitting.start_seq,
        tag=scope.tag,
        **in_places("bank", scope.banks),
        **in_places("card", scope.cards),
    )
    parts: dict[int, list[Candidate]] = {1: [], 2: [], 3: []}
    for row in rows:
        parts[row[0]].append(Candidate._make(row[1:]))
    steps, reviews = parts[1], parts[2]
    if scope.order is Order.AHEAD:  # cards first met in a quiz are steps of a later day
        reviews += [step for step in steps if step.due_on and step.due_on > today]
        steps = [step for step in steps if step.due_on and step.due_on <= today]
    return _Found(steps, reviews, [card.topic for card in reversed(parts[3])])


# The inner scalar query keeps the engine from walking all the learner remembers.
_sibling, _sibling_memory = _card.alias("sibling"), _memory.alias("sibling_memory")
_sibling_last_on = (
    select(_sibling_memory.c.last_on)
    .where(_sibling_memory.c.learner_id == learner_id_, _sibling_memory.c.card_id == _sibling.c.id)
    .scalar_subquery()
)
sibling_answered = exists().where(
    _sibling.c.note_id == _card.c.note_id, _sibling.c.id != _card.c.id, _sibling_last_on == today_
)
_STANDINGS = (
    select(_card.c.id, sibling_answered, _memory.c.last_seq, *(_memory.c[name] for name in MEMORY_FIELDS))
    .join_from(_card, _memory, mine, isouter=True)
    .where(drilled)
)


@cache
def _standings_of(card_places: int) -> Prepared:
    return Prepared(_STANDINGS.where(_card.c.id.in_(several("card", card_places))))


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a card stands just before it may be shown; `sibling_answered` says so for the study day."""

    card_id: int
    sibling_answered: bool
    state: CardState

    def is_new(self, today: dt.date) -> bool:
        known = self.state.memory
        return known.phase is Phase.NEW and not known.suspended and known.buried_on != today


def _standings(learner_id: int, card_ids: Iterable[int], today: dt.date) -> Iterator[_Standing]:
    """Yield how the cards stand, in the given order; cards that are no longer drilled are left out."""
    wanted = iter(card_ids)
    for many in _LOOKS:
        ids = list(islice(wanted, many))
        if not ids:
            return
        statement = _standings_of(places(ids))
        found = statement.all(learner_id=learner_id, today=today, **in_places("card", ids))
        rows = {row[0]: row for row in found}
        for card_id in ids:
            if card_id in rows:
                _, sibling_answered, last_seq, phase, *rest = rows[card_id]
                known = UNSEEN if last_seq is None else CardState(last_seq, Memory(Phase(phase), *rest))
                yield _Standing(card_id, bool(sibling_answered), known)


def next_turn(
    learner: LearnerSettings, sitting_id: int, now: dt.datetime, *, asked_for: tuple[int, int] | None = None
) -> Turn | None:
    """Return what a sitting shows now, None if nothing is left. Raises NotFound.

    `asked_for` is a card (one just turned or undone) and its last entry then: it is shown if it may be drilled
    and nothing has been recorded about it since.
    """
    today = Moment.at(now, learner.zone, learner.day_start).on
    sitting = sitting_state(learner.id, sitting_id, today)
    found = _found(learner.id, sitting, today)
    early = False
    chosen = _asked_for(learner.id, *asked_for, today) if asked_for else None
    if chosen is None:
        chosen = _due_now(learner, sitting, found, now, today)
    if chosen is None and (step := queue.next_step(found.steps, now)) is not None:
        chosen, early = next(_standings(learner.id, [step.card_id], today), None), True
    if chosen is None:
        return None
    upcoming = {card.card_id for card in (*found.steps, *found.reviews)} | {chosen.card_id}
    return Turn(
        sitting=sitting,
        face=banks.card_face(chosen.card_id),
        state=chosen.state,
        previews=memory.previews(learner, chosen.state, chosen.card_id, now),
        left=max(1, len(upcoming) + _new_left(learner, sitting) - chosen.is_new(today)),
        returning=sum(step.card_id != chosen.card_id for step in found.steps),
        more=len(found.reviews) == CANDIDATES,
        early=early,
    )


def _asked_for(learner_id: int, card_id: int, seen: int, today: dt.date) -> _Standing | None:
    standing = next(_standings(learner_id, [card_id], today), None)
    if standing is None or standing.state.last_seq != seen or standing.state.memory.suspended:
        return None
    return standing


def _due_now(
    learner: LearnerSettings, sitting: SittingState, found: _Found, now: dt.datetime, today: dt.date
) -> _Standing | None:
    """Return the first of: open steps, reviews, new cards. Siblings wait for another day, but in steps."""
    if steps := queue.due_steps(found.steps, now):
        return next(_standings(learner.id, [step.card_id for step in steps], today), None)
    reviews = queue.reviews_in_order(
        found.reviews,
        order=sitting.scope.order,
        today=today,
        seed=sitting.seed,
        shown_topics=found.shown_topics,
    )
    apart = not sitting.scope.cards
    for standing in _standings(learner.id, (review.card_id for review in reviews), today):
        if not (apart and standing.sibling_answered):
            return standing
    if _new_left(learner, sitting) > 0:
        listed, met = sitting.scope.new_cards, sitting.met  # those at the front have been met, unless undone
        for standing in _standings(learner.id, (*listed[met:], *listed[:met]), today):
            if standing.is_new(today) and not (apart and standing.sibling_answered):
                return standing
    return None


def _new_left(learner: LearnerSettings, sitting: SittingState) -> int:
    listed = max(0, len(sitting.scope.new_cards) - sitting.met)
    if sitting.scope.beyond_limits or sitting.scope.cards:  # what is named is asked
        return listed
    return min(listed, max(0, learner.new_per_day - sitting.new_today))


def new_among(learner_id: int, card_ids: Sequence[int], today: dt.date) -> list[int]:
    """Return those of the cards that the learner has not met, in the given order."""
    return [
        standing.card_id for standing in _standings(learner_id, card_ids, today) if standing.is_new(today)
    ]
