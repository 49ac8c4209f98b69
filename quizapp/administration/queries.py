"""What an administrator sees across all owners: banks, jobs, and the room they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from quizapp.accounts.models import User
from quizapp.banks.models import Bank, BankMedium, BankVersion, Medium
from quizapp.db import db
from quizapp.jobs.models import Job
from quizapp.jobs.states import State
from quizapp.teaching.models import Draft, DraftMedium


@dataclass(frozen=True, slots=True)
class Kept:
    """Things of one sort in the database, and their bytes."""

    number: int
    size: int


@dataclass(frozen=True, slots=True)
class AuthorRow:
    """What one author keeps: open drafts, and bytes of files and pictures; the pictures of published versions too."""

    user_id: int
    email: str
    drafts: int
    sources: int
    pictures: int


def banks() -> Select[Any]:
    """Return the statement of all banks by title; `size` is that of all versions' files, in bytes."""
    size = (
        select(func.sum(func.length(BankVersion.source)))
        .where(BankVersion.bank_id == Bank.id)
        .correlate(Bank)
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        Bank.slug,
        Bank.title,
        Bank.version,
        Bank.visibility,
        Bank.retired_at,
        User.email.label("owner"),
        BankVersion.counts,
        size.label("size"),
    )
    current = (BankVersion.bank_id == Bank.id) & (BankVersion.number == Bank.version)
    return (
        select(*columns)
        .join(BankVersion, current)
        .outerjoin(User, User.id == Bank.owner_id)
        .order_by(Bank.title, Bank.id)
    )


def jobs(state: State | None = None) -> Select[Any]:
    """Return the statement of everybody's jobs, the newest first."""
    columns: tuple[Any, ...] = (
        Job.code,
        Job.title,
        Job.state,
        Job.done,
        Job.total,
        Job.message,
        Job.created_at,
        Job.finished_at,
        Job.cancelled_at,
        User.email,
    )
    statement = select(*columns).outerjoin(User, User.id == Job.user_id).order_by(Job.id.desc())
    return statement if state is None else statement.where(Job.state == state)


def versions_kept() -> Kept:
    """Return the published versions of all banks."""
    return _kept(BankVersion.source)


def pictures_kept() -> Kept:
    """Return the pictures of published versions; one that several share is kept once."""
    return _kept(Medium.content)


def authors() -> Sequence[AuthorRow]:
    """Return everybody who keeps drafts or published pictures, who keeps most pictures first."""
    drafts = (
        select(
            Draft.user_id,
            func.count().filter(Draft.published_at.is_(None)).label("number"),
            func.sum(func.length(Draft.source)).label("size"),
        )
        .group_by(Draft.user_id)
        .subquery()
    )
    drafted = (
        select(Draft.user_id, func.sum(func.length(DraftMedium.content)).label("size"))
        .join(DraftMedium, DraftMedium.draft_id == Draft.id)
        .group_by(Draft.user_id)
        .subquery()
    )
    used = (
        select(BankVersion.author_id, BankMedium.sha256)
        .join(
            BankMedium,
            (BankMedium.bank_id == BankVersion.bank_id) & (BankMedium.version == BankVersion.number),
        )
        .where(BankVersion.author_id.is_not(None))
        .distinct()
        .subquery()
    )
    published = (
        select(used.c.author_id, func.sum(func.length(Medium.content)).label("size"))
        .join(Medium, Medium.sha256 == used.c.sha256)
        .group_by(used.c.author_id)
        .subquery()
    )
    pictures = func.coalesce(drafted.c.size, 0) + func.coalesce(published.c.size, 0)
    statement = (
        select(
            User.id,
            User.email,
            func.coalesce(drafts.c.number, 0),
            func.coalesce(drafts.c.size, 0),
            pictures,
        )
        .outerjoin(drafts, drafts.c.user_id == User.id)
        .outerjoin(drafted, drafted.c.user_id == User.id)
        .outerjoin(published, published.c.author_id == User.id)
        .where(drafts.c.user_id.is_not(None) | published.c.author_id.is_not(None))
        .order_by(pictures.desc(), User.email)
    )
    return [AuthorRow(*row) for row in db.session.execute(statement)]


def _kept(content: Any) -> Kept:
    number, size = db.session.execute(select(func.count(content), func.sum(func.length(content)))).one()
    return Kept(number, size or 0)
