"""How long a browser stays signed in, by role; and the token that names its session."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from quizapp import limits
from quizapp.web.access import Role

_IDLE = dt.timedelta(days=limits.SESSION_IDLE_DAYS)
_STAFF_IDLE = dt.timedelta(hours=limits.STAFF_SESSION_IDLE_HOURS)
_ABSOLUTE = dt.timedelta(days=limits.SESSION_DAYS)
_STAFF_ABSOLUTE = dt.timedelta(days=limits.STAFF_SESSION_DAYS)
_NOTED_EVERY = dt.timedelta(days=1)
_STAFF_NOTED_EVERY = dt.timedelta(minutes=15)


def new_token() -> str:
    """Return a fresh secret of 256 bits: it names a session or a one-time link, and only its hash is kept."""
    return secrets.token_urlsafe(32)


def token_sha256(token: str) -> bytes:
    """Return what the database keeps of a token; a slow hash is not needed for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def is_alive(role: Role, *, created_at: dt.datetime, seen_at: dt.datetime, now: dt.datetime) -> bool:
    """Return whether a session still counts: not idle for too long, not too old; staff have less time."""
    staff = role >= Role.INSTRUCTOR
    idle, absolute = (_STAFF_IDLE, _STAFF_ABSOLUTE) if staff else (_IDLE, _ABSOLUTE)
    return now - seen_at < idle and now - created_at < absolute


def is_worth_noting(role: Role, *, seen_at: dt.datetime, now: dt.datetime) -> bool:
    """Return whether `seen_at` is old enough to be written again; most requests write nothing."""
    return now - seen_at >= (_STAFF_NOTED_EVERY if role >= Role.INSTRUCTOR else _NOTED_EVERY)
