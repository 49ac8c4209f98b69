"""Every SELECT about progress. Counting is done in SQL, whatever the number of cards; reviews are never scanned."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, cast

from sqlalchemy import ColumnElement, Float, Integer, Table, and_, bindparam, case, func, select, type_coerce
from sqlalchemy import cast as convert

from quizapp.banks import queries as banks
from quizapp.banks.models import Card, NoteTag
from quizapp.banks.offering.queries import offered
from quizapp.banks.queries import BankRow
from quizapp.db import Day, db
from quizapp.memory import queries as memory
from quizapp.memory.days import Days
from quizapp.memory.kinds import Phase, Queue
from quizapp.memory.models import CardMemory, LearnerDay
from quizapp.memory.scheduler import retrievability
from quizapp.progress.measures.recall import mean_recall
from quizapp.progress.measures.states import MATURE_DAYS, State
from quizapp.progress.measures.streak import Streaks, streaks
from quizapp.quizzes.history import queries as history
from quizapp.quizzes.history.queries import BankScores
from quizapp.study.overview.queries import BankStanding
from quizapp.study.queries import unburied
from quizapp.study_day import ONE_DAY

SCORES_SHOWN = 20
FORECAST_DAYS = 30
Recalls = Counter[float]  # probability → how many cards

_card = cast(Table, Card.__table__)
_tag = cast(Table, NoteTag.__table__)
_memory = cast(Table, CardMemory.__table__)
_day = cast(Table, LearnerDay.__table__)
_learner_id: ColumnElement[int] = bindparam("learner_id")
_today: ColumnElement[Any] = bindparam("today", type_=Day())
_last: ColumnElement[Any] = bindparam("last", type_=Day())
_tomorrow: ColumnElement[Any] = bindparam("tomorrow", type_=Day())

# Statements group by labels: to PostgreSQL an expression with values is another in SELECT than in GROUP BY.

# Recall depends on elapsed days / stability alone. Counted in steps of that ratio, which are longer where the curve
# is flatter, thousands of cards are some dozen groups, and no card's probability is off by more than 0.007.
_RATIO_STEPS = 12
_days_since = type_coerce(_today - _memory.c.last_on, Integer)
_elapsed = case((_days_since < 1, 1), else_=_days_since)
_exact = convert(_elapsed, Float) / _memory.c.stability
_ratio = convert(
    case(
        (_exact < 1, func.round(12 * _exact)),
        (_exact < 4, 2 * func.round(6 * _exact)),
        (_exact < 20, 6 * func.round(2 * _exact)),
        else_=24 * func.round(_exact / 2),
    ),
    Integer,
)
_interval = type_coerce(_memory.c.due_on - _memory.c.last_on, Integer)
_state = case(
    (_memory.c.suspended, int(State.SUSPENDED)),
    (_memory.c.phase == Phase.NEW, int(State.NEW)),
    (_memory.c.phase != Phase.REVIEW, int(State.LEARNING)),
    (_interval >= MATURE_DAYS, int(State.MATURE)),
    else_=int(State.YOUNG),
)
_mine_drilled = and_(
    _memory.c.learner_id == _learner_id,
    _card.c.hidden.is_(False),
    _card.c.retired_at.is_(None),
    (_card.c.bank_id + 0).in_(offered(_learner_id)),  # + 0: by the learner's cards, never bank by bank
)
_my_cards = _memory.join(_card, _card.c.id == _memory.c.card_id)


@dataclass(frozen=True, slots=True)
class CardGroup:
    """`cards` drilled cards of one bank in one state that are recalled alike; `recall` is None before any answer.

    Of them `begun` were met at least once, and `due` are due now.
    """

    bank_id: int
    state: State
    recall: float | None
    cards: int
    begun: int
    due: int


_begun = case((_memory.c.phase != Phase.NEW, 1), else_=0)
_due = case((and_(_memory.c.queue != Queue.NONE, _memory.c.due_on <= _today, unburied), 1), else_=0)
_CARDS = (
    select(
        _card.c.bank_id,
        _state.label("state"),
        _ratio.label("ratio"),
        func.count(),
        func.sum(_begun),
        func.sum(_due),
    )
    .select_from(_my_cards)
    .where(_mine_drilled)
    .group_by(_card.c.bank_id, "state", "ratio")
)


def card_groups(learner_id: int, today: dt.date) -> list[CardGroup]:
    """Return the learner's cards, counted; one answered today counts with tomorrow's recall."""
    return [
        CardGroup(bank_id, State(state), _recall(ratio), *counts)
        for bank_id, state, ratio, *counts in _rows(_CARDS, learner_id=learner_id, today=today)
    ]


_TAGS = (
    select(_tag.c.tag, _ratio.label("ratio"), func.count())
    .select_from(_my_cards.join(_tag, _tag.c.note_id == _card.c.note_id))
    .where(_mine_drilled, _memory.c.stability.is_not(None))
    .group_by(_tag.c.tag, "ratio")
)


def recalls_by_tag(learner_id: int, today: dt.date) -> dict[str, Recalls]:
    """Return how well the begun cards of each tag are recalled, in all banks."""
    found = defaultdict[str, Recalls](Counter)
    for tag, ratio, cards in _rows(_TAGS, learner_id=learner_id, today=today):
        recall = _recall(ratio)
        assert recall is not None
        found[tag][recall] += cards
    return found


_due_day = case(
    (_memory.c.due_on > _today, _memory.c.due_on), (_memory.c.buried_on >= _today, _tomorrow), else_=_today
)
_DUE = (
    select(_due_day.label("falls_due"), func.count())
    .select_from(_my_cards)
    .where(
        _mine_drilled,
        _memory.c.queue.in_((Queue.STEP, Queue.REVIEW)),
        _memory.c.due_on <= _last,  # found by index
        _due_day <= _last,
    )
    .group_by("falls_due")
)


def due_cards(learner_id: int, today: dt.date, *, days: int) -> dict[dt.date, int]:
    """Return how many cards fall due on each of `days` days from today on; what is overdue is due today."""
    last = today + (days - 1) * ONE_DAY
    rows = _rows(_DUE, learner_id=learner_id, today=today, tomorrow=today + ONE_DAY, last=last)
    return dict(map(tuple, rows))


def streak(learner_id: int, today: dt.date) -> Streaks:
    """Return the learner's study days in a row."""
    statement = select(_day.c.day).where(
        _day.c.learner_id == learner_id, _day.c.day <= today, _day.c.reviews > 0
    )
    return streaks((day for (day,) in _rows(statement)), today)


def standings(groups: Iterable[CardGroup]) -> dict[int, BankStanding]:
    """Return how a learner stands in each bank, by bank id, as `study.overview` says; here the cards are counted."""
    begun, due = Counter[int](), Counter[int]()
    for group in groups:
        begun[group.bank_id] += group.begun
        due[group.bank_id] += group.due
    return {bank_id: BankStanding(begun[bank_id], due[bank_id]) for bank_id in begun}


def recall_by_bank(groups: Iterable[CardGroup]) -> dict[int, float]:
    """Return the mean recall of the begun cards of each bank, by bank id; banks not begun are left out."""
    means = {bank_id: mean_recall(recalls) for bank_id, recalls in recalls_of_banks(groups).items()}
    return {bank_id: mean for bank_id, mean in means.items() if mean is not None}


def recalls_of_banks(groups: Iterable[CardGroup]) -> dict[int, Recalls]:
    """Return how well the begun cards of each bank are recalled, by bank id."""
    found = defaultdict[int, Recalls](Counter)
    for group in groups:
        if group.recall is not None:
            found[group.bank_id][group.recall] += group.cards
    return found


@dataclass(frozen=True)
class Record:
    """What a page of progress knows of one learner: each part is read when a chart asks for it, once."""

    learner_id: int
    desired_retention: float
    today: dt.date

    @cached_property
    def banks(self) -> list[BankRow]:
        return banks.banks(self.learner_id)

    @cached_property
    def cards(self) -> list[CardGroup]:
        return card_groups(self.learner_id, self.today)

    @cached_property
    def recalls_by_bank(self) -> dict[int, Recalls]:
        return recalls_of_banks(self.cards)

    @property
    def recalls(self) -> Recalls:
        """How well all begun cards are recalled."""
        return sum(self.recalls_by_bank.values(), Counter())

    @property
    def begun(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.days or self.cards or self.scores)

    @cached_property
    def recalls_by_tag(self) -> dict[str, Recalls]:
        return recalls_by_tag(self.learner_id, self.today)

    @cached_property
    def days(self) -> Days:
        """The study days up to today."""
        return memory.days_between(self.learner_id, dt.date.min, self.today)

    @cached_property
    def due(self) -> dict[dt.date, int]:
        return due_cards(self.learner_id, self.today, days=FORECAST_DAYS)

    @cached_property
    def scores(self) -> list[BankScores]:
        return history.bank_scores(self.learner_id, last=SCORES_SHOWN)


@cache
def _recall(ratio: int | None) -> float | None:
    return None if ratio is None else retrievability(elapsed_days=ratio / _RATIO_STEPS, stability=1.0)


def _rows(statement: Any, **values: object) -> Sequence[Any]:
    return db.session.connection().execute(statement, values).all()
