"""What there is to study, how far a learner has come, and what a sitting amounted to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, Table, and_, bindparam, case, false, func, literal, select, union_all

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks import queries as banks
from quizapp.banks.models import Card
from quizapp.banks.queries import BankRow
from quizapp.memory import queries as memory
from quizapp.memory.kinds import Phase, Queue, Rating, ReviewKind
from quizapp.memory.models import CardMemory, Review
from quizapp.memory.scheduler import retrievability
from quizapp.study import queue
from quizapp.study.minutes import minutes, seconds_per_card
from quizapp.study.queries import drilled, first_tag, mine, sibling_answered, tagged, unburied, unseen
from quizapp.study.queue import Candidate
from quizapp.study.scope import Scope
from quizapp.study.sittings.queries import holds, learner_id_, own_entries, rows_of, today_
from quizapp.study.summary import Answer, Summary, summarize

COUNT_CAP = 1000
JUDGED_REVIEWS = 100
PACE_DAYS = 14

_card = cast(Table, Card.__table__)
_memory = cast(Table, CardMemory.__table__)
_review = cast(Table, Review.__table__)

_UNSEEN_CARDS = (
    select(_card.c.id, _card.c.note_id, _card.c.bank_id, first_tag)
    .join_from(_card, _memory, mine, isouter=True)
    .where(_card.c.bank_id == bindparam("bank_id"), drilled, unseen, ~sibling_answered)
    .order_by(_card.c.position)
)
_UNSEEN_TAGGED = _UNSEEN_CARDS.where(tagged(bindparam("tag")))


def new_cards(
    learner_id: int, scope: Scope, bank_ids: Iterable[int], *, today: dt.date, most: int
) -> list[int]:
    """Return up to `most` cards the learner has not met, one of a note, topic by topic in written order."""
    statement = _UNSEEN_TAGGED if scope.tag else _UNSEEN_CARDS
    found: dict[int, Candidate] = {}
    for bank_id in bank_ids:
        if len(found) >= most:
            break
        rows = rows_of(statement, learner_id=learner_id, bank_id=bank_id, today=today, tag=scope.tag)
        for card_id, note_id, of_bank, of_tag in rows:
            topic = of_tag if scope.one_bank else of_bank
            found.setdefault(note_id, Candidate(card_id, topic))
            if len(found) >= most:
                break
    return [candidate.card_id for candidate in queue.together(found.values())]


def has_new_cards(learner_id: int, scope: Scope, today: dt.date) -> bool:
    """Return whether a scope holds cards that the learner could meet on the study day, limits aside."""
    bank_ids = scope.banks or banks_to_learn(learner_id, scope, today)
    return not scope.cards and bool(new_cards(learner_id, scope, bank_ids, today=today, most=1))


@dataclass(frozen=True, slots=True)
class BankStanding:
    """One learner's cards of one bank: `begun` (met at least once), `due` now; counts, no retired cards."""

    begun: int
    due: int


_BANK_STANDINGS = (
    select(
        _card.c.bank_id,
        func.sum(case((_memory.c.phase != Phase.NEW, 1), else_=0)),
        func.sum(
            case((and_(_memory.c.queue != Queue.NONE, _memory.c.due_on <= today_, unburied), 1), else_=0)
        ),
    )
    .join_from(_memory, _card, _card.c.id == _memory.c.card_id)
    .where(_memory.c.learner_id == learner_id_, drilled)
    .group_by(_card.c.bank_id)
)


def bank_standings(learner_id: int, today: dt.date) -> dict[int, BankStanding]:
    """Return how a learner stands in each bank they have begun, by bank id."""
    return {
        row[0]: BankStanding(*row[1:]) for row in rows_of(_BANK_STANDINGS, learner_id=learner_id, today=today)
    }


def new_count(published: Iterable[BankRow], standings: Mapping[int, BankStanding]) -> int:
    """Return how many cards of the banks a learner has not met, who stands so in them."""
    return sum(
        max(0, bank.cards - (standings[bank.id].begun if bank.id in standings else 0)) for bank in published
    )


def banks_to_learn(learner_id: int, scope: Scope, today: dt.date) -> list[int]:
    """Return the banks from which a scope that names none takes new cards: those begun; for a tag, all."""
    if scope.tag:
        return [
            bank.id for bank in banks.banks(learner_id) if any(tag == scope.tag for tag, _, _ in bank.tags)
        ]
    begun = bank_standings(learner_id, today)
    return [bank.id for bank in banks.banks(learner_id) if bank.id in begun and begun[bank.id].begun]


def _due_in(where: Queue) -> Select[Any]:
    """Return a row for each card due in one queue: two statements of one queue each stay on its index."""
    return (
        select(literal(1))
        .select_from(_memory.join(_card, _card.c.id == _memory.c.card_id))
        .where(
            _memory.c.learner_id == learner_id_,
            _memory.c.queue == where,
            _memory.c.due_on <= today_,
            unburied,
            drilled,
        )
    )


_DUE_COUNT = select(func.count()).select_from(
    union_all(_due_in(Queue.STEP), _due_in(Queue.REVIEW)).limit(COUNT_CAP).subquery()
)


def due_count(learner_id: int, today: dt.date) -> int:
    """Return how many cards are due on the study day in all banks, counted up to `COUNT_CAP`."""
    return rows_of(_DUE_COUNT, learner_id=learner_id, today=today).scalar_one()


def next_due_on(learner_id: int, today: dt.date) -> dt.date | None:
    """Return the next study day after `today` on which a card is due."""
    statement = (
        select(_memory.c.due_on)
        .join_from(_memory, _card, _card.c.id == _memory.c.card_id)
        .where(
            _memory.c.learner_id == learner_id_,
            _memory.c.queue == Queue.REVIEW,
            _memory.c.due_on > today_,
            drilled,
        )
        .order_by(_memory.c.due_on)
        .limit(1)
    )
    return rows_of(statement, learner_id=learner_id, today=today).scalar()


def due_on(learner_id: int, day: dt.date) -> int:
    """Return how many cards in review fall due on a day to come."""
    statement = (
        select(func.count())
        .select_from(_memory.join(_card, _card.c.id == _memory.c.card_id))
        .where(
            _memory.c.learner_id == learner_id_,
            _memory.c.queue == Queue.REVIEW,
            _memory.c.due_on == day,
            drilled,
        )
    )
    return rows_of(statement, learner_id=learner_id).scalar_one()


@dataclass(frozen=True, slots=True)
class Outlook:
    """A learner's study day: `due` cards in all banks (at most `COUNT_CAP`) and the minutes they take, about.

    `behind`: they take more than the learner's day. `new_left`: how many new cards the day still allows. `seconds`
    is what the learner takes for one card, by the last days.
    """

    due: int
    minutes: int
    behind: bool
    new_left: int
    seconds: float

    @property
    def capped(self) -> bool:
        return self.due >= COUNT_CAP


def outlook(
    learner: LearnerSettings, today: dt.date, standings: Mapping[int, BankStanding] | None = None
) -> Outlook:
    """Return what the study day holds. What is due is not counted again where `standings` of all banks tell it."""
    if standings is None:
        due = due_count(learner.id, today)
    else:
        due = min(sum(standing.due for standing in standings.values()), COUNT_CAP)
    days = memory.days_between(learner.id, today - dt.timedelta(days=PACE_DAYS), today)
    seconds = seconds_per_card(
        reviews=sum(day.reviews for day in days.values()),
        thinking_ms=sum(day.thinking_ms for day in days.values()),
    )
    met = days[today].new_cards if today in days else 0
    behind = due * seconds > learner.minutes_per_day * 60
    return Outlook(due, minutes(due, seconds), behind, max(0, learner.new_per_day - met), seconds)


_before = _review.alias("before")
_OUTCOMES = (
    select(_review.c.rating, _review.c.study_on, _before.c.stability, _before.c.last_on)
    .join_from(
        _review,
        _before,
        and_(
            _before.c.learner_id == _review.c.learner_id,
            _before.c.seq == _review.c.previous_seq,
        ),
    )
    .where(
        _review.c.learner_id == learner_id_,
        _review.c.kind == ReviewKind.DRILL,
        _before.c.phase == Phase.REVIEW,
        _before.c.stability.is_not(None),
    )
    .order_by(_review.c.seq.desc())
    .limit(JUDGED_REVIEWS)
)


def outcomes(learner_id: int) -> list[tuple[float, bool]]:
    """Return (predicted recall, remembered) of about the last hundred reviews, newest first."""
    return [
        (
            retrievability(elapsed_days=max(0, (study_on - last_on).days), stability=stability),
            rating != Rating.AGAIN,
        )
        for rating, study_on, stability, last_on in rows_of(_OUTCOMES, learner_id=learner_id)
    ]


_ANSWERS = (
    select(
        _review.c.card_id,
        _card.c.bank_id,
        func.coalesce(_before.c.phase, int(Phase.NEW)) != Phase.NEW,
        _review.c.rating == Rating.AGAIN,
        func.coalesce(_review.c.thinking_ms, 0),
        and_(_review.c.suspended, func.coalesce(_before.c.suspended, false()).is_(False)),
    )
    .join_from(_review, _card, _card.c.id == _review.c.card_id)
    .outerjoin(
        _before, and_(_before.c.learner_id == _review.c.learner_id, _before.c.seq == _review.c.previous_seq)
    )
    .where(own_entries, holds, _review.c.kind == ReviewKind.DRILL)
    .order_by(_review.c.seq)
)


def sitting_summary(learner_id: int, sitting_id: int) -> Summary:
    """Return what a sitting amounted to, undone answers left out."""
    rows = rows_of(_ANSWERS, learner_id=learner_id, sitting_id=sitting_id)
    return summarize(Answer(*row) for row in rows)
