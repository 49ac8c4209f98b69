"""What an administrator does about people, besides `accounts.service.change_role` and `issue_password_link`."""

from __future__ import annotations

from sqlalchemy import delete, update

from quizapp.accounts import service as accounts
from quizapp.accounts.models import LoginSession, RegistrationCode, User
from quizapp.db import db


def disable(user_id: int) -> None:
    """Let a user in no more, and end their sessions; what they did stays. Raises LastAdministrator."""
    accounts.keep_an_administrator(besides=user_id)
    db.session.execute(update(User).where(User.id == user_id).values(active=False))
    end_sessions(user_id)


def enable(user_id: int) -> None:
    """Let a user in again."""
    db.session.execute(update(User).where(User.id == user_id).values(active=True))


def end_sessions(user_id: int) -> None:
    """Sign a user out everywhere."""
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user_id))


def revoke_code(code: str) -> None:
    """Let nobody sign up with this code any more; who did keeps the account."""
    db.session.execute(delete(RegistrationCode).where(RegistrationCode.code == code))
