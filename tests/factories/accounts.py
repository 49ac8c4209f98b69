"""People for tests."""

from __future__ import annotations

import datetime as dt
import uuid

from flask_security import hash_password

from quizapp.accounts import queries, service
from quizapp.accounts.service import Credentials
from quizapp.accounts.viewer import LearnerSettings
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now

PASSWORD = "seven grey herons"


def create_user(
    email: str = "ana@example.org",
    *,
    role: Role = Role.LEARNER,
    password: str = PASSWORD,
    time_zone: str = "UTC",
    at: dt.datetime | None = None,
) -> int:
    """Add a user with a learner; return the user's id."""
    credentials = Credentials(hash_password(password), uuid.uuid4().hex)
    return unit.run(
        lambda: service.sign_up(
            email=email, credentials=credentials, role=role, time_zone=time_zone, now=at or now()
        )
    )


def create_learner(*, time_zone: str = "UTC", at: dt.datetime | None = None) -> LearnerSettings:
    """Add a guest learner."""
    return unit.run(lambda: service.begin_guest(time_zone=time_zone, now=at or now()))


def learner_of(user_id: int) -> LearnerSettings:
    """Return a user's learner."""
    learner = queries.learner_settings(queries.learner_of(user_id))
    assert learner is not None
    return learner
