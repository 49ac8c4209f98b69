"""Every SELECT about the attempts of the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select

from quizapp.banks.models import Bank
from quizapp.db import db
from quizapp.quizzes.history.wanted import Sort, Wanted
from quizapp.quizzes.models import ONLY_MISSED, Attempt, AttemptBank, ItemResponse
from quizapp.quizzes.scoring import Score

_share = Attempt.points / Attempt.item_count
_ORDER: dict[Sort, Any] = {
    Sort.NEWEST: Attempt.started_at.desc(),
    Sort.OLDEST: Attempt.started_at.asc(),
    Sort.BEST: _share.desc().nulls_last(),
    Sort.LOWEST: _share.asc().nulls_last(),
    Sort.LONGEST: Attempt.duration_ms.desc().nulls_last(),
    Sort.SHORTEST: Attempt.duration_ms.asc().nulls_last(),
}
_same_attempt = and_(
    AttemptBank.learner_id == Attempt.learner_id,
    AttemptBank.attempt_id == Attempt.id,
)
_answered_so_far = (
    select(func.count(ItemResponse.position.distinct()))
    .where(ItemResponse.learner_id == Attempt.learner_id, ItemResponse.attempt_id == Attempt.id)
    .correlate(Attempt)
    .scalar_subquery()
)


def attempts(learner_id: int, wanted: Wanted) -> Any:
    """Return the statement of the wanted attempts, to be read in pages; `given` counts items with a response."""
    statement: Any = select(
        Attempt.id,
        Attempt.code,
        Attempt.title,
        Attempt.mode,
        Attempt.item_count,
        Attempt.retake_of,
        Attempt.started_at,
        Attempt.finished_at,
        Attempt.points,
        Attempt.duration_ms,
        case((Attempt.finished_at.is_(None), _answered_so_far), else_=Attempt.answered).label("given"),
    ).where(Attempt.learner_id == learner_id)
    if wanted.bank:
        of_bank = and_(_same_attempt, Bank.id == AttemptBank.bank_id, Bank.slug == wanted.bank)
        statement = statement.where(exists().where(of_bank))
    if wanted.mode:
        statement = statement.where(Attempt.mode == wanted.mode)
    if wanted.since is not None:
        statement = statement.where(Attempt.started_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(Attempt.started_at < wanted.until)
    return statement.order_by(_ORDER[wanted.sort], Attempt.started_at.desc(), Attempt.id.desc())


def attempted_banks(learner_id: int) -> list[tuple[str, str]]:
    """Return slug and title of each bank the learner was ever asked about, by title."""
    asked = select(AttemptBank.bank_id).where(AttemptBank.learner_id == learner_id)
    statement = select(Bank.slug, Bank.title).where(Bank.id.in_(asked)).order_by(Bank.title, Bank.id)
    return [(slug, title) for slug, title in db.session.execute(statement)]


def bank_titles(learner_id: int, attempt_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the titles of the banks of each attempt, the one with most items first."""
    statement = (
        select(AttemptBank.attempt_id, Bank.title)
        .join(Bank, Bank.id == AttemptBank.bank_id)
        .where(AttemptBank.learner_id == learner_id, AttemptBank.attempt_id.in_(attempt_ids))
        .order_by(AttemptBank.attempt_id, AttemptBank.items.desc(), Bank.title, Bank.id)
    )
    titles: dict[int, list[str]] = {}
    for attempt_id, title in db.session.execute(statement):
        titles.setdefault(attempt_id, []).append(title)
    return titles


@dataclass(frozen=True, slots=True)
class Taken:
    """A finished attempt among those at the same set of items; `first_id` is the first of them."""

    id: int
    first_id: int
    code: str
    started_at: dt.datetime
    share: float


def taken(learner_id: int, first_ids: Collection[int]) -> dict[int, list[Taken]]:
    """Return the finished attempts at each set, named by its first attempt, in order of time."""
    first_id = func.coalesce(Attempt.retake_of, Attempt.id)
    statement = (
        select(Attempt.id, first_id, Attempt.code, Attempt.started_at, _share)
        .where(
            Attempt.learner_id == learner_id,
            Attempt.finished_at.is_not(None),
            or_(Attempt.id.in_(first_ids), Attempt.retake_of.in_(first_ids)),
        )
        .order_by(Attempt.id)
    )
    sets: dict[int, list[Taken]] = {}
    for attempt_id, set_id, code, started_at, share in db.session.execute(statement):
        sets.setdefault(set_id, []).append(Taken(attempt_id, set_id, code, started_at, share or 0.0))
    return sets


@dataclass(frozen=True, slots=True)
class BankScore:
    """What one finished attempt earned in one bank."""

    code: str
    started_on: dt.date
    score: Score


@dataclass(frozen=True, slots=True)
class BankScores:
    """The last scores in one bank, oldest first."""

    bank_id: int
    slug: str
    title: str
    taken: tuple[BankScore, ...]

    @property
    def scores(self) -> list[Score]:
        return [one.score for one in self.taken]

    @property
    def shares(self) -> list[float]:
        return [score.share or 0.0 for score in self.scores]


def bank_scores(learner_id: int, *, last: int) -> list[BankScores]:
    """Return the scores of the `last` finished attempts in each bank, by title of the bank.

    Attempts that ask only what was missed are left out: they say little of the bank as a whole.
    """
    newest = func.row_number().over(partition_by=AttemptBank.bank_id, order_by=AttemptBank.attempt_id.desc())
    scored = (
        select(
            AttemptBank.bank_id,
            AttemptBank.attempt_id,
            AttemptBank.points,
            AttemptBank.items.label("asked"),
            Attempt.code,
            Attempt.started_on,
            newest.label("newest"),
        )
        .join(Attempt, _same_attempt)
        .where(
            AttemptBank.learner_id == learner_id,
            AttemptBank.points.is_not(None),
            func.coalesce(Attempt.selection["only"].as_string(), "") != ONLY_MISSED,
        )
        .subquery()
    )
    statement = (
        select(
            Bank.id,
            Bank.slug,
            Bank.title,
            scored.c.code,
            scored.c.started_on,
            scored.c.points,
            scored.c.asked,
        )
        .join(scored, scored.c.bank_id == Bank.id)
        .where(scored.c.newest <= last)
        .order_by(Bank.title, Bank.id, scored.c.attempt_id)
    )
    by_bank = groupby(db.session.execute(statement), key=itemgetter(0, 1, 2))
    return [
        BankScores(
            bank_id, slug, title, tuple(BankScore(row[3], row[4], Score(row[5], row[6])) for row in rows)
        )
        for (bank_id, slug, title), rows in by_bank
    ]
