"""The append-only review log, and its folds: one row per learner and card, one per learner and study day."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Day, Model, UtcTime


class MemoryFields:
    """The fields of `memory.scheduler.Memory`: after a log entry, and now."""

    phase: Mapped[int] = mapped_column(SmallInteger)
    step: Mapped[int | None] = mapped_column(SmallInteger)
    stability: Mapped[float | None]
    difficulty: Mapped[float | None]
    due_on: Mapped[dt.date | None] = mapped_column(Day)
    due_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    last_on: Mapped[dt.date | None] = mapped_column(Day)
    repetitions: Mapped[int] = mapped_column(SmallInteger)
    lapses: Mapped[int] = mapped_column(SmallInteger)
    suspended: Mapped[bool]
    buried_on: Mapped[dt.date | None] = mapped_column(Day)


class Review(MemoryFields, Model):
    """One event in what a learner remembers: an answer, or an undo, reset, suspend, unsuspend or bury.

    Never edited, never deleted except with its learner (two triggers see to that). The row holds the memory
    *after* it; the memory before is that of the row `previous_seq` (the card's last entry before this one, 0 if
    none). Where a guest's log was copied in, before and after are meant in order of time: fold to know.
    """

    __tablename__ = "review"

    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)  # 1, 2, 3 … per learner
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id"))
    kind: Mapped[int] = mapped_column(SmallInteger)  # memory.kinds.ReviewKind
    answer_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    reviewed_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    study_on: Mapped[dt.date] = mapped_column(Day)
    previous_seq: Mapped[int]
    revision: Mapped[int] = mapped_column(SmallInteger)  # of the note, as shown
    # what was answered
    rating: Mapped[int | None] = mapped_column(SmallInteger)  # drill: 1 Again … 4 Easy
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))  # quiz: what was asked
    fraction: Mapped[float | None]  # quiz: 0 … 1
    strict: Mapped[bool | None]  # quiz: partial credit counts as wrong
    guess_chance: Mapped[float | None]  # quiz: chance that a blind guess earns full marks
    thinking_ms: Mapped[int | None]  # capped at 60,000
    hasty: Mapped[bool] = mapped_column(default=False)  # too fast to mean anything; left out of fitting
    sitting_id: Mapped[int | None]  # of the drill (study.sitting) it belongs to
    subject_seq: Mapped[int | None]  # undo: the review undone. A copy: the entry it copies
    origin_learner_id: Mapped[int | None]  # a copy from a guest's log: whose
    parameters: Mapped[int] = mapped_column(SmallInteger)  # version of the scheduler's parameters

    __table_args__ = (
        UniqueConstraint("learner_id", "answer_key"),
        Index("ix_review_card", "learner_id", "card_id", "seq"),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating"),
        CheckConstraint("fraction BETWEEN 0 AND 1", name="fraction"),
        CheckConstraint("guess_chance BETWEEN 0 AND 1", name="guess_chance"),
        CheckConstraint("thinking_ms BETWEEN 0 AND 60000", name="thinking_ms"),
        CheckConstraint("stability > 0 AND stability < 100000", name="stability"),
        CheckConstraint("difficulty BETWEEN 1 AND 10", name="difficulty"),
        {"sqlite_with_rowid": False},
    )


class CardMemory(MemoryFields, Model):
    """What one learner remembers of one card now: the fold of their log up to `last_seq`."""

    __tablename__ = "card_memory"

    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id"), primary_key=True)
    last_seq: Mapped[int]
    queue: Mapped[int] = mapped_column(SmallInteger)  # memory.kinds.Queue

    __table_args__ = (
        Index("ix_card_memory_queue", "learner_id", "queue", "due_on"),
        {"sqlite_with_rowid": False},
    )


class LearnerDay(Model):
    """One study day of one learner: what was done on it, and how many reviews fall due on it."""

    __tablename__ = "learner_day"

    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[dt.date] = mapped_column(Day, primary_key=True)
    due_cards: Mapped[int] = mapped_column(default=0)  # cards in review whose due_on is this day
    new_cards: Mapped[int] = mapped_column(default=0)  # new to the drill; from a quiz: the day after
    reviews: Mapped[int] = mapped_column(default=0)  # answers given
    thinking_ms: Mapped[int] = mapped_column(default=0)
    recalls: Mapped[int] = mapped_column(default=0)  # drilled reviews, a day or more after the last answer
    remembered: Mapped[int] = mapped_column(default=0)  # those of them not rated Again

    __table_args__ = ({"sqlite_with_rowid": False},)
