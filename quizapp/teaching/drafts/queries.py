"""Drafts, as those who may see them: their author, and whoever may change the bank a draft is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import case, func, or_, select

from quizapp.accounts.models import User
from quizapp.banks.authorship import queries as authorship
from quizapp.banks.models import Bank, BankMedium, BankVersion, Medium
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.teaching.drafts.naming import written_title
from quizapp.teaching.models import Draft, DraftMedium


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as it stands. `edits` goes with every change: who is behind is told."""

    id: int
    code: str
    user_id: int
    bank_id: int | None
    based_on: int | None
    name: str
    source: bytes
    edits: int
    created_at: dt.datetime
    changed_at: dt.datetime
    published_at: dt.datetime | None
    published_as: int | None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """An open draft in a list, without its file; `size` is in bytes, `author` an e-mail."""

    code: str
    name: str
    size: int
    beginning: bytes
    bank_title: str | None
    based_on: int | None
    created_at: dt.datetime
    changed_at: dt.datetime
    author: str
    mine: bool

    @property
    def title(self) -> str:
        """What the bank is called, as far as that can be read at the beginning of the file."""
        return self.bank_title or written_title(self.beginning)


@dataclass(frozen=True, slots=True)
class Since:
    """The latest version that a draft does not know of; `author` is an e-mail, None where nobody's is known.

    `restores`: it was there when the draft was begun from an earlier one, so undoing it is what the draft is for.
    """

    number: int
    author: str | None
    published_at: dt.datetime
    restores: bool


_BEGINNING_BYTES = 2000
_FIELDS = tuple(getattr(Draft, name) for name in DraftRow.__slots__)


def draft_for(user_id: int, is_administrator: bool, code: str) -> DraftRow:
    """Return a draft of this user's, or of a bank that they may change. Raises NotFound.

    A draft of one's own for a bank that one may no longer change says nothing of that bank.
    """
    row = db.session.execute(select(*_FIELDS).where(Draft.code == code)).one_or_none()
    if row is not None:
        draft = DraftRow(**row._mapping)
        if draft.bank_id is not None and authorship.may_edit(user_id, is_administrator, draft.bank_id):
            return draft
        if draft.user_id == user_id:
            return replace(draft, bank_id=None, based_on=None)
    raise NotFound("There is no draft of yours at this address. Perhaps it was discarded.")


def bank_of(draft: DraftRow) -> tuple[str, str] | None:
    """Return written id and title of the bank that a draft is for; None while it is not published."""
    row = db.session.execute(select(Bank.slug, Bank.title).where(Bank.id == draft.bank_id)).one_or_none()
    return None if row is None else (row.slug, row.title)


def published_since(draft: DraftRow, slug: str) -> Since | None:
    """Return the current version of the bank `slug` if the draft was begun from an earlier one of it."""
    if draft.based_on is None:
        return None
    query = (
        select(BankVersion.number, User.email, BankVersion.published_at)
        .join(Bank, (Bank.id == BankVersion.bank_id) & (Bank.version == BankVersion.number))
        .outerjoin(User, User.id == BankVersion.author_id)
        .where(Bank.id == draft.bank_id, Bank.slug == slug, Bank.version > draft.based_on)
    )
    row = db.session.execute(query).one_or_none()
    return None if row is None else Since(*row, restores=row.published_at <= draft.created_at)


def open_drafts(user_id: int, bank_ids: Iterable[int] = ()) -> list[DraftLine]:
    """Return this user's unpublished drafts, and those of the banks given, the last changed first.

    Of other banks than those, which the user may not change, nothing is said.
    """
    editable = list(bank_ids)
    query = (
        select(
            Draft.code,
            Draft.name,
            func.length(Draft.source).label("size"),
            func.substr(Draft.source, 1, _BEGINNING_BYTES).label("beginning"),
            Bank.title.label("bank_title"),
            case((Bank.id.is_not(None), Draft.based_on)).label("based_on"),
            Draft.created_at,
            Draft.changed_at,
            User.email.label("author"),
            (Draft.user_id == user_id).label("mine"),
        )
        .join(User, User.id == Draft.user_id)
        .outerjoin(Bank, (Bank.id == Draft.bank_id) & Bank.id.in_(editable))
        .where(Draft.published_at.is_(None))
        .where(or_(Draft.user_id == user_id, Draft.bank_id.in_(editable)))
        .order_by(Draft.changed_at.desc(), Draft.id.desc())
    )
    return [DraftLine(**row._mapping) for row in db.session.execute(query)]


def own_open_draft(user_id: int, *, bank_id: int, based_on: int, untouched: bool) -> str | None:
    """Return the code of the user's newest open draft from this version; `untouched`: only one never saved since."""
    query = (
        select(Draft.code)
        .where(
            Draft.user_id == user_id,
            Draft.bank_id == bank_id,
            Draft.based_on == based_on,
            Draft.published_at.is_(None),
        )
        .order_by(Draft.changed_at.desc())
        .limit(1)
    )
    if untouched:
        query = query.where(Draft.edits == 0)
    return db.session.execute(query).scalar_one_or_none()


def same_open_draft(user_id: int, *, source: bytes, media: Mapping[str, bytes]) -> str | None:
    """Return the code of the user's newest open draft that is this file with these pictures."""
    query = (
        select(Draft.id, Draft.code)
        .where(Draft.user_id == user_id, Draft.published_at.is_(None), Draft.source == source)
        .order_by(Draft.id.desc())
    )
    rows = db.session.execute(query).all()
    return next((code for draft_id, code in rows if draft_media(draft_id) == media), None)


def draft_media(draft_id: int) -> dict[str, bytes]:
    """Return the pictures of a draft by their path."""
    query = select(DraftMedium.path, DraftMedium.content).where(DraftMedium.draft_id == draft_id)
    return dict(db.session.execute(query.order_by(DraftMedium.path)).all())


def draft_medium(draft_id: int, path: str) -> bytes:
    """Return one picture of a draft. Raises NotFound."""
    content = db.session.scalar(
        select(DraftMedium.content).where(DraftMedium.draft_id == draft_id, DraftMedium.path == path)
    )
    if content is None:
        raise NotFound("This draft has no such picture.")
    return content


def version_media(bank_id: int, number: int) -> dict[str, bytes]:
    """Return the pictures of a published version by their path."""
    query = (
        select(BankMedium.path, Medium.content)
        .join(Medium, Medium.sha256 == BankMedium.sha256)
        .where(BankMedium.bank_id == bank_id, BankMedium.version == number)
    )
    return dict(db.session.execute(query).all())


def open_draft_count(user_id: int) -> int:
    """Return how many unpublished drafts a user has."""
    query = select(func.count()).where(Draft.user_id == user_id, Draft.published_at.is_(None))
    return db.session.scalar(query) or 0


def media_bytes(user_id: int) -> int:
    """Return how many bytes of pictures a user keeps here, in drafts and in versions they published."""
    drafted = _sum(
        select(func.sum(func.length(DraftMedium.content))).join(Draft).where(Draft.user_id == user_id)
    )
    of_versions = (
        select(BankMedium.sha256)
        .join(
            BankVersion,
            (BankVersion.bank_id == BankMedium.bank_id) & (BankVersion.number == BankMedium.version),
        )
        .where(BankVersion.author_id == user_id)
    )
    published = select(func.sum(func.length(Medium.content))).where(Medium.sha256.in_(of_versions))
    return drafted + _sum(published)


def _sum(query: Any) -> int:
    return int(db.session.scalar(query) or 0)
