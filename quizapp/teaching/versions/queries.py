"""The versions of a bank as its authors see them, and the drafts on the way to the next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import exists, select

from quizapp.accounts.models import User
from quizapp.banks.models import BankMedium, BankVersion
from quizapp.db import db
from quizapp.teaching.models import Draft


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One publication in a list; `author` is an e-mail, None where it came with the program or the user is gone."""

    number: int
    published_at: dt.datetime
    author: str | None
    shipped: bool
    counts: dict[str, int]
    pictures: bool


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft of the bank that is not published."""

    code: str
    name: str
    author: str
    changed_at: dt.datetime


def versions(bank_id: int) -> list[VersionLine]:
    """Return the publications of a bank, newest first."""
    pictures = exists().where(
        BankMedium.bank_id == BankVersion.bank_id, BankMedium.version == BankVersion.number
    )
    query = (
        select(
            BankVersion.number,
            BankVersion.published_at,
            User.email,
            BankVersion.shipped,
            BankVersion.counts,
            pictures,
        )
        .outerjoin(User, User.id == BankVersion.author_id)
        .where(BankVersion.bank_id == bank_id)
        .order_by(BankVersion.number.desc())
    )
    return [VersionLine(*row) for row in db.session.execute(query)]


def drafts(bank_id: int) -> list[DraftLine]:
    """Return the drafts of a bank that are not published, the last changed first."""
    query = (
        select(Draft.code, Draft.name, User.email, Draft.changed_at)
        .join(User, User.id == Draft.user_id)
        .where(Draft.bank_id == bank_id, Draft.published_at.is_(None))
        .order_by(Draft.changed_at.desc(), Draft.id.desc())
    )
    return [DraftLine(*row) for row in db.session.execute(query)]
