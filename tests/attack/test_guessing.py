"""Passwords are guessed slowly, and whoever guesses at somebody's account takes little from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from quizapp import limits
from quizapp.accounts.models import LoginFailure
from quizapp.db import db
from quizapp.web.clock import now
from tests.conftest import site_in
from tests.factories.accounts import PASSWORD, create_user
from tests.reader import Reader, signed_in

GUESSES = 300
ANA = "ana@example.org"
HERE, ELSEWHERE = "203.0.113.1", "203.0.113.2"


@dataclass
class Guesser:
    """A program at `address` that sends one form of signing in after the other."""

    client: FlaskClient
    address: str = HERE
    _token: str = field(init=False)

    def __post_init__(self) -> None:
        self._token = Reader(self.client).token()

    def guess(self, email: str, password: str = "wrong password", **headers: str) -> TestResponse:
        return self.client.post(
            "/login",
            data={"email": email, "password": password, "csrf_token": self._token},
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            environ_overrides={"REMOTE_ADDR": self.address},
        )


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """A clock that stands still, so that a slow machine does not let the guesses run out."""
    with time_machine.travel(now(), tick=False) as coordinates:
        yield coordinates


def counted() -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count(LoginFailure.id))).one()


def assert_told_to_wait(answer: TestResponse, minutes: str) -> None:
    assert answer.status_code == 429
    assert "That was too often in a short time." in answer.text
    assert f"Try again in {minutes}." in answer.text.replace("\N{NO-BREAK SPACE}", " ")
    assert 0 < int(answer.headers["Retry-After"]) <= limits.FAILURE_WINDOW_MINUTES * 60


def test_an_address_has_300_guesses_whatever_it_says_of_itself_and_whoever_is_asked(
    app: Flask, clock: time_machine.Coordinates
) -> None:
    create_user(ANA)
    guesser = Guesser(app.test_client())
    tried = {
        guesser.guess(
            f"a{number}@example.org", X_Forwarded_For=f"10.0.0.{number % 250}", X_Real_IP=f"10.1.{number}"
        ).status_code
        for number in range(GUESSES)
    }
    assert (tried, counted()) == ({422}, GUESSES)
    assert_told_to_wait(guesser.guess(ANA, PASSWORD, X_Forwarded_For="192.0.2.9"), "5 minutes")
    assert_told_to_wait(guesser.guess("new@example.org"), "5 minutes")
    with site_in(app.extensions["settings"].data) as restarted:
        assert_told_to_wait(Guesser(restarted.test_client()).guess(ANA, PASSWORD), "5 minutes")
    assert counted() == GUESSES
    assert Guesser(app.test_client(), ELSEWHERE).guess(ANA, PASSWORD).status_code == 303
    clock.shift(dt.timedelta(minutes=4, seconds=1))
    assert_told_to_wait(guesser.guess(ANA, PASSWORD), "1 minute")
    clock.shift(dt.timedelta(seconds=59))
    assert guesser.guess(ANA, PASSWORD).status_code == 303


def test_300_guesses_at_one_account_from_everywhere_are_ten_and_its_owner_goes_on(
    app: Flask, clock: time_machine.Coordinates
) -> None:
    create_user(ANA)
    ana = signed_in(app.test_client(), ANA)
    strangers = [Guesser(app.test_client(), f"198.51.100.{number}") for number in range(10)]
    spellings = (ANA, "ANA@example.org", " Ana@Example.ORG ", "ana@example.org")
    statuses = [
        strangers[number % 10].guess(spellings[number % 4], f"guess {number}").status_code
        for number in range(GUESSES)
    ]
    allowed = limits.FAILURES_PER_ACCOUNT
    assert statuses == [422] * allowed + [429] * (GUESSES - allowed)
    assert counted() == allowed
    ana.get("/account")
    assert "Saved." in ana.submit("/account", {"new_per_day": "7"}).text
    owner = Guesser(app.test_client(), ELSEWHERE)
    assert_told_to_wait(owner.guess(ANA, PASSWORD), "5 minutes")  # which nobody could tell from a guess
    assert owner.guess("bea@example.org").status_code == 422
    clock.shift(dt.timedelta(minutes=4, seconds=59))
    assert {stranger.guess(ANA).status_code for stranger in strangers} == {429}
    clock.shift(dt.timedelta(seconds=1))  # guesses that were not tried make nobody wait
    assert owner.guess(ANA, PASSWORD).status_code == 303
