"""A cookie that was planted before somebody came in is worth nothing afterwards; one that was forged, never."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from flask_login.utils import encode_cookie
from flask_security.recoverable import generate_reset_password_token

from quizapp.accounts import queries
from quizapp.db import db
from tests.attack.thieves import (
    CHOSEN,
    NEW_PASSWORD,
    Scene,
    assert_worth_nothing,
    assert_worth_something,
    thief_of,
    told,
)
from tests.factories.accounts import PASSWORD, create_user
from tests.reader import Reader

TLS = "https://localhost"


def a_visitors(site: Flask) -> FlaskClient:
    client = site.test_client()
    client.get("/login")
    return client


def a_guests(site: Flask) -> FlaskClient:
    client = site.test_client()
    Reader(client).post("/study/start", {"bank": "sample"})
    return client


def by_signing_in(scene: Scene, victim: Reader) -> None:
    victim.get("/login")
    victim.submit("/login", {"email": scene.email, "password": PASSWORD})


def by_signing_up(scene: Scene, victim: Reader) -> None:
    victim.get("/register")
    said = {"email": f"new-{scene.email}", "password": PASSWORD, "password_confirm": PASSWORD}
    victim.submit("/register", said)


def by_a_one_time_link(scene: Scene, victim: Reader) -> None:
    link = scene.link()
    victim.get(link)
    victim.submit(link, CHOSEN)


@pytest.mark.parametrize(
    "entry", [by_signing_in, by_signing_up, by_a_one_time_link], ids=lambda entry: entry.__name__
)
@pytest.mark.parametrize("whose", [a_visitors, a_guests], ids=lambda whose: whose.__name__)
def test_a_cookie_that_was_planted_is_worth_nothing_after_one_came_in(
    somebody: Scene, whose: Callable[[Flask], FlaskClient], entry: Callable[[Scene, Reader], None]
) -> None:
    planter = whose(somebody.site)
    planted, token = planter.get_cookie("session"), Reader(planter).token()
    assert planted is not None
    victim = Reader(thief_of(somebody, planted.value))
    entry(somebody, victim)
    assert victim.client.get("/change").status_code == 200
    now_theirs = victim.client.get_cookie("session")
    assert now_theirs is not None
    assert now_theirs.value != planted.value
    theme = {"theme": "dark", "csrf_token": token}
    assert victim.client.post("/theme", data=theme).status_code == 400  # a token of before
    assert_worth_nothing(somebody, planted.value, token)


def test_who_chose_a_password_by_mail_is_not_signed_in_where_the_cookie_was_planted(
    make_app: Callable[..., Flask],
) -> None:
    site = make_app(hosts=("localhost",), mail_url="smtp://127.0.0.1:9")
    with site.app_context():
        create_user()
        with site.test_request_context():
            user = queries.user_by_email("ana@example.org")
            link = f"/reset/{generate_reset_password_token(user)}"
        db.session.remove()
    planter = a_visitors(site)
    planted = planter.get_cookie("session")
    assert planted is not None
    victim = Reader(site.test_client())
    victim.client.set_cookie("session", planted.value)
    victim.get(link)
    assert "Your new password is set." in victim.submit(link, CHOSEN).text
    assert told(victim.client.get("/change")) == told(planter.get("/change")) == (302, "/login?next=/change")
    victim.get("/login")
    victim.submit("/login", {"email": "ana@example.org", "password": NEW_PASSWORD})
    assert [one.get("/change").status_code for one in (victim.client, planter)] == [200, 302]


def signed(content: dict[str, object], key: str) -> str:
    """Return a session cookie as the site would sign it, were this its key."""
    forger = Flask("forger")
    forger.secret_key = key
    signer = SecureCookieSessionInterface().get_signing_serializer(forger)
    assert signer is not None
    return str(signer.dumps(content))


def test_a_cookie_signed_with_another_key_is_none(somebody: Scene) -> None:
    content, token = somebody.content(), somebody.browser.token()
    assert_worth_something(somebody, signed(content, str(somebody.site.secret_key)))
    assert_worth_nothing(somebody, signed(content, "another key"), token)


def test_a_signed_cookie_that_names_a_user_and_no_session_is_none(somebody: Scene) -> None:
    user = queries.user_by_id(somebody.owner.person.user_id)
    content = somebody.content() | {"_user_id": user.fs_uniquifier, "_fresh": True, "user_id": user.id}
    key, token = str(somebody.site.secret_key), somebody.browser.token()
    assert_worth_something(somebody, signed(content, key))
    for other in ("", "x", None, 1, str(content["token"]).swapcase()):
        assert_worth_nothing(somebody, signed(content | {"token": other}, key), token)


def test_nothing_but_the_session_cookie_says_who_one_is(somebody: Scene) -> None:
    user = queries.user_by_id(somebody.owner.person.user_id)
    with somebody.site.test_request_context():
        remembered, own_token = encode_cookie(user.fs_uniquifier), user.get_auth_token()
    cookie, visitor = somebody.cookie(), somebody.site.test_client()
    basic = b64encode(f"{somebody.email}:{PASSWORD}".encode()).decode()
    for name, value in (("remember_token", remembered), ("__Host-session", cookie), ("token", cookie)):
        visitor.set_cookie(name, value)
    for headers in ({}, {"Authentication-Token": own_token}, {"Authorization": f"Basic {basic}"}):
        for address in ("/account", "/change", "/teach", f"/account?auth_token={own_token}"):
            assert visitor.get(address, headers=headers).status_code == 302, address


def test_under_tls_a_cookie_that_a_neighbour_could_have_set_is_none(somebody: Scene) -> None:
    neighbour = thief_of(somebody, somebody.cookie())
    assert neighbour.get("/change").status_code == 200
    assert neighbour.get("/change", base_url=TLS).status_code == 302


def test_to_be_remembered_is_not_on_offer(somebody: Scene) -> None:
    client = somebody.site.test_client()
    said = {"email": somebody.email, "password": PASSWORD, "remember": "y", "remember_me": "y"}
    answer = client.post("/login", data=said | {"csrf_token": Reader(client).token()})
    assert answer.status_code == 303
    assert [cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")] == ["session"]
