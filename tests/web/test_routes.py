from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.db import db
from quizapp.web.redirects import own_page


def token(visit: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', visit.get("/page").text)
    assert found
    return found[1]


def test_a_theme_is_kept_by_the_browser_and_shown_by_the_server(visit: FlaskClient) -> None:
    assert 'data-theme="auto"' in visit.get("/page").text
    form = {"csrf_token": token(visit), "theme": "dark", "next": "/page?a=1"}
    response = visit.post("/theme", data=form)
    assert (response.status_code, response.location) == (303, "/page?a=1")
    page = visit.get("/page").text
    assert 'data-theme="dark"' in page
    assert re.search(r'value="dark" aria-pressed="true"', page)


def test_no_other_theme_is_kept(visit: FlaskClient) -> None:
    assert visit.post("/theme", data={"csrf_token": token(visit), "theme": '"><script>'}).status_code == 400
    visit.set_cookie("theme", '"><script>')
    assert 'data-theme="auto"' in visit.get("/page").text


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/a\\b", "/a b", "/\x01", "", None],
)
def test_only_pages_of_ours_are_gone_to(target: str | None) -> None:
    assert own_page(target) == "/"


def test_a_page_of_ours_is_gone_to() -> None:
    assert own_page("/quizzes?bank=a#top") == "/quizzes?bank=a#top"


def test_a_form_token_is_given_to_the_learner_who_opened_the_page_alone(visit: FlaskClient) -> None:
    own = visit.get("/form-token?learner=1").json
    assert own is not None
    assert visit.post("/theme", data={"csrf_token": own["token"], "theme": "dark"}).status_code == 303
    for somebody_else in ("/form-token?learner=2", "/form-token?learner=", "/form-token"):
        assert visit.get(somebody_else).json == {"token": None, "anybody": True}


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_machine_may_ask_how_the_site_is_by_any_name(make_app: Callable[..., Flask], proxies: int) -> None:
    client = make_app(hosts=(".quiz.example", "quiz.example"), proxies=proxies).test_client()
    for host in ("10.0.0.7:8000", "other.example", "evil.example/x"):
        headers = {"Host": host, "X-Forwarded-Host": host}
        assert client.get("/healthz", headers=headers).text == "alive\n"
        assert client.get("/readyz", headers=headers).text == "ready\n"
        assert client.get("/login", headers=headers).status_code == 400


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("quiz.example", 200),
        ("quiz.example:8000", 200),
        ("[2001:db8::1]", 400),
        ("[", 400),
        ("evil.example", 400),
    ],
)
def test_a_site_answers_to_its_names_alone(make_app: Callable[..., Flask], host: str, status: int) -> None:
    client = make_app(hosts=("quiz.example",)).test_client()
    assert client.get("/login", headers={"Host": host}).status_code == status
    assert client.get("/readyz", headers={"Host": host}).status_code == 200


@pytest.mark.sqlite_only("a file that can be moved")
def test_a_site_whose_database_was_moved_away_is_not_ready(make_app: Callable[..., Flask]) -> None:
    site = make_app()
    client = site.test_client()
    with site.app_context():
        file = Path(str(db.engine.url.database))
    assert client.get("/readyz").status_code == 200
    away = file.rename(file.with_name("away"))
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    file.touch()
    assert client.get("/readyz").status_code == 503
    away.rename(file)
    assert client.get("/readyz").status_code == 200
