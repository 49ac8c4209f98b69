from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

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
