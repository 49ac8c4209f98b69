"""Signing in and up, seen from the browser."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from quizapp.accounts import service
from quizapp.accounts.models import Learner, LoginFailure, LoginSession, OneTimeLink, User
from quizapp.accounts.service import Credentials
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from tests.accounts.conftest import Person
from tests.factories.accounts import PASSWORD, create_user

Look = Callable[..., list[tuple[object, ...]]]
WRONG = "The e-mail address or the password is not right."


def test_a_guest_who_signs_up_keeps_their_learner_and_its_time_zone(person: Person, look: Look) -> None:
    guest = person.begin("Europe/Zurich")
    page = person.sign_up("Ana@Example.org", time_zone="Asia/Tokyo")
    assert "what you did so far is in it" in page.text
    assert look(select(Learner.id, Learner.time_zone, User.email).join(User)) == [
        (guest, "Europe/Zurich", "ana@example.org")
    ]


def test_whoever_holds_the_guests_old_cookie_does_not_share_the_new_account(
    person: Person, another: Callable[[], Person]
) -> None:
    person.begin()
    thief = another()
    thief.client.set_cookie("session", person.cookie())
    assert thief.client.get("/account").status_code == 200
    person.sign_up()
    assert thief.client.get("/account").status_code == 302


def test_signing_in_changes_the_token_and_the_form_token(person: Person, app: Flask) -> None:
    create_user()
    person.get("/login")
    before = person.token()
    person.sign_in()
    assert person.is_signed_in()
    person.get("/account")
    assert person.token() != before
    refused = person.client.post("/account/sessions/end-others", data={"csrf_token": before})
    assert refused.status_code == 400


def test_a_cookie_copied_before_signing_out_is_dead_afterwards(
    person: Person, another: Callable[[], Person]
) -> None:
    create_user()
    person.sign_in()
    thief = another()
    thief.client.set_cookie("session", person.cookie())
    assert thief.is_signed_in()
    person.submit("/logout")
    assert not person.is_signed_in()
    assert not thief.is_signed_in()


def test_known_and_unknown_addresses_get_the_same_answer_and_the_same_work(
    person: Person, another: Callable[[], Person], statements: list[str]
) -> None:
    create_user()
    answers = []
    for who, email in ((person, "ana@example.org"), (another(), "nobody@example.org")):
        who.get("/login")
        statements.clear()
        page = who.submit("/login", {"email": email, "password": "not the password"}, status=422)
        text = re.sub(r"[\w.-]+@example\.org|ImI[\w.-]+|Number of this request: \S+", "", str(page.soup.main))
        answers.append((re.sub(r'name="csrf_token"[^>]*', "", text), list(statements)))
    assert WRONG in answers[0][0]
    assert answers[0] == answers[1]


def test_the_eleventh_wrong_password_in_five_minutes_is_not_even_tried(person: Person, look: Look) -> None:
    create_user()
    for _ in range(10):
        person.sign_in(password="wrong password", status=422)
    person.get("/login")
    form = {"email": " ANA@example.org", "password": PASSWORD, "csrf_token": person.token()}
    answer = person.client.post("/login", data=form)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert "Try again in 5\N{NO-BREAK SPACE}minutes." in answer.text
    assert look(select(func.count(LoginFailure.id))) == [(10,)]
    person.sign_in("bea@example.org", "wrong password", status=422)


def test_an_unknown_account_is_throttled_like_a_known_one(person: Person) -> None:
    for _ in range(10):
        person.sign_in("nobody@example.org", "wrong password", status=422)
    person.sign_in("nobody@example.org", "wrong password", status=429)


def test_right_passwords_are_not_counted(person: Person, another: Callable[[], Person], look: Look) -> None:
    create_user()
    for _ in range(12):
        assert another().sign_in().status == 200
    assert look(select(func.count(LoginFailure.id))) == [(0,)]


def test_json_does_not_pass_by_the_counters(person: Person) -> None:
    create_user()
    answer = person.client.post(
        "/login",
        json={"email": "ana@example.org", "password": PASSWORD},
        headers={"X-CSRFToken": person.token()},
    )
    assert answer.status_code == 415


@pytest.mark.parametrize("path", ["/login", "/register", "/probe/begin", "/account/delete", "/logout"])
def test_a_post_without_form_token_is_refused_and_stores_nothing(
    person: Person, path: str, look: Look
) -> None:
    assert person.client.post(path, data={"email": "ana@example.org"}).status_code == 400
    assert look(select(Learner.id)) == []


@pytest.mark.parametrize(
    ("asked", "goes_to"),
    [
        ("/account?tab=1", "/account?tab=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/%0d%0aSet-Cookie:x=1", "/%0d%0aSet-Cookie:x=1"),
        ("/\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
@pytest.mark.parametrize("by", ["form", "address"])
def test_after_signing_in_one_stays_on_this_site(person: Person, asked: str, goes_to: str, by: str) -> None:
    create_user()
    form = {"email": "ana@example.org", "password": PASSWORD, "csrf_token": person.token()}
    in_form, in_address = (form | {"next": asked}, {}) if by == "form" else (form, {"next": asked})
    answer = person.client.post("/login", data=in_form, query_string=in_address)
    assert (answer.status_code, answer.headers["Location"]) == (303, goes_to)


@pytest.mark.parametrize("path", ["/login", "/register"])
def test_who_is_signed_in_is_sent_on_and_only_within_this_site(person: Person, path: str) -> None:
    create_user()
    person.sign_in()
    assert person.client.get(path, query_string={"next": "/account"}).headers["Location"] == "/account"
    assert person.client.get(path, query_string={"next": "//evil.example"}).headers["Location"] == "/"


def test_a_guest_who_signs_in_is_asked_whether_to_bring_their_work(person: Person, look: Look) -> None:
    create_user()
    guest = person.begin()
    form = {
        "email": "ana@example.org",
        "password": PASSWORD,
        "next": "/account",
        "csrf_token": person.token(),
    }
    answer = person.client.post("/login", data=form)
    assert answer.headers["Location"] == "/join?next=/account"
    with person.client.session_transaction() as cookie:
        assert cookie["guests"] == [guest]
    assert look(select(LoginSession.learner_id).where(LoginSession.learner_id == guest)) == []


def test_only_who_did_something_is_told_that_it_is_in_the_account(
    person: Person, another: Callable[[], Person]
) -> None:
    assert "Your account is ready." in person.sign_up().text
    guest = another()
    guest.begin()
    page = guest.sign_up(email="bea@example.org")
    assert "Your account is ready, and what you did so far is in it." in page.text


def test_the_account_page_lets_one_sign_out(person: Person) -> None:
    create_user()
    person.sign_in()
    page = person.get("/account")
    assert "about" not in page.soup.select_one(".rows").get_text()
    assert page.soup.select_one(".actions form[action='/logout']")


def test_an_address_that_is_taken_makes_no_second_account(
    person: Person, another: Callable[[], Person], look: Look
) -> None:
    create_user()
    page = person.sign_up(password="another password", password_confirm="another password")
    assert "If this address is yours, sign in with it." in page.text
    assert not person.is_signed_in()
    assert look(select(func.count(User.id))) == [(1,)]
    assert another().sign_in().status == 200


def test_of_two_requests_with_one_address_one_makes_the_account(app: Flask) -> None:
    create_user()
    with pytest.raises(service.AddressTaken, match="already"):
        unit.run(
            lambda: service.sign_up(
                email="ana@example.org",
                credentials=Credentials(None, "another"),
                role=Role.LEARNER,
                time_zone="UTC",
                now=now(),
            )
        )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "ana"}, "This is no e-mail address"),
        ({"password": "short"}, "at least 8 characters"),
        ({"password": "password123", "password_confirm": "password123"}, "others would try"),
        ({"password_confirm": "something else"}, "The two passwords differ."),
    ],
)
def test_signing_up_says_what_is_wrong_at_the_field_and_in_the_summary(
    person: Person, fields: dict[str, str], said: str
) -> None:
    page = person.sign_up(**{"email": "ana@example.org", **fields}, status=422)
    assert len(page.soup.find_all(string=re.compile(said))) == 2


def test_no_form_field_chooses_a_role(person: Person, look: Look) -> None:
    person.sign_up(role="4", active="0", id="77", created_at="0")
    assert look(select(User.role, User.active)) == [(Role.LEARNER, True)]


def test_changing_the_password_ends_the_other_sessions_and_renews_this_one(
    person: Person, another: Callable[[], Person]
) -> None:
    create_user()
    person.sign_in()
    elsewhere, thief = another(), another()
    elsewhere.sign_in()
    thief.client.set_cookie("session", person.cookie())
    person.get("/change")
    fields = {
        "password": PASSWORD,
        "new_password": "nine blue kites",
        "new_password_confirm": "nine blue kites",
    }
    page = person.submit("/change", fields)
    assert "You are signed out everywhere else." in page.text
    assert person.is_signed_in()
    assert not elsewhere.is_signed_in()
    assert not thief.is_signed_in()
    elsewhere.sign_in(status=422)
    elsewhere.sign_in(password="nine blue kites")


def test_the_old_password_is_asked_for_and_its_wrong_guesses_count(person: Person, look: Look) -> None:
    create_user()
    person.sign_in()
    fields = {
        "password": "a guess",
        "new_password": "nine blue kites",
        "new_password_confirm": "nine blue kites",
    }
    person.get("/change")
    assert "This is not your password." in person.submit("/change", fields, status=422).text
    assert look(select(func.count(LoginFailure.id))) == [(1,)]
    person.submit("/change", fields | {"password": PASSWORD, "new_password_confirm": "x"}, status=422)
    assert look(select(func.count(LoginFailure.id))) == [(1,)]


def test_settings_are_kept_and_checked(person: Person, look: Look) -> None:
    person.begin()
    page = person.get("/account")
    offered = page.soup.select_one("#desired_retention").get_text()
    assert re.findall(r"\d+\s?%", offered) == [f"{share}\N{NO-BREAK SPACE}%" for share in (80, 85, 90, 95)]
    wanted = {"time_zone": "Asia/Kolkata", "day_start": "3", "desired_retention": "0.85", "new_per_day": "7"}
    person.submit("/account", wanted | {"minutes_per_day": "12", "type_answers": "y"})
    assert look(
        select(
            Learner.time_zone,
            Learner.day_start,
            Learner.desired_retention,
            Learner.new_per_day,
            Learner.minutes_per_day,
            Learner.type_answers,
        )
    ) == [("Asia/Kolkata", 3, 0.85, 7, 12, True)]
    for bad in (
        {"time_zone": "Mars/Olympus"},
        {"desired_retention": "0.99"},
        {"desired_retention": "NaN"},
        {"day_start": "13"},
        {"new_per_day": "-1"},
    ):
        person.submit("/account", bad, status=422)


def test_one_ends_a_session_of_ones_own_and_of_nobody_else(
    person: Person, another: Callable[[], Person], look: Look
) -> None:
    create_user()
    create_user("bea@example.org")
    person.sign_in()
    phone, stranger = another(), another()
    phone.sign_in()
    stranger.sign_in("bea@example.org")
    first, second, foreign = (row[0] for row in look(select(LoginSession.id).order_by(LoginSession.id)))
    person.post(f"/account/sessions/{foreign}/end", status=404)
    assert stranger.is_signed_in()
    person.get("/account")
    person.submit(f"/account/sessions/{second}/end")
    assert not phone.is_signed_in()
    person.post(f"/account/sessions/{first}/end")
    assert not person.is_signed_in()


def test_an_account_is_deleted_with_everything_after_its_password_is_given(
    person: Person, look: Look
) -> None:
    create_user()
    create_user("bea@example.org")
    person.sign_in()
    assert "This cannot be undone." in person.get("/account/delete").text
    person.submit("/account/delete", {"password": "a guess"}, status=422)
    assert look(select(func.count(User.id))) == [(2,)]
    assert "Everything is erased." in person.submit("/account/delete", {"password": PASSWORD}).text
    assert look(select(User.email)) == [("bea@example.org",)]
    assert look(select(func.count(Learner.id))) == [(1,)]
    assert look(select(func.count(LoginSession.id))) == [(0,)]
    person.sign_in(status=422)


def test_a_guest_types_a_word_to_erase_everything(person: Person, look: Look) -> None:
    person.begin()
    person.get("/account/delete")
    person.submit("/account/delete", {"word": "yes"}, status=422)
    person.submit("/account/delete", {"word": " Delete "})
    assert look(select(Learner.id)) == []


def test_where_registration_is_closed_there_is_no_page_for_it(make_app: Callable[..., Flask]) -> None:
    closed = Person(make_app(registration="closed").test_client())
    assert closed.client.get("/register").status_code == 404
    assert "/register" not in " ".join(closed.get("/login").links())


def test_a_registration_code_is_spent_by_whoever_signs_up(make_app: Callable[..., Flask]) -> None:
    app = make_app(registration="code")
    person = Person(app.test_client())
    with app.app_context():
        unit.run(lambda: service.add_code("herons", uses=1, expires_at=None))
    assert "This code is not known" in person.sign_up(code="wrong", status=422).text
    person.sign_up(code="herons")
    assert person.is_signed_in()
    late = Person(app.test_client())
    page = late.sign_up("bea@example.org", code="herons", status=422)
    assert page.form("/register").find("input", {"name": "email"})["value"] == "bea@example.org"
    assert not late.is_signed_in()


def test_the_first_administrators_link_works_once(
    person: Person, another: Callable[[], Person], look: Look
) -> None:
    token = unit.run(lambda: service.issue_administrator_link(now=now()))
    late = another()
    late.get(f"/link/{token}")
    person.get(f"/link/{token}")
    assert look(select(OneTimeLink.used_at)) == [(None,)]
    fields = {"email": "Root@example.org", "password": PASSWORD, "password_confirm": PASSWORD}
    person.submit(f"/link/{token}", fields)
    assert person.is_signed_in()
    assert look(select(User.email, User.role)) == [("root@example.org", Role.ADMINISTRATOR)]
    used = late.post(f"/link/{token}", fields | {"email": "late@example.org"}, status=404)
    assert "This link was used already or is too old." in used.text
    assert "can make another" in used.text
    assert "Check the address" not in used.text
    assert look(select(func.count(User.id))) == [(1,)]


def test_a_failed_sign_in_is_logged_and_no_line_holds_a_password_or_a_token(person: Person) -> None:
    logger, lines = logging.getLogger("quizapp"), io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logger.handlers[0].formatter)
    logger.addHandler(handler)
    person.sign_in(password="a secret guess", status=422)
    person.get("/link/a-secret-token", status=404)
    logger.removeHandler(handler)
    first, second = lines.getvalue().splitlines()
    assert "login_failed" in first
    assert "path=/login" in first
    assert 'path="/link/<token>"' in second
    assert "secret" not in first + second


def test_a_new_link_ends_the_one_before_and_runs_out_after_a_day(person: Person) -> None:
    first = unit.run(lambda: service.issue_administrator_link(now=now()))
    second = unit.run(lambda: service.issue_administrator_link(now=now()))
    assert person.client.get(f"/link/{first}").status_code == 404
    assert person.client.get(f"/link/{second}").status_code == 200
    with time_machine.travel(now() + dt.timedelta(hours=24)):
        assert person.client.get(f"/link/{second}").status_code == 404


def test_an_administrators_link_makes_no_second_administrator(person: Person, look: Look) -> None:
    token = unit.run(lambda: service.issue_administrator_link(now=now()))
    create_user(role=Role.ADMINISTRATOR)
    fields = {"email": "eve@example.org", "password": PASSWORD, "password_confirm": PASSWORD}
    page = person.post(f"/link/{token}", fields, status=409)
    assert "has an administrator already" in page.text
    assert look(select(User.email)) == [("ana@example.org",)]


def test_a_password_link_opens_an_account_that_wrong_passwords_had_closed(person: Person) -> None:
    user_id = create_user()
    for _ in range(10):
        person.sign_in(password="wrong password", status=422)
    token = unit.run(lambda: service.issue_password_link(user_id, now=now()))
    person.get(f"/link/{token}")
    person.post(f"/link/{token}", {"password": "nine blue kites", "password_confirm": "nine blue kites"})
    person.submit("/logout")
    person.sign_in(password="nine blue kites")


def test_a_password_link_sets_the_password_and_ends_every_session(
    person: Person, another: Callable[[], Person]
) -> None:
    user_id = create_user()
    elsewhere = another()
    elsewhere.sign_in()
    token = unit.run(lambda: service.issue_password_link(user_id, now=now()))
    assert "ana@example.org" in person.get(f"/link/{token}").text
    person.post(f"/link/{token}", {"password": "password123", "password_confirm": "password123"}, status=422)
    person.post(f"/link/{token}", {"password": "nine blue kites", "password_confirm": "nine blue kites"})
    assert person.is_signed_in()
    assert not elsewhere.is_signed_in()
    elsewhere.sign_in(status=422)
    elsewhere.sign_in(password="nine blue kites")
