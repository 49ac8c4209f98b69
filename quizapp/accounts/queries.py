"""Every SELECT about people. The one that runs on each request is Core, built once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, or_, select

from quizapp import limits
from quizapp.accounts.models import Learner, LoginFailure, LoginSession, OneTimeLink, User
from quizapp.accounts.viewer import LearnerSettings, Viewer
from quizapp.db import db
from quizapp.prepared import Prepared
from quizapp.web.access import Role

# Tables, not models: a statement of Core costs half of one of the ORM, and one of these runs on each request.
_session, _user, _learner = (model.__table__.c for model in (LoginSession, User, Learner))

_LEARNER_COLUMNS = (
    _learner.id,
    _learner.time_zone,
    _learner.day_start,
    _learner.desired_retention,
    _learner.new_per_day,
    _learner.minutes_per_day,
    _learner.type_answers,
)

# A guest's session dies the moment their learner gets a user: whoever else holds its cookie must sign in.
_VIEWER = Prepared(
    select(
        _session.id,
        _session.created_at,
        _session.seen_at,
        _user.id,
        _user.role,
        _user.email,
        *_LEARNER_COLUMNS,
    )
    .select_from(LoginSession.__table__)
    .join(Learner.__table__, _learner.id == _session.learner_id)
    .outerjoin(User.__table__, _user.id == _session.user_id)
    .where(
        _session.token_sha256 == bindparam("token_sha256"),
        _learner.user_id.is_not_distinct_from(_session.user_id),
        or_(_user.id.is_(None), _user.active),
    )
)


@dataclass(frozen=True, slots=True)
class SessionState:
    """Who a browser is, and since when."""

    viewer: Viewer
    created_at: dt.datetime
    seen_at: dt.datetime


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One line of "where you are signed in"."""

    id: int
    created_at: dt.datetime
    seen_at: dt.datetime
    agent: str


@dataclass(frozen=True, slots=True)
class UserRow:
    """One user, for the people who run the site."""

    id: int
    email: str
    role: Role
    active: bool
    created_at: dt.datetime
    seen_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link that may still be used; an administrator who is to come has no `user_id` or `email`."""

    purpose: str
    user_id: int | None
    email: str | None


def session_state(token_sha256: bytes) -> SessionState | None:
    """Return who the session is, with user and learner in one statement, whether or not it has run out."""
    rows = _VIEWER.all_alone(token_sha256=token_sha256)
    if not rows:
        return None
    session_id, created_at, seen_at, user_id, role, email, *learner = rows[0]
    viewer = Viewer(
        role=Role.GUEST if user_id is None else Role(role),
        learner=LearnerSettings(*learner),
        user_id=user_id,
        email=email,
        session_id=session_id,
    )
    return SessionState(viewer, created_at, seen_at)


def learner_settings(learner_id: int) -> LearnerSettings | None:
    """Return a learner and what they chose."""
    row = db.session.execute(select(*_LEARNER_COLUMNS).where(_learner.id == learner_id)).one_or_none()
    return None if row is None else LearnerSettings(*row)


def user_by_email(email: str) -> User | None:
    """Return the user of an address as it is kept: lower case."""
    return db.session.scalar(select(User).where(User.email == email))


def user_by_uniquifier(uniquifier: str) -> User | None:
    """Return the user whom a link in a mail names."""
    return db.session.scalar(select(User).where(User.fs_uniquifier == uniquifier))


def user_by_id(user_id: int) -> User | None:
    """Return the user with this id."""
    return db.session.get(User, user_id)


def role_of(user_id: int) -> Role | None:
    """Return what a user may do now; None where they are shut out or gone."""
    role = db.session.scalar(select(User.role).where(User.id == user_id, User.active))
    return None if role is None else Role(role)


def learner_of(user_id: int) -> int:
    """Return the id of the user's learner; each user has one."""
    return db.session.scalars(select(Learner.id).where(Learner.user_id == user_id)).one()


def address_of(learner_id: int) -> str | None:
    """Return where mail reaches a learner; None for guests and for users who are shut out."""
    query = select(User.email).join(Learner, Learner.user_id == User.id)
    return db.session.scalar(query.where(Learner.id == learner_id, User.active))


def guests_among(learner_ids: Collection[int]) -> list[int]:
    """Return those of the learners that are there and belong to no user, the first come first."""
    guests = select(Learner.id).where(Learner.id.in_(learner_ids), Learner.user_id.is_(None))
    return list(db.session.scalars(guests.order_by(Learner.id)))


def sessions_of(learner_id: int) -> Sequence[SessionRow]:
    """Return where the learner is signed in, the latest first."""
    statement = (
        select(LoginSession.id, LoginSession.created_at, LoginSession.seen_at, LoginSession.agent)
        .where(LoginSession.learner_id == learner_id)
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
    )
    return [SessionRow(*row) for row in db.session.execute(statement)]


def users() -> Sequence[UserRow]:
    """Return all users by address; `seen_at` is accurate to a day for learners."""
    statement = (
        select(User.id, User.email, User.role, User.active, User.created_at, Learner.seen_at)
        .outerjoin(Learner, Learner.user_id == User.id)
        .order_by(User.email)
    )
    return [
        UserRow(user_id, email, Role(role), active, created_at, seen_at)
        for user_id, email, role, active, created_at, seen_at in db.session.execute(statement)
    ]


def administrator_exists() -> bool:
    """Return whether somebody can administer the site."""
    statement = select(User.id).where(User.role == Role.ADMINISTRATOR, User.active).limit(1)
    return db.session.scalar(statement) is not None


def administrators() -> set[int]:
    """Return the ids of those who can administer the site, held so that two of them cannot leave at once."""
    statement = select(User.id).where(User.role == Role.ADMINISTRATOR, User.active).with_for_update()
    return set(db.session.scalars(statement))


def usable_link(token_sha256: bytes, *, now: dt.datetime) -> Link | None:
    """Return the one-time link unless it was used or has run out."""
    row = db.session.execute(
        select(OneTimeLink.purpose, OneTimeLink.user_id, User.email)
        .outerjoin(User, User.id == OneTimeLink.user_id)
        .where(
            OneTimeLink.token_sha256 == token_sha256,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
        )
    ).one_or_none()
    return None if row is None else Link(*row)


def blocked_until(*, account: bytes, address: str, now: dt.datetime) -> dt.datetime | None:
    """Return when the next password may be tried for `account` from `address`, or None if at once.

    That is when the oldest failure that fills the allowance leaves the window.
    """
    window = dt.timedelta(minutes=limits.FAILURE_WINDOW_MINUTES)
    ends = [
        failed_at + window
        for condition, allowed in (
            (LoginFailure.account == account, limits.FAILURES_PER_ACCOUNT),
            (LoginFailure.address == address, limits.FAILURES_PER_ADDRESS),
        )
        if (
            failed_at := db.session.scalar(
                select(LoginFailure.failed_at)
                .where(condition, LoginFailure.failed_at > now - window)
                .order_by(LoginFailure.failed_at.desc())
                .offset(allowed - 1)
                .limit(1)
            )
        )
    ]
    return max(ends, default=None)


def stale_guests(*, before: dt.datetime) -> int:
    """Return how many guests were last seen before `before`."""
    statement = select(func.count()).where(Learner.user_id.is_(None), Learner.seen_at < before)
    return db.session.scalars(statement).one()
