"""Attempts, the items as they were asked, and the append-only log of responses."""

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
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Day, Model, UtcTime

ONLY_MISSED = "missed"  # in `selection["only"]` of an attempt that takes again what was missed


class Attempt(Model):
    """One sitting of a quiz. `points` and `duration_ms` are set once, when it is finished."""

    __tablename__ = "attempt"

    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)  # 1, 2, 3 … per learner
    code: Mapped[str] = mapped_column(String(22), unique=True)  # random; what an address names
    mode: Mapped[str] = mapped_column(String(16))  # a name in quizzes.modes
    title: Mapped[str] = mapped_column(String(200))
    selection: Mapped[dict[str, Any]] = mapped_column(JSON)  # what was asked for: a Wish, or what is retaken
    seed: Mapped[int] = mapped_column(BigInteger)
    item_count: Mapped[int]
    retake_of: Mapped[int | None]  # the first attempt at the same set of items
    started_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    started_on: Mapped[dt.date] = mapped_column(Day)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    points: Mapped[float | None]
    answered: Mapped[int | None]
    duration_ms: Mapped[int | None]  # time spent on its items, not time passed

    __table_args__ = (
        ForeignKeyConstraint(["learner_id", "retake_of"], ["attempt.learner_id", "attempt.id"]),
        Index(None, "learner_id", "started_at"),
        Index(
            "ix_attempt_open",
            "learner_id",
            "started_at",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )


class AttemptItem(Model):
    """One item as it was asked, with everything needed to show and mark it for ever. Immutable."""

    __tablename__ = "attempt_item"

    learner_id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)  # from 1
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id"))  # the evidence card
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    revision: Mapped[int] = mapped_column(SmallInteger)  # of the note
    type: Mapped[str] = mapped_column(String(16))
    seed: Mapped[int] = mapped_column(BigInteger)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "attempt_id"], ["attempt.learner_id", "attempt.id"], ondelete="CASCADE"
        ),
        Index(None, "learner_id", "item_id"),
    )


class ItemResponse(Model):
    """One answer to one position of an attempt; the last one of a position counts. Never edited."""

    __tablename__ = "response"

    learner_id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)  # 1, 2, 3 … per learner
    attempt_id: Mapped[int]
    position: Mapped[int] = mapped_column(SmallInteger)
    answer_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    answer: Mapped[list[str]] = mapped_column(JSON)  # as sent: option ids
    fraction: Mapped[float]
    responded_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    thinking_ms: Mapped[int | None]  # spent on the position until then, in all visits

    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "attempt_id", "position"],
            ["attempt_item.learner_id", "attempt_item.attempt_id", "attempt_item.position"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("learner_id", "answer_key"),
        Index(None, "learner_id", "attempt_id", "position"),
        CheckConstraint("fraction BETWEEN 0 AND 1", name="fraction"),
    )


class AttemptTime(Model):
    """The time spent on one position of an attempt, answered or not, counted up to `counted_at`."""

    __tablename__ = "attempt_time"

    learner_id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    spent_ms: Mapped[int]
    counted_at: Mapped[dt.datetime] = mapped_column(UtcTime)

    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "attempt_id", "position"],
            ["attempt_item.learner_id", "attempt_item.attempt_id", "attempt_item.position"],
            ondelete="CASCADE",
        ),
    )


class AttemptFlag(Model):
    """A position the learner marked to look at again before submitting."""

    __tablename__ = "attempt_flag"

    learner_id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "attempt_id", "position"],
            ["attempt_item.learner_id", "attempt_item.attempt_id", "attempt_item.position"],
            ondelete="CASCADE",
        ),
    )


class AttemptBank(Model):
    """The share of one bank in one attempt: how many items, and how many points once finished."""

    __tablename__ = "attempt_bank"

    learner_id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(primary_key=True)
    items: Mapped[int]
    points: Mapped[float | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "attempt_id"], ["attempt.learner_id", "attempt.id"], ondelete="CASCADE"
        ),
        Index(None, "learner_id", "attempt_id"),
    )
