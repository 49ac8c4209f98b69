"""What is published now, as a publication compares itself with it."""

from __future__ import annotations

from sqlalchemy import select

from quizapp.banks.models import Bank, BankVersion, Note, NoteRevision
from quizapp.banks.publishing.plan import PublishedNote
from quizapp.db import db


def published_bank(slug: str) -> tuple[Bank, BankVersion] | None:
    """Return the bank of this written id with its current version, retired or not; None if never published."""
    query = (
        select(Bank, BankVersion)
        .join(BankVersion, (BankVersion.bank_id == Bank.id) & (BankVersion.number == Bank.version))
        .where(Bank.slug == slug)
    )
    row = db.session.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def published_notes(bank_id: int) -> dict[str, PublishedNote]:
    """Return every note the bank ever had, by written id, in the current order."""
    query = (
        select(
            Note.key,
            Note.id,
            Note.type,
            Note.position,
            Note.revision,
            NoteRevision.sha256,
            Note.retired_at.is_not(None),
        )
        .join(NoteRevision, (NoteRevision.note_id == Note.id) & (NoteRevision.number == Note.revision))
        .where(Note.bank_id == bank_id)
        .order_by(Note.position, Note.id)
    )
    return {key: PublishedNote._make(columns) for key, *columns in db.session.execute(query)}


def was_shipped(sha256: str) -> bool:
    """Whether a bank with this fingerprint was ever published from the program's own folder."""
    query = select(BankVersion.number).where(BankVersion.sha256 == sha256, BankVersion.shipped).limit(1)
    return db.session.execute(query).first() is not None
