"""Somebody whose cookie a thief holds, and what it is worth to them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from quizapp.accounts.models import LoginSession
from quizapp.accounts.sessions import token_sha256
from quizapp.db import db
from quizapp.web.access import Role, access_of
from tests.attack.crowd import PLAUSIBLE, Owner, address_of, create_owner, rules
from tests.attack.ledger import changes, ledger
from tests.factories.accounts import create_user
from tests.reader import Reader, signed_in

NEW_PASSWORD = "nine blue kites"
CHOSEN = {"password": NEW_PASSWORD, "password_confirm": NEW_PASSWORD}
TO_SIGN_IN = (302, "/login?next=/")
NO_TOKEN = (400, None)  # where even what the form token belongs to could not be read

_numbers = itertools.count()


@dataclass
class Scene:
    """Somebody with one of everything at a browser, and an administrator at another."""

    site: Flask
    owner: Owner
    browser: Reader
    root: Reader

    @property
    def email(self) -> str:
        return f"{self.owner.canary}@example.org"

    @property
    def admin_page(self) -> str:
        return f"/admin/users/{self.owner.person.user_id}"

    def elsewhere(self) -> Reader:
        """Sign them in at a further browser."""
        return signed_in(self.site.test_client(), self.email)

    def link(self) -> str:
        """Let the administrator make a one-time link; return its path."""
        field = self.root.post(f"{self.admin_page}/reset-link").soup.select_one("#link")
        assert field is not None
        return urlsplit(str(field["value"])).path

    def cookie(self) -> str:
        cookie = self.browser.client.get_cookie("session")
        assert cookie is not None
        return cookie.value

    def content(self) -> dict[str, object]:
        """Return what the cookie says."""
        with self.browser.client.session_transaction() as session:
            return dict(session)

    def session_id(self) -> int:
        digest = token_sha256(str(self.content()["token"]))
        db.session.rollback()
        return db.session.scalars(select(LoginSession.id).where(LoginSession.token_sha256 == digest)).one()


def create_scene(site: Flask, role: Role) -> Scene:
    """Add somebody of `role`, signed in at a browser; a guest has begun at theirs."""
    number = next(_numbers)
    owner = create_owner(site, role, f"ana{number}")
    create_user(f"root{number}@example.org", role=Role.ADMINISTRATOR)
    if role is Role.GUEST:
        owner.person.enter()
        browser = Reader(owner.person.client)
    else:
        browser = signed_in(site.test_client(), f"{owner.canary}@example.org")
    return Scene(site, owner, browser, signed_in(site.test_client(), f"root{number}@example.org"))


def thief_of(scene: Scene, cookie: str) -> FlaskClient:
    """Return another browser that holds the cookie."""
    client = scene.site.test_client()
    client.set_cookie("session", cookie)
    return client


def told(answer: TestResponse) -> tuple[int, str | None]:
    """Return what an answer is, and where it sends one."""
    return answer.status_code, answer.location


def assert_worth_something(scene: Scene, cookie: str) -> None:
    """Assert that who holds the cookie sees what is its owner's alone: or else nothing would be proved below."""
    page = thief_of(scene, cookie).get("/cards", query_string={"bank": scene.owner.things["slug"]})
    assert (page.status_code, scene.owner.canary in page.text) == (200, True)


def assert_worth_nothing(scene: Scene, cookie: str, token: str) -> None:
    """Assert that who holds the cookie, and a form token of its pages, sees what a visitor sees, and can do nothing."""
    for rule in rules(scene.site, "GET"):
        address = address_of(scene.site, rule, scene.owner.things)
        with (
            scene.site.test_client().get(address) as to_visitor,
            thief_of(scene, cookie).get(address) as answer,
        ):
            assert told(answer) == told(to_visitor), address
            assert answer.status_code < 500, address
            assert scene.owner.canary not in f"{answer.headers}{answer.get_data(as_text=True)}", address
    before = ledger()
    for rule in rules(scene.site, "POST"):
        if access_of(scene.site, rule.endpoint) != Role.VISITOR:
            address = address_of(scene.site, rule, scene.owner.things)
            answer = thief_of(scene, cookie).post(address, data=PLAUSIBLE | {"csrf_token": token})
            assert told(answer) in (TO_SIGN_IN, NO_TOKEN), address
    assert changes(before, ledger()) == []
