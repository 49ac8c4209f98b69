"""The signed cookie and the form tokens: what was accepted once is accepted again only where it still may be."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from flask import Flask, session
from flask.testing import FlaskClient

from quizapp.web.clock import now

TLS = "https://localhost"


@pytest.fixture
def visit(small_site: Flask) -> FlaskClient:
    """A browser on a site that keeps notes in the session."""

    @small_site.route("/note/<text>")
    def note(text: str) -> list[str]:
        session.setdefault("notes", []).append(text)  # the list in place: the cookie is not sent anew
        return session["notes"]

    @small_site.route("/begin")
    def begin() -> str:
        session["notes"], session.permanent = ["first"], True
        return "begun"

    return small_site.test_client()


def token(visit: FlaskClient, base_url: str = "http://localhost") -> str:
    page = visit.get("/page", base_url=base_url).text
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def send(visit: FlaskClient, token: str, **more: Any) -> int:
    return visit.post("/theme", data={"theme": "dark", "csrf_token": token}, **more).status_code


def test_what_one_request_does_to_a_list_in_the_session_is_not_seen_by_the_next(visit: FlaskClient) -> None:
    visit.get("/begin")
    assert [visit.get(f"/note/{text}").json for text in ("a", "b")] == [["first", "a"], ["first", "b"]]


def test_a_cookie_that_was_read_before_still_grows_too_old(small_site: Flask, visit: FlaskClient) -> None:
    small_site.permanent_session_lifetime = dt.timedelta(days=1)
    visit.get("/begin")
    cookie = visit.get_cookie("session")
    assert cookie is not None
    assert visit.get("/note/a").json == ["first", "a"]
    with time_machine.travel(now() + dt.timedelta(days=1, seconds=2)):
        visit.set_cookie("session", cookie.value)
        assert visit.get("/note/b").json == ["b"]


def test_a_cookie_that_was_changed_is_none(visit: FlaskClient) -> None:
    visit.get("/begin")
    cookie = visit.get_cookie("session")
    assert cookie is not None
    rest, signature = cookie.value.rsplit(".", 1)
    visit.set_cookie("session", f"{rest}.{signature.swapcase()}")
    assert visit.get("/note/a").json == ["a"]


def test_a_token_serves_its_own_browser_however_often(small_site: Flask, visit: FlaskClient) -> None:
    other = small_site.test_client()
    mine, theirs = token(visit), token(other)
    assert [send(visit, mine), send(visit, mine)] == [303, 303]
    assert [send(visit, theirs), send(other, theirs), send(visit, theirs)] == [400, 303, 400]
    assert send(visit, mine + "x") == send(visit, "") == 400


def test_under_tls_a_known_token_counts_only_from_our_own_pages(visit: FlaskClient) -> None:
    mine = token(visit, TLS)
    own = {"Referer": f"{TLS}/page"}
    assert [send(visit, mine, base_url=TLS, headers=own) for _ in range(2)] == [303, 303]
    for foreign in ({"Referer": "https://elsewhere.example/"}, {"Referer": "http://localhost/"}, {}):
        assert send(visit, mine, base_url=TLS, headers=foreign) == 400


def test_an_answer_that_depends_on_the_session_says_so(visit: FlaskClient) -> None:
    visit.get("/begin")
    assert "Cookie" in visit.get("/note/a").headers["Vary"]
