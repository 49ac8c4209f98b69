"""The commands about people."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from quizapp.accounts.models import RegistrationCode, User
from quizapp.web.access import Role
from tests.accounts.conftest import Person
from tests.conftest import site_in
from tests.factories.accounts import PASSWORD, create_learner, create_user

Look = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def flask(app: Flask) -> Callable[..., Result]:
    """Run `flask WORDS…`."""
    return lambda *words, given="": app.test_cli_runner().invoke(args=list(words), input=given)


def test_a_user_who_is_added_chooses_a_password_by_the_printed_link(
    flask: Callable[..., Result], person: Person, look: Look
) -> None:
    result = flask("users", "add", "Bea@Example.org", "--role", "instructor")
    assert "Added bea@example.org as instructor." in result.output
    person.sign_in("bea@example.org", "anything at all", status=422)
    link = re.search(r"http://127\.0\.0\.1:8000(/link/\S+)", result.output)[1]
    person.get(link)
    person.post(link, {"password": PASSWORD, "password_confirm": PASSWORD})
    assert person.client.get("/probe/teach").text == "bea@example.org"


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({"host": "0.0.0.0", "port": 81}, "http://127.0.0.1:81"),
        ({"hosts": ("quiz.example",)}, "http://quiz.example:8000"),
        ({"hosts": (".quiz.example",), "proxies": 1}, "https://quiz.example"),
    ],
)
def test_a_printed_link_begins_as_the_address_that_is_told_at_the_start(
    make_app: Callable[..., Flask], settings: dict[str, object], address: str
) -> None:
    result = make_app(**settings).test_cli_runner().invoke(args=("users", "add", "bea@example.org"))
    assert f" {address}/link/" in result.output


def test_a_password_comes_from_standard_input(flask: Callable[..., Result], person: Person) -> None:
    assert (
        "others would try"
        in flask("users", "add", "a@example.org", "--password-stdin", given="password123\n").output
    )
    result = flask("users", "add", "ana@example.org", "--password-stdin", given=f"{PASSWORD}\n")
    assert (result.exit_code, "link" in result.output) == (0, False)
    person.sign_in()
    assert person.is_signed_in()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "ana@example.org"), "There is an account with this e-mail address already."),
        (("add", "ana"), "This is no e-mail address"),
        (("role", "eve@example.org", "learner"), "There is no user eve@example.org."),
        (("reset-link", "eve@example.org"), "There is no user eve@example.org."),
        (("code", "x" * 65), "at most 64 characters"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_and_fails(
    flask: Callable[..., Result], words: tuple[str, ...], said: str
) -> None:
    create_user()
    result = flask("users", *words)
    assert result.exit_code == 1
    assert said in result.output


def test_the_only_administrator_keeps_the_role(flask: Callable[..., Result], look: Look) -> None:
    create_user("root@example.org", role=Role.ADMINISTRATOR)
    result = flask("users", "role", "root@example.org", "learner")
    assert result.exit_code == 1
    assert "Error: This is the only administrator. Make somebody else one first." in result.output
    assert look(select(User.role)) == [(Role.ADMINISTRATOR,)]


def test_a_role_is_changed_and_ends_the_sessions(
    flask: Callable[..., Result], person: Person, look: Look
) -> None:
    create_user()
    person.sign_in()
    assert "is instructor now" in flask("users", "role", "ANA@example.org", "instructor").output
    assert look(select(User.role)) == [(Role.INSTRUCTOR,)]
    assert not person.is_signed_in()


def test_users_are_listed_by_address(flask: Callable[..., Result]) -> None:
    create_user("bea@example.org", role=Role.ADMINISTRATOR)
    create_user("ana@example.org")
    first, second = flask("users", "list").output.splitlines()
    assert first.split()[:2] == ["ana@example.org", "learner"]
    assert second.split()[:2] == ["bea@example.org", "administrator"]


def test_a_code_is_printed_and_kept(flask: Callable[..., Result], look: Look) -> None:
    word = flask("users", "code", "--uses", "30").output.strip()
    assert look(select(RegistrationCode.code, RegistrationCode.uses_left)) == [(word, 30)]


def test_a_dry_sweep_erases_nobody(flask: Callable[..., Result], look: Look) -> None:
    create_learner(at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert flask("guests", "sweep", "--dry-run").output == "Guests who would be erased: 1\n"
    assert flask("guests", "sweep").output == "Guests erased: 1\n"
    assert flask("guests", "sweep").output == "Guests erased: 0\n"


@pytest.mark.parametrize(
    "command", [("guests", "sweep"), ("guests", "sweep", "--dry-run"), ("users", "code", "a")]
)
@pytest.mark.usefixtures("database")
def test_a_database_without_tables_is_told_with_the_command_that_makes_them(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    with site_in(tmp_path) as site:
        refused = site.test_cli_runner().invoke(args=command)
        assert site.test_client().get("/readyz").status_code == 503
    assert refused.exit_code == 1
    assert "make its tables first: flask --app wsgi db upgrade" in refused.output
    assert "retry" not in refused.output
