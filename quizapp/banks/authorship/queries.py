"""Who may change a bank: its owner, its co-authors, and administrators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, true

from quizapp.accounts.models import User
from quizapp.banks.models import Bank, BankAuthor, Note, ProblemReport
from quizapp.banks.visibility import Visibility
from quizapp.db import db
from quizapp.errors import NotFound


@dataclass(frozen=True, slots=True)
class EditableBank:
    """A bank as those who may change it see it; `open_reports` wait for an answer.

    `owned`: it is the viewer's, or they administer the site: only they choose its authors.
    """

    id: int
    slug: str
    title: str
    version: int
    visibility: Visibility
    archived: bool
    open_reports: int
    owned: bool


@dataclass(frozen=True, slots=True)
class Authors:
    """Who stands behind a bank, by e-mail; a bank that came with the program has no owner."""

    owner_id: int | None
    owner: str | None
    co_authors: tuple[tuple[int, str], ...]


_open_reports = (
    select(func.count())
    .select_from(ProblemReport)
    .join(Note, Note.id == ProblemReport.note_id)
    .where(Note.bank_id == Bank.id, ProblemReport.closed_at.is_(None))
    .correlate(Bank)
    .scalar_subquery()
)
_EDITABLE = select(
    Bank.id,
    Bank.slug,
    Bank.title,
    Bank.version,
    Bank.visibility,
    Bank.retired_at,
    Bank.owner_id,
    _open_reports.label("open_reports"),
)


def may_edit(user_id: int, is_administrator: bool, bank_id: int) -> bool:
    """Return whether a user may change a bank."""
    query = select(Bank.id).where(Bank.id == bank_id, _is_author(user_id, is_administrator))
    return db.session.scalar(query) is not None


def editable_banks(user_id: int, is_administrator: bool) -> list[EditableBank]:
    """Return the banks that a user may change, by title, archived ones last."""
    query = _EDITABLE.where(_is_author(user_id, is_administrator))
    rows = db.session.execute(query.order_by(Bank.retired_at.is_not(None), Bank.title, Bank.id))
    return [_editable(row, user_id, is_administrator) for row in rows]


def editable_bank(user_id: int, is_administrator: bool, slug: str) -> EditableBank:
    """Return one bank that a user may change. Raises NotFound, for the banks of others too."""
    query = _EDITABLE.where(_is_author(user_id, is_administrator), Bank.slug == slug)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no bank of yours at this address.")
    return _editable(row, user_id, is_administrator)


def authors(bank_id: int) -> Authors:
    """Return who stands behind a bank, co-authors by e-mail."""
    owner = db.session.execute(
        select(User.id, User.email).join(Bank, Bank.owner_id == User.id).where(Bank.id == bank_id)
    ).one_or_none()
    co_authors = db.session.execute(
        select(User.id, User.email)
        .join(BankAuthor, BankAuthor.user_id == User.id)
        .where(BankAuthor.bank_id == bank_id)
        .order_by(User.email)
    )
    owner_id, email = owner or (None, None)
    return Authors(owner_id, email, tuple((user_id, address) for user_id, address in co_authors))


def _is_author(user_id: int, is_administrator: bool) -> ColumnElement[bool]:
    if is_administrator:
        return true()
    co_author = exists().where(BankAuthor.bank_id == Bank.id, BankAuthor.user_id == user_id)
    return or_(Bank.owner_id == user_id, co_author)


def _editable(row: Any, user_id: int, is_administrator: bool) -> EditableBank:
    return EditableBank(
        id=row.id,
        slug=row.slug,
        title=row.title,
        version=row.version,
        visibility=Visibility(row.visibility),
        archived=row.retired_at is not None,
        open_reports=row.open_reports,
        owned=is_administrator or row.owner_id == user_id,
    )
