"""What an administrator sees of people: who has an account, and the codes by which others may get one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from quizapp.accounts.models import Learner, LoginSession, RegistrationCode, User
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.web.access import Role

_USER: tuple[Any, ...] = (User.id, User.email, User.role, User.active, User.created_at, Learner.seen_at)


def users(text: str = "", role: Role | None = None) -> Select[Any]:
    """Return the statement of the users whose address holds `text`, by address."""
    statement = select(*_USER).outerjoin(Learner, Learner.user_id == User.id).order_by(User.email)
    if text:
        statement = statement.where(User.email.icontains(text, autoescape=True))
    return statement if role is None else statement.where(User.role == role)


def user(user_id: int) -> Any:
    """Return one user, with `sessions`, the number of browsers that hold one. Raises NotFound."""
    sessions = (
        select(func.count())
        .where(LoginSession.user_id == User.id)
        .correlate(User)
        .scalar_subquery()
        .label("sessions")
    )
    row = db.session.execute(users().add_columns(sessions).where(User.id == user_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such user.")
    return row


def codes(*, now: dt.datetime) -> Sequence[RegistrationCode]:
    """Return the registration codes that can still be used, by name."""
    alive = RegistrationCode.expires_at.is_(None) | (RegistrationCode.expires_at > now)
    statement = select(RegistrationCode).where(alive, RegistrationCode.uses_left > 0)
    return db.session.scalars(statement.order_by(RegistrationCode.code)).all()
