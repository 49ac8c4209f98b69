"""Use cases that change who is who. The caller has hashed passwords before the unit of work begins."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import CursorResult, Executable, delete, insert, or_, update
from sqlalchemy.exc import IntegrityError

from quizapp import limits
from quizapp.accounts import queries
from quizapp.accounts.models import (
    Learner,
    LoginFailure,
    LoginSession,
    OneTimeLink,
    RegistrationCode,
    User,
)
from quizapp.accounts.sessions import new_token, token_sha256
from quizapp.accounts.viewer import LearnerSettings
from quizapp.db import db, take_turns
from quizapp.errors import Conflict, Invalid, NotAllowed, NotFound
from quizapp.web.access import Role


class AddressTaken(Conflict):
    """Somebody has an account with this address already."""


class SpentLink(NotFound):
    """A one-time link that was used, or has run out."""

    remedy = "Whoever gave you the link can make another."

    def __init__(self) -> None:
        super().__init__("This link was used already or is too old.")


class LastAdministrator(Conflict):
    """Without this user nobody could administer the site."""


class TooManyFailures(NotAllowed):
    """Too many wrong passwords; `until` says when the next may be tried."""

    def __init__(self, until: dt.datetime) -> None:
        super().__init__("Too many wrong passwords. Wait a few minutes, then try again.")
        self.until = until


@dataclass(frozen=True, slots=True)
class Credentials:
    """A password as it is kept. `uniquifier` ends every link that was mailed for an older one."""

    password_hash: str | None
    uniquifier: str


def begin_guest(*, time_zone: str, now: dt.datetime) -> LearnerSettings:
    """Add a learner who belongs to no user."""
    learner = _add_learner(user_id=None, time_zone=time_zone, now=now)
    settings = queries.learner_settings(learner)
    assert settings is not None
    return settings


def sign_up(
    *,
    email: str,
    credentials: Credentials,
    role: Role,
    time_zone: str,
    now: dt.datetime,
    guest_id: int | None = None,
    code: str | None = None,
) -> int:
    """Add a user and return its id. The guest `guest_id` becomes their learner and keeps everything.

    `code` is a registration code, where one is wanted; it is spent. Raises AddressTaken, or Invalid (code).
    """
    if code is not None:
        _spend(code, now=now)
    user = User(
        email=email,
        password=credentials.password_hash,
        fs_uniquifier=credentials.uniquifier,
        role=role,
        created_at=now,
    )
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise AddressTaken("There is an account with this e-mail address already.") from error
    if guest_id is None or not _give_learner(guest_id, user_id=user.id):
        _add_learner(user_id=user.id, time_zone=time_zone, now=now)
    return user.id


def open_session(*, token: str, learner_id: int, user_id: int | None, agent: str, now: dt.datetime) -> int:
    """Let the browser that holds `token` be this learner; return the session's id."""
    row = LoginSession(
        token_sha256=token_sha256(token),
        learner_id=learner_id,
        user_id=user_id,
        created_at=now,
        seen_at=now,
        agent=agent[:200],
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def note_seen(*, session_id: int, learner_id: int, now: dt.datetime) -> None:
    """Record that a session and its learner are in use."""
    db.session.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))
    db.session.execute(update(Learner).where(Learner.id == learner_id).values(seen_at=now))


def end_session(session_id: int, *, learner_id: int) -> bool:
    """End one session of the learner, and every copy of its cookie; False if they have no such session."""
    return bool(
        _count(
            delete(LoginSession).where(LoginSession.id == session_id, LoginSession.learner_id == learner_id)
        )
    )


def end_other_sessions(*, learner_id: int, kept_id: int | None) -> int:
    """End every session of the learner but `kept_id`; return how many."""
    condition = LoginSession.learner_id == learner_id
    if kept_id is not None:
        condition &= LoginSession.id != kept_id
    return _count(delete(LoginSession).where(condition))


def set_password(user_id: int, credentials: Credentials) -> None:
    """Give a user a new password and end all their sessions."""
    db.session.execute(
        update(User)
        .where(User.id == user_id)
        .values(password=credentials.password_hash, fs_uniquifier=credentials.uniquifier)
    )
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user_id))


def rehash_password(user_id: int, password_hash: str) -> None:
    """Keep the same password under today's hashing cost; nobody is signed out."""
    db.session.execute(update(User).where(User.id == user_id).values(password=password_hash))


def change_role(user_id: int, role: Role) -> None:
    """Give a user another role and end all their sessions. Raises LastAdministrator."""
    if role < Role.ADMINISTRATOR:
        keep_an_administrator(besides=user_id)
    db.session.execute(update(User).where(User.id == user_id).values(role=role))
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user_id))


def keep_an_administrator(*, besides: int) -> None:
    """Raise LastAdministrator if nobody but the user `besides`, who is about to lose the right, administers here."""
    if queries.administrators() == {besides}:
        raise LastAdministrator("This is the only administrator. Make somebody else one first.")


def change_settings(
    learner_id: int,
    *,
    time_zone: str,
    day_start: int,
    desired_retention: float,
    new_per_day: int,
    minutes_per_day: int,
    type_answers: bool,
) -> None:
    """Record what a learner chose; the form has checked the ranges, the schema holds them."""
    db.session.execute(
        update(Learner)
        .where(Learner.id == learner_id)
        .values(
            time_zone=time_zone,
            day_start=day_start,
            desired_retention=desired_retention,
            new_per_day=new_per_day,
            minutes_per_day=minutes_per_day,
            type_answers=type_answers,
        )
    )


def set_type_answers(learner_id: int, wanted: bool) -> None:
    """Keep whether the learner types answers in a drill."""
    db.session.execute(update(Learner).where(Learner.id == learner_id).values(type_answers=wanted))


def erase_learner(learner_id: int, *, user_id: int | None) -> None:
    """Erase a learner, their user and, by cascade, everything they ever did."""
    db.session.execute(delete(Learner).where(Learner.id == learner_id))
    if user_id is not None:
        db.session.execute(delete(User).where(User.id == user_id))


def begin_attempt(*, account: bytes, address: str, now: dt.datetime) -> int:
    """Count an attempt at a password as failed before it is tried, and return its id for `forgive_attempt`.

    Counting first leaves no gap in which a hundred parallel guesses see an empty counter.
    Raises TooManyFailures.
    """
    take_turns(db.session.connection(), "attempts at passwords")
    if until := queries.blocked_until(account=account, address=address, now=now):
        raise TooManyFailures(until)
    row = LoginFailure(account=account, address=address[:64], failed_at=now)
    db.session.add(row)
    db.session.flush()
    return row.id


def forgive_attempt(attempt_id: int) -> None:
    """Take back an attempt: its password was right."""
    db.session.execute(delete(LoginFailure).where(LoginFailure.id == attempt_id))


def forgive_account(account: bytes) -> None:
    """Take back every failed attempt at an account: its holder has proved themselves otherwise."""
    db.session.execute(delete(LoginFailure).where(LoginFailure.account == account))


def issue_administrator_link(*, now: dt.datetime) -> str:
    """Make a link that makes the first administrator, and return its token; older ones stop working."""
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.purpose == "administrator"))
    return _add_link(purpose="administrator", user_id=None, now=now)


def issue_password_link(user_id: int, *, now: dt.datetime) -> str:
    """Make a link by which a user sets a password, and return its token; older ones stop working."""
    db.session.execute(
        delete(OneTimeLink).where(OneTimeLink.purpose == "password", OneTimeLink.user_id == user_id)
    )
    return _add_link(purpose="password", user_id=user_id, now=now)


def use_link(
    token: str, *, email: str | None, credentials: Credentials, time_zone: str, now: dt.datetime
) -> int:
    """Use a one-time link and return the id of the user who may now sign in.

    A password link sets the password of its user. An administrator link makes a new user with `email`, or
    lifts the account that has the address. Raises NotFound when the link was used or has run out.
    """
    digest = token_sha256(token)
    link = queries.usable_link(digest, now=now)
    claim = update(OneTimeLink).where(OneTimeLink.token_sha256 == digest, OneTimeLink.used_at.is_(None))
    if link is None or _count(claim.values(used_at=now)) == 0:
        raise SpentLink
    if link.user_id is not None:
        set_password(link.user_id, credentials)
        return link.user_id
    if queries.administrator_exists():
        raise Conflict("This site has an administrator already.")
    assert email is not None
    if (user := queries.user_by_email(email)) is not None:
        set_password(user.id, credentials)
        change_role(user.id, Role.ADMINISTRATOR)
        return user.id
    return sign_up(
        email=email, credentials=credentials, role=Role.ADMINISTRATOR, time_zone=time_zone, now=now
    )


def add_code(code: str, *, uses: int, expires_at: dt.datetime | None) -> None:
    """Add a registration code, or give an existing one these uses and this end."""
    db.session.merge(RegistrationCode(code=code, uses_left=uses, expires_at=expires_at))


def sweep(*, guests_before: dt.datetime, now: dt.datetime) -> int:
    """Erase guests last seen before `guests_before`, and what has run out; return how many guests.

    What has run out: sessions, one-time links, and failures that no longer count.
    """
    guests = _count(delete(Learner).where(Learner.user_id.is_(None), Learner.seen_at < guests_before))
    db.session.execute(
        delete(LoginSession).where(
            or_(
                LoginSession.created_at < now - dt.timedelta(days=limits.SESSION_DAYS),
                LoginSession.seen_at < now - dt.timedelta(days=limits.SESSION_IDLE_DAYS),
            )
        )
    )
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now))
    db.session.execute(
        delete(LoginFailure).where(
            LoginFailure.failed_at < now - dt.timedelta(minutes=limits.FAILURE_WINDOW_MINUTES)
        )
    )
    return guests


def _add_learner(*, user_id: int | None, time_zone: str, now: dt.datetime) -> int:
    learner = Learner(user_id=user_id, created_at=now, seen_at=now, time_zone=time_zone)
    db.session.add(learner)
    db.session.flush()
    return learner.id


def _give_learner(guest_id: int, *, user_id: int) -> bool:
    """Make a guest the learner of `user_id` and end their sessions; False if they are no guest any more."""
    claim = update(Learner).where(Learner.id == guest_id, Learner.user_id.is_(None)).values(user_id=user_id)
    if _count(claim) == 0:
        return False
    db.session.execute(delete(LoginSession).where(LoginSession.learner_id == guest_id))
    return True


def _spend(code: str, *, now: dt.datetime) -> None:
    spent = _count(
        update(RegistrationCode)
        .where(
            RegistrationCode.code == code,
            RegistrationCode.uses_left > 0,
            or_(RegistrationCode.expires_at.is_(None), RegistrationCode.expires_at > now),
        )
        .values(uses_left=RegistrationCode.uses_left - 1)
    )
    if spent == 0:
        message = "This code is not known or was used up. Ask the person who gave it to you."
        raise Invalid(message, {"code": message})


def _count(statement: Executable) -> int:
    """Run a DELETE or UPDATE and return how many rows it met."""
    result = db.session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount


def _add_link(*, purpose: str, user_id: int | None, now: dt.datetime) -> str:
    token = new_token()
    db.session.execute(
        insert(OneTimeLink).values(
            token_sha256=token_sha256(token),
            purpose=purpose,
            user_id=user_id,
            expires_at=now + dt.timedelta(hours=limits.LINK_HOURS),
        )
    )
    return token
