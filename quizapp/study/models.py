"""Drill sittings: what a learner set out to study, and when they stopped."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Model, UtcTime


class Sitting(Model):
    """One drill: its scope, its seed, its beginning and end. Its answers are the reviews that name it."""

    __tablename__ = "sitting"

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    scope: Mapped[dict[str, Any]] = mapped_column(JSON)  # study.scope.Scope: banks, tag, cards, order
    seed: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    start_seq: Mapped[int]  # the learner's last log entry before it began

    __table_args__ = (Index(None, "learner_id", "started_at"),)
