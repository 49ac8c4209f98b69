"""Accounts as this app installs them: cookies, mail, hashing, and what is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_security import hash_password

from quizapp.app import create_app
from quizapp.config import SettingError
from quizapp.db import db
from quizapp.web.access import Role, access_of
from tests.accounts.conftest import Person, all_mail_sent
from tests.conftest import settings_in
from tests.factories.accounts import PASSWORD, create_user

MAIL = {"mail_url": "smtp://localhost", "hosts": ("localhost",)}
SENT = "If there is an account with this address, a mail is on its way to it."


@pytest.fixture
def site_with_mail(make_app: Callable[..., Flask]) -> Flask:
    app = make_app(**MAIL)
    app.extensions["mailman"].backend = "locmem"
    with app.app_context():
        create_user()
        db.session.remove()
    return app


def test_passwords_are_hashed_by_argon2_at_the_promised_cost(tmp_path: Path) -> None:
    app = create_app(settings_in(tmp_path), TESTING=True)
    with app.app_context():
        kept = hash_password("a password")
        assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert app.extensions["security"].pwd_context.verify("a password", kept)
        db.engine.dispose()


def test_under_tls_the_session_cookie_is_bound_to_the_host(app: Flask) -> None:
    create_user()
    person = Person(app.test_client())
    form = {"email": "ana@example.org", "password": PASSWORD}
    plain = person.client.post("/login", data=form | {"csrf_token": person.token()}).headers["Set-Cookie"]
    assert plain.startswith("session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(plain.split("; "))
    secure = app.test_client().get("/login", base_url="https://localhost").headers["Set-Cookie"]
    assert secure.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(secure.split("; "))
    assert "Domain" not in secure


def test_flask_security_offers_these_pages_and_no_others(app: Flask, site_with_mail: Flask) -> None:
    def offered(site: Flask) -> dict[str, Role | None]:
        names = {rule.endpoint for rule in site.url_map.iter_rules() if rule.endpoint.startswith("security.")}
        return {name.removeprefix("security."): access_of(site, name) for name in names}

    everywhere = {
        "login": Role.VISITOR,
        "register": Role.VISITOR,
        "logout": Role.LEARNER,
        "change_password": Role.LEARNER,
    }
    assert offered(app) == everywhere
    assert offered(site_with_mail) == everywhere | {
        "forgot_password": Role.VISITOR,
        "reset_password": Role.VISITOR,
    }


def test_mail_without_named_hosts_is_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="set QUIZAPP_HOSTS too"):
        create_app(settings_in(tmp_path, mail_url="smtp://localhost"), TESTING=True)


def test_a_forgotten_password_is_set_by_a_mailed_link_that_works_once(site_with_mail: Flask) -> None:
    person, elsewhere = Person(site_with_mail.test_client()), Person(site_with_mail.test_client())
    elsewhere.sign_in()
    person.get("/reset")
    assert SENT in person.submit("/reset", {"email": "ANA@example.org"}).text
    all_mail_sent()
    (mail,) = site_with_mail.extensions["mailman"].outbox
    assert mail.to == ["ana@example.org"]
    link = re.search(r"http://localhost(/reset/\S+)", mail.body)[1]
    person.get(link)
    new = {"password": "nine blue kites", "password_confirm": "nine blue kites"}
    assert "Your new password is set. Sign in with it." in person.submit(link, new).text
    assert not elsewhere.is_signed_in()
    elsewhere.sign_in(password="nine blue kites")
    assert "This link does not work any more." in person.get(link).text
    person.sign_in(status=422)


def test_an_unknown_address_gets_the_same_page_and_no_mail(site_with_mail: Flask) -> None:
    person = Person(site_with_mail.test_client())
    person.get("/reset")
    assert SENT in person.submit("/reset", {"email": "nobody@example.org"}).text
    all_mail_sent()
    assert not getattr(site_with_mail.extensions["mailman"], "outbox", [])


def test_a_mailbox_is_not_flooded(site_with_mail: Flask) -> None:
    person = Person(site_with_mail.test_client())
    for _ in range(5):
        person.get("/reset")
        person.submit("/reset", {"email": "ana@example.org"})
    person.submit("/reset", {"email": " Ana@example.org"}, status=429)
    all_mail_sent()
    assert len(site_with_mail.extensions["mailman"].outbox) == 5
