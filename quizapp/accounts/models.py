"""Tables of people: users sign in, learners answer (a guest is one without a user), sessions tell which."""

from __future__ import annotations

import datetime as dt

from flask_security import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Model, UtcTime


class User(Model, UserMixin):
    """Somebody who signs in. `role` is a `web.access.Role` of LEARNER or above."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[int] = mapped_column(SmallInteger, default=2)
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)

    __table_args__ = (
        CheckConstraint("role BETWEEN 2 AND 4", name="role"),
        {"sqlite_autoincrement": True},  # an id is never given twice: old cookies and logs name it
    )


class Learner(Model):
    """Somebody who answers. Erasing one erases everything they did, by cascade."""

    __tablename__ = "learner"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    time_zone: Mapped[str] = mapped_column(String(64))
    day_start: Mapped[int] = mapped_column(SmallInteger, default=4)
    desired_retention: Mapped[float] = mapped_column(default=0.9)
    new_per_day: Mapped[int] = mapped_column(SmallInteger, default=20)
    minutes_per_day: Mapped[int] = mapped_column(SmallInteger, default=30)
    type_answers: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint("day_start BETWEEN 0 AND 12", name="day_start"),
        CheckConstraint("desired_retention BETWEEN 0.7 AND 0.97", name="desired_retention"),
        CheckConstraint("new_per_day BETWEEN 0 AND 999", name="new_per_day"),
        CheckConstraint("minutes_per_day BETWEEN 1 AND 999", name="minutes_per_day"),
        {"sqlite_autoincrement": True},
    )


class LoginSession(Model):
    """A browser that is somebody. The signed cookie carries the token; only its SHA-256 is kept."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    agent: Mapped[str] = mapped_column(String(200), default="")


class LoginFailure(Model):
    """A wrong password: what was tried against (a hash of the address typed), and from where."""

    __tablename__ = "login_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[bytes] = mapped_column(LargeBinary(32))
    address: Mapped[str] = mapped_column(String(64))
    failed_at: Mapped[dt.datetime] = mapped_column(UtcTime)

    __table_args__ = (Index(None, "account", "failed_at"), Index(None, "address", "failed_at"))


class OneTimeLink(Model):
    """A link that works once: it makes the first administrator, or sets a password. Only its hash is kept."""

    __tablename__ = "one_time_link"

    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    expires_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)

    __table_args__ = (CheckConstraint("purpose IN ('administrator', 'password')", name="purpose"),)


class RegistrationCode(Model):
    """A word a teacher hands out where registration wants a code."""

    __tablename__ = "registration_code"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    uses_left: Mapped[int]
    expires_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)

    __table_args__ = (CheckConstraint("uses_left >= 0", name="uses_left"),)
