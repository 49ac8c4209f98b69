"""Tables of content, shared by all learners. Nothing here is deleted: banks, notes, cards and items are retired."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Model, UtcTime


class Bank(Model):
    """A topic a learner can choose, under its permanent written id (`slug`)."""

    __tablename__ = "bank"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    version: Mapped[int]  # the number of the current BankVersion
    visibility: Mapped[int] = mapped_column(SmallInteger, default=2)  # banks.visibility.Visibility
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    retired_at: Mapped[dt.datetime | None] = mapped_column(
        UtcTime
    )  # archived: out of sight, history unchanged

    __table_args__ = (
        CheckConstraint("visibility BETWEEN 0 AND 2", name="visibility"),
        Index("ix_bank_offered", "retired_at", "visibility", "owner_id"),
    )


class BankAuthor(Model):
    """A user who may change a bank besides its owner."""

    __tablename__ = "bank_author"

    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)

    __table_args__ = (Index(None, "user_id"),)


class BankVersion(Model):
    """One publication: the bytes as uploaded, and what its notes share. Immutable."""

    __tablename__ = "bank_version"

    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    shipped: Mapped[bool]  # it came with the program, in question_banks/
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    published_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    language: Mapped[str] = mapped_column(String(16))
    license: Mapped[str] = mapped_column(String(100))
    notice: Mapped[str] = mapped_column(Text)
    authors: Mapped[list[str]] = mapped_column(JSON)
    sources: Mapped[dict[str, Any]] = mapped_column(JSON)  # name → {title, author, published, url, accessed}
    pools: Mapped[dict[str, Any]] = mapped_column(JSON)  # name → list of options in long form
    counts: Mapped[dict[str, int]] = mapped_column(
        JSON
    )  # new, changed, retired, unchanged, notes, cards, items
    tags: Mapped[list[list[Any]]] = mapped_column(
        JSON
    )  # [tag, drilled cards, items], in order of first appearance


class Note(Model):
    """One thing worth knowing, under its written id (`key`), which is permanent in its bank."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    key: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(16))
    position: Mapped[int]
    revision: Mapped[int]  # the number of the current NoteRevision
    retired_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)

    __table_args__ = (UniqueConstraint("bank_id", "key"),)


class NoteRevision(Model):
    """One wording of a note: its canonical content, a pure function of what was written. Immutable."""

    __tablename__ = "note_revision"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    bank_version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))


class NoteTag(Model):
    """A tag of a published note."""

    __tablename__ = "note_tag"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]  # 0 is the note's first tag: the topic of a one-bank drill

    __table_args__ = (Index(None, "tag", "note_id"),)


class Card(Model):
    """One thing to recall, in one direction, under its derived key. `hidden`: it only carries evidence."""

    __tablename__ = "card"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), index=True)
    key: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]  # the order in which new cards are met, within the bank
    hidden: Mapped[bool]
    prompt: Mapped[str] = mapped_column(Text)  # plain text, for lists
    answer: Mapped[str] = mapped_column(Text)
    search: Mapped[str] = mapped_column(Text)  # both, as banks.norm.folded
    retired_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)

    __table_args__ = (
        UniqueConstraint("bank_id", "key"),
        Index("ix_card_drilled", "bank_id", "hidden", "retired_at", "position"),
    )


class Item(Model):
    """One thing to ask in a quiz, under its derived key; `draw_order` is a hash that makes sampling an index walk."""

    __tablename__ = "item"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"))
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id"), index=True)  # the evidence card
    key: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(16))
    draw_order: Mapped[int] = mapped_column(BigInteger)
    retired_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)

    __table_args__ = (
        UniqueConstraint("bank_id", "key"),
        Index("ix_item_drawn", "bank_id", "retired_at", "draw_order"),
    )


class Medium(Model):
    """A picture of a bank version, by the hash of its bytes."""

    __tablename__ = "medium"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))  # the media type, found from the bytes
    content: Mapped[bytes] = mapped_column(LargeBinary)


class BankMedium(Model):
    """The path under which a bank version names a picture."""

    __tablename__ = "bank_medium"

    bank_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("medium.sha256"))

    __table_args__ = (
        ForeignKeyConstraint(["bank_id", "version"], ["bank_version.bank_id", "bank_version.number"]),
        Index(None, "sha256"),
    )


class ProblemReport(Model):
    """A learner's word that something is wrong with a note, with what they saw."""

    __tablename__ = "problem_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"))
    revision: Mapped[int]
    key: Mapped[str] = mapped_column(String(200))  # the card's or item's derived key
    kind: Mapped[str] = mapped_column(String(8))
    message: Mapped[str] = mapped_column(Text)
    shown: Mapped[dict[str, Any]] = mapped_column(JSON)
    reported_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    reply: Mapped[str | None] = mapped_column(Text)
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    replied_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    fixed_in: Mapped[int | None]  # the version of the bank that mends it
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    seen_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)  # when the learner saw the reply

    __table_args__ = (
        CheckConstraint("kind IN ('card', 'item')", name="kind"),
        Index(None, "note_id", "closed_at"),
    )
