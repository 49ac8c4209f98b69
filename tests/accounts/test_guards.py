"""Who is looking, request by request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from quizapp.accounts import service
from quizapp.accounts.models import Learner, LoginSession, User
from quizapp.db import db
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from tests.accounts.conftest import Person, add_probes
from tests.factories.accounts import create_user

Look = Callable[..., list[tuple[object, ...]]]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def test_a_request_finds_out_who_is_looking_by_one_statement(person: Person, statements: list[str]) -> None:
    create_user()
    person.sign_in()
    person.client.post("/probe/begin", data={"csrf_token": person.token()})
    token = person.token()
    statements.clear()
    assert person.client.post("/probe/begin", data={"csrf_token": token}).status_code == 200
    assert statements[0].startswith("SELECT login_session.id")
    assert len(statements) == 1


def test_a_visitor_costs_no_statement_and_gets_no_row_by_reading(
    person: Person, statements: list[str]
) -> None:
    person.client.get("/login")
    assert person.client.get("/probe/begin").headers["Location"] == "/login?next=/probe/begin"
    assert statements == []


def test_a_post_makes_a_guest_once_in_the_zone_of_their_browser(person: Person, look: Look) -> None:
    first = person.begin("Europe/Zurich")
    assert person.begin("Asia/Tokyo") == first
    assert look(select(Learner.time_zone, Learner.user_id)) == [("Europe/Zurich", None)]


@pytest.mark.parametrize("said", ["", "Mars/Olympus", "../../etc/passwd", "localtime"])
def test_a_zone_that_is_none_becomes_that_of_the_site(make_app: Callable[..., Flask], said: str) -> None:
    person = Person(add_probes(make_app(time_zone="America/Lima")).test_client())
    assert person.post("/probe/begin", {"time_zone": said}).text.endswith("America/Lima")


def test_where_guests_are_off_a_visitor_is_asked_to_sign_in(make_app: Callable[..., Flask]) -> None:
    app = add_probes(make_app(guests=False))
    person = Person(app.test_client())
    answer = person.client.post("/probe/begin", data={"csrf_token": person.token()})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login?next=/")
    with app.app_context():
        assert db.session.scalars(select(Learner.id)).all() == []


def test_a_role_is_read_on_each_request(person: Person) -> None:
    user_id = create_user()
    person.sign_in()
    assert person.client.get("/probe/teach").status_code == 403
    unit.run(lambda: db.session.execute(update(User).values(role=Role.INSTRUCTOR)))
    assert person.client.get("/probe/teach").status_code == 200
    unit.run(lambda: service.change_role(user_id, Role.LEARNER))
    assert person.client.get("/probe/teach").headers["Location"] == "/login?next=/probe/teach"


def test_a_disabled_user_is_out_at_once_and_cannot_come_back(person: Person) -> None:
    create_user()
    person.sign_in()
    unit.run(lambda: db.session.execute(update(User).values(active=False)))
    assert not person.is_signed_in()
    assert "is not right" in person.sign_in(status=422).text


def test_a_session_runs_out_when_it_is_idle(person: Person) -> None:
    create_user(role=Role.INSTRUCTOR)
    with time_machine.travel(now(), tick=False) as clock:
        person.sign_in()
        clock.shift(11 * HOUR)
        assert person.is_signed_in()
        clock.shift(HOUR)
        assert not person.is_signed_in()


def test_presence_is_written_by_a_post_that_writes_and_not_before_it_is_due(
    person: Person, look: Look, statements: list[str]
) -> None:
    start = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        person.begin()
        clock.shift(23 * HOUR)
        person.get("/account")
        person.submit("/account")
        assert look(select(LoginSession.seen_at, Learner.seen_at).join(Learner)) == [(start, start)]
        clock.shift(HOUR)
        person.get("/account")
        assert look(select(LoginSession.seen_at, Learner.seen_at).join(Learner)) == [(start, start)]
        person.submit("/account")
        assert look(select(LoginSession.seen_at, Learner.seen_at).join(Learner)) == [
            (start + DAY, start + DAY)
        ]


@pytest.mark.parametrize("token", ["", "forged", 17, None, ["x"]])
def test_a_token_that_names_no_session_is_a_visitors(person: Person, token: object) -> None:
    with person.client.session_transaction() as cookie:
        cookie["token"] = token
        cookie["_user_id"] = "1"
    assert person.client.get("/account").headers["Location"] == "/login?next=/account"
