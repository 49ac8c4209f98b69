"""Work too long for a request: a row says what to do, how far it is, and how it ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Model, UtcTime


class Job(Model):
    """One piece of work. A running job whose heartbeat stopped is begun again by whichever runner looks next."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(22), unique=True)  # random; what an address names
    kind: Mapped[str] = mapped_column(String(32))  # a name registered in app.py
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200))  # what it does, in words
    state: Mapped[str] = mapped_column(String(10))  # a State
    tries: Mapped[int] = mapped_column(default=0)  # how often it was begun
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)  # 0 until known
    message: Mapped[str] = mapped_column(Text, default="")  # how it ended, in a sentence
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    started_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    heartbeat_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)  # when somebody asked it to stop

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state"),
        Index(None, "state", "id"),
    )
