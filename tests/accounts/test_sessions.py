import datetime as dt

import pytest

from quizapp.accounts.sessions import is_alive, is_worth_noting
from quizapp.web.access import Role

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.mark.parametrize("role", [Role.GUEST, Role.LEARNER])
def test_a_learners_session_lasts_30_idle_days_and_180_in_all(role: Role) -> None:
    assert is_alive(role, created_at=NOW - 179 * DAY, seen_at=NOW - 29 * DAY, now=NOW)
    assert not is_alive(role, created_at=NOW - 40 * DAY, seen_at=NOW - 30 * DAY, now=NOW)
    assert not is_alive(role, created_at=NOW - 180 * DAY, seen_at=NOW, now=NOW)


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ADMINISTRATOR])
def test_a_session_of_staff_lasts_12_idle_hours_and_30_days_in_all(role: Role) -> None:
    assert is_alive(role, created_at=NOW - 29 * DAY, seen_at=NOW - 11 * HOUR, now=NOW)
    assert not is_alive(role, created_at=NOW - DAY, seen_at=NOW - 12 * HOUR, now=NOW)
    assert not is_alive(role, created_at=NOW - 30 * DAY, seen_at=NOW, now=NOW)


def test_presence_is_written_once_a_day_and_for_staff_every_quarter_of_an_hour() -> None:
    assert not is_worth_noting(Role.LEARNER, seen_at=NOW - 23 * HOUR, now=NOW)
    assert is_worth_noting(Role.LEARNER, seen_at=NOW - DAY, now=NOW)
    assert not is_worth_noting(Role.INSTRUCTOR, seen_at=NOW - HOUR / 5, now=NOW)
    assert is_worth_noting(Role.INSTRUCTOR, seen_at=NOW - HOUR / 4, now=NOW)
