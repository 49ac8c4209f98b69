"""Every SELECT about what learners remember. Those on the way of an answer are Core, built once at import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import BindParameter, Table, and_, bindparam, exists, func, literal, or_, select, union_all

from quizapp.accounts.models import Learner
from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.models import Card, Note
from quizapp.banks.offering.queries import in_offered
from quizapp.db import db
from quizapp.limits import UNDO_STEPS
from quizapp.memory import due, hasty
from quizapp.memory.days import DayCounts, Days, total
from quizapp.memory.due import Preview
from quizapp.memory.entry import Entry
from quizapp.memory.fold import Folded, agree, fold
from quizapp.memory.kinds import Phase, Queue, Rating, ReviewKind
from quizapp.memory.models import CardMemory, LearnerDay, Review
from quizapp.memory.scheduler import NEW_MEMORY, Memory, Outcome
from quizapp.memory.spread import Load, Seed
from quizapp.prepared import Prepared
from quizapp.study_day import Moment

MEMORY_FIELDS = Memory._fields
ENTRY_FIELDS = tuple(name for name in Entry._fields if name != "memory")
DAY_FIELDS = tuple(field.name for field in fields(DayCounts))
UNDO_REACH = 500  # an undo looks no further back than this many entries, whatever the sitting

_card = cast(Table, Card.__table__)
_note = cast(Table, Note.__table__)
_review = cast(Table, Review.__table__)
_memory = cast(Table, CardMemory.__table__)
_day = cast(Table, LearnerDay.__table__)
_learner_id: BindParameter[int] = bindparam("learner_id")
_card_id: BindParameter[int] = bindparam("card_id")
_entry_columns = [_review.c[name] for name in (*ENTRY_FIELDS, *MEMORY_FIELDS)]
_memory_columns = [_memory.c[name] for name in MEMORY_FIELDS]


@dataclass(frozen=True, slots=True)
class CardState:
    """A memory, and the last entry of the log that made it (0: there is none)."""

    last_seq: int
    memory: Memory


UNSEEN = CardState(0, NEW_MEMORY)


def card_memory(learner_id: int, card_id: int) -> CardState:
    """Return what the learner remembers of one card."""
    return memories(learner_id, [card_id]).get(card_id, UNSEEN)


_MEMORIES = select(_memory.c.card_id, _memory.c.last_seq, *_memory_columns).where(
    _memory.c.learner_id == _learner_id, _memory.c.card_id.in_(bindparam("card_ids", expanding=True))
)


def memories(learner_id: int, card_ids: Collection[int]) -> dict[int, CardState]:
    """Return what the learner remembers of the cards, those never touched left out."""
    rows = _rows(_MEMORIES, learner_id=learner_id, card_ids=list(card_ids))
    return {row[0]: CardState(row[1], _as_memory(row[2:])) for row in rows}


# A scalar query for each sibling keeps the engine from walking all the learner remembers.
_sibling_due_on = (
    select(_memory.c.due_on)
    .where(
        _memory.c.learner_id == _learner_id, _memory.c.card_id == _card.c.id, _memory.c.queue != Queue.NONE
    )
    .scalar_subquery()
)
_SIBLINGS_DUE = select(_sibling_due_on, literal(-1)).where(
    _card.c.note_id
    == select(_card.c.note_id).where(_card.c.id == _card_id).correlate(None).scalar_subquery(),
    _card.c.id != _card_id,
    _sibling_due_on.is_not(None),
)


@cache
def _load_of(ranges: int) -> Prepared:
    """Return the statement for so many ranges of days: what lies between them may be most of a year."""
    due_cards = (
        select(_day.c.day, _day.c.due_cards).where(
            _day.c.learner_id == _learner_id,
            _day.c.day.between(bindparam(f"first_{place}"), bindparam(f"last_{place}")),
        )
        for place in range(ranges)
    )
    return Prepared(union_all(*due_cards, _SIBLINGS_DUE))


def load(learner_id: int, card_id: int, ranges: Sequence[tuple[dt.date, dt.date]]) -> Load:
    """Return what is due on the days of `ranges`, (first, last) each, and on which days siblings of the card are."""
    bounds = {}
    for place, (first, last) in enumerate(ranges):
        bounds[f"first_{place}"], bounds[f"last_{place}"] = first, last
    rows = _load_of(len(ranges)).all(learner_id=learner_id, card_id=card_id, **bounds)
    return Load(
        {day: due_cards for day, due_cards in rows if due_cards >= 0},
        frozenset(day for day, due_cards in rows if due_cards < 0),
    )


def offers(learner: LearnerSettings, memory: Memory, card_id: int, moment: Moment) -> dict[Rating, Memory]:
    """Return the memory to which each rating of a card leads, given now."""
    candidates = due.outcomes(memory, study_on=moment.on, desired_retention=learner.desired_retention)
    return dated(candidates, moment, Seed(learner.id, card_id, memory.repetitions))


def dated(candidates: dict[Rating, Outcome], moment: Moment, seed: Seed) -> dict[Rating, Memory]:
    """Return the memory of each outcome, due on the best day in its range."""
    ranges = due.days_to_weigh(candidates.values(), moment.on)
    weighed = load(seed.learner_id, seed.card_id, ranges) if ranges else Load()
    return due.offers(candidates, moment=moment, load=weighed, seed=seed)


def previews(
    learner: LearnerSettings, state: CardState, card_id: int, now: dt.datetime
) -> dict[Rating, Preview]:
    """Return when the card would return after each rating: exactly what the answer stores."""
    moment = Moment.at(now, learner.zone, learner.day_start)
    offered = offers(learner, state.memory, card_id, moment)
    return {rating: due.preview(memory, moment.on) for rating, memory in offered.items()}


def days_between(learner_id: int, first: dt.date, last: dt.date) -> Days:
    """Return the counts of the learner's study days from `first` to `last`; a day without any is left out."""
    statement = select(_day.c.day, *(_day.c[name] for name in DAY_FIELDS)).where(
        _day.c.learner_id == learner_id, _day.c.day.between(first, last)
    )
    return total({row[0]: DayCounts(*row[1:]) for row in _rows(statement)})


def learners_of(note_ids: Collection[int]) -> int:
    """Return how many learners remember something of any of the notes."""
    begun = exists().where(
        _memory.c.learner_id == Learner.id, _memory.c.card_id == _card.c.id, _card.c.note_id.in_(note_ids)
    )
    return db.session.execute(select(func.count()).select_from(Learner).where(begun)).scalar_one()


@dataclass(frozen=True, slots=True)
class Standing:
    """All that an entry about a card depends on, read in one statement.

    `retired`: the card is, or its bank is not offered to the learner. `log_seq` is the learner's last entry;
    `answered_seq` the one that has the answer key already, if any; `alike` counts the last nine entries that are
    drill answers of this rating in the last fifteen seconds.
    """

    card_id: int
    hidden: bool
    retired: bool
    revision: int
    log_seq: int
    answered_seq: int | None
    alike: int
    state: CardState


_log_seq = (
    select(func.coalesce(func.max(_review.c.seq), 0))
    .where(_review.c.learner_id == _learner_id)
    .correlate(None)
    .scalar_subquery()
)
_STANDING = Prepared(
    select(
        _card.c.hidden,
        or_(_card.c.retired_at.is_not(None), ~in_offered(_card.c.bank_id, _learner_id)),
        _note.c.revision,
        _log_seq,
        select(_review.c.seq)
        .where(_review.c.learner_id == _learner_id, _review.c.answer_key == bindparam("answer_key"))
        .scalar_subquery(),
        select(func.count())
        .where(
            _review.c.learner_id == _learner_id,
            _review.c.seq > _log_seq - (hasty.RUN - 1),
            _review.c.kind == ReviewKind.DRILL,
            _review.c.rating == bindparam("rating"),
            _review.c.reviewed_at > bindparam("run_began"),
        )
        .scalar_subquery(),
        _memory.c.last_seq,
        *_memory_columns,
    )
    .select_from(_card)
    .join(_note, _note.c.id == _card.c.note_id)
    .outerjoin(_memory, and_(_memory.c.learner_id == _learner_id, _memory.c.card_id == _card.c.id))
    .where(_card.c.id == _card_id)
)


def standing(
    learner_id: int, card_id: int, *, answer_key: bytes, now: dt.datetime, rating: Rating | None = None
) -> Standing | None:
    """Return how a card stands with a learner just before an entry, None if there is no such card."""
    row = _STANDING.first(
        learner_id=learner_id,
        card_id=card_id,
        answer_key=answer_key,
        rating=rating,
        run_began=now - hasty.RUN_TIME,
    )
    if row is None:
        return None
    state = UNSEEN if row[6] is None else CardState(row[6], _as_memory(row[7:]))
    hidden, retired, revision, log_seq, answered_seq, alike = row[:6]
    return Standing(card_id, hidden, retired, revision, log_seq, answered_seq, alike, state)


_ENTRY = select(*_entry_columns).where(_review.c.learner_id == _learner_id, _review.c.seq == bindparam("seq"))


def entry(learner_id: int, seq: int) -> Entry | None:
    """Return one entry of a learner's log."""
    return next(_entries(_ENTRY, learner_id=learner_id, seq=seq), None)


def entry_of_key(learner_id: int, answer_key: bytes) -> Entry | None:
    """Return the entry that was made with `answer_key`."""
    statement = select(*_entry_columns).where(
        _review.c.learner_id == learner_id, _review.c.answer_key == answer_key
    )
    return next(_entries(statement), None)


def log_seq(learner_id: int) -> int:
    """Return the number of the learner's last entry, 0 if there is none."""
    return db.session.connection().execute(select(_log_seq), {"learner_id": learner_id}).scalar_one()


_undo = _review.alias()
_UNDOABLE = (
    select(
        *_entry_columns,
        exists()
        .where(
            _undo.c.learner_id == _review.c.learner_id,
            _undo.c.card_id == _review.c.card_id,
            _undo.c.seq > _review.c.seq,
            _undo.c.subject_seq == _review.c.seq,
            _undo.c.kind == ReviewKind.UNDO,
        )
        .label("undone"),
    )
    .where(
        _review.c.learner_id == _learner_id,
        _review.c.sitting_id == bindparam("sitting_id"),
        _review.c.kind != ReviewKind.UNDO,
        _review.c.seq > _log_seq - UNDO_REACH,
    )
    .order_by(_review.c.seq.desc())
    .limit(UNDO_STEPS)
)


def undoable(learner_id: int, sitting_id: int) -> Entry | None:
    """Return the last entry of a sitting that is not undone, if it is among the sitting's last ten."""
    rows = _rows(_UNDOABLE, learner_id=learner_id, sitting_id=sitting_id)
    return next((_as_entry(row[:-1]) for row in rows if not row[-1]), None)


def entries(learner_id: int, card_ids: Collection[int] | None = None) -> Iterator[Entry]:
    """Yield a learner's log (about `card_ids` alone, if given), card by card, each in order."""
    statement = select(*_entry_columns).where(_review.c.learner_id == learner_id)
    if card_ids is not None:
        statement = statement.where(_review.c.card_id.in_(card_ids))
    return _entries(statement.order_by(_review.c.card_id, _review.c.seq))


@dataclass(frozen=True, slots=True)
class CardReview:
    """One entry in a card's history, and whether it was undone."""

    entry: Entry
    undone: bool


def card_reviews(learner_id: int, card_id: int) -> list[CardReview]:
    """Return the whole history of a card, oldest first, undos included."""
    history = list(entries(learner_id, [card_id]))
    undone = {entry.subject_seq for entry in history if entry.kind is ReviewKind.UNDO}
    return [CardReview(entry, entry.seq in undone) for entry in history]


def seq_of_key(learner_id: int) -> dict[bytes, int]:
    """Return the number of each entry of a learner's log under its answer key."""
    statement = select(_review.c.answer_key, _review.c.seq).where(_review.c.learner_id == learner_id)
    return {row.answer_key: row.seq for row in _rows(statement)}


@dataclass(frozen=True, slots=True)
class Refolded:
    """What a learner's log adds up to, and where the stored rows say otherwise."""

    cards: dict[int, Folded]
    days: Days
    wrong_cards: list[int]
    wrong_days: list[dt.date]

    @property
    def differs(self) -> bool:
        return bool(self.wrong_cards or self.wrong_days)


def refolded(learner_id: int) -> Refolded:
    """Fold a learner's whole log and compare it with what is stored."""
    by_card = groupby(entries(learner_id), key=attrgetter("card_id"))
    cards = {card_id: fold(list(of_card)) for card_id, of_card in by_card}
    days = total(*(card.days for card in cards.values()))
    statement = select(_memory.c.card_id, _memory.c.queue, _memory.c.last_seq, *_memory_columns)
    rows = _rows(statement.where(_memory.c.learner_id == learner_id))
    stored = {row[0]: (row[1], row[2], _as_memory(row[3:])) for row in rows}
    stored_days = days_between(learner_id, dt.date.min, dt.date.max)
    return Refolded(
        cards,
        days,
        sorted(
            card_id
            for card_id in cards.keys() | stored.keys()
            if card_id not in cards
            or card_id not in stored
            or stored[card_id][:2] != (cards[card_id].memory.queue, cards[card_id].last_seq)
            or not agree(stored[card_id][2], cards[card_id].memory)
        ),
        sorted(day for day in days.keys() | stored_days.keys() if days.get(day) != stored_days.get(day)),
    )


def learners_with_reviews() -> list[int]:
    """Return the ids of the learners whose log is not empty."""
    begun = exists().where(_review.c.learner_id == Learner.id)
    return list(db.session.execute(select(Learner.id).where(begun).order_by(Learner.id)).scalars())


def hold_learner(learner_id: int) -> None:
    """Let other writers of this learner's log wait until the transaction ends (on SQLite they do already)."""
    if db.session.connection().dialect.name != "sqlite":
        db.session.execute(select(Learner.id).where(Learner.id == learner_id).with_for_update(key_share=True))


def _rows(statement: Any, **values: object) -> Sequence[Any]:
    return db.session.connection().execute(statement, values).all()


def _entries(statement: Any, **values: object) -> Iterator[Entry]:
    return map(_as_entry, _rows(statement, **values))


def _as_memory(values: Iterable[Any]) -> Memory:
    phase, *rest = values
    return Memory(Phase(phase), *rest)


def _as_entry(row: Any) -> Entry:
    values = dict(zip(ENTRY_FIELDS, row, strict=False))
    values["kind"] = ReviewKind(values["kind"])
    return Entry(**values, memory=_as_memory(row[len(ENTRY_FIELDS) :]))
