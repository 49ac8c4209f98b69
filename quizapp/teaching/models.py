"""Drafts: a bank's file while somebody works on it, from upload to publication."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Model, UtcTime


class Draft(Model):
    """A working copy of a bank's file. Learners never see it; publishing makes it a version of the bank."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(22), unique=True)  # random; what an address names
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    bank_id: Mapped[int | None] = mapped_column(  # None: a bank that is not published yet
        ForeignKey("bank.id"), index=True
    )
    based_on: Mapped[int | None]  # the version it was begun from
    name: Mapped[str] = mapped_column(String(200))  # of the uploaded file
    source: Mapped[bytes] = mapped_column(LargeBinary)
    edits: Mapped[int] = mapped_column(default=0)  # how often it was saved: a second tab is told when behind
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    published_as: Mapped[int | None]  # the version it became


class DraftMedium(Model):
    """A picture that came with a draft."""

    __tablename__ = "draft_medium"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DraftCheck(Model):
    """What a job found in a draft that is too large to be checked while somebody waits."""

    __tablename__ = "draft_check"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True)
    edits: Mapped[int]  # of the draft as it was checked
    found: Mapped[dict[str, Any]] = mapped_column(JSON)
