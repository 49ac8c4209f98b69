"""Links that carry a secret lead to the site's own name, whatever a request says that name is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quizapp.accounts import queries
from quizapp.db import db
from quizapp.web.access import Role
from tests.accounts.conftest import all_mail_sent
from tests.factories.accounts import PASSWORD, create_user
from tests.reader import Page, form_values

NAMED = "http://quiz.example"
LIES = (
    {"Host": "evil.example"},
    {"Host": "quiz.example.evil.example"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Host": "quiz.example.evil.example", "X-Forwarded-Proto": "https"},
    {"Forwarded": "host=evil.example", "X-Forwarded-Server": "evil.example", "X-Forwarded-Prefix": "/evil"},
    {"Host": "evil.example", "X-Forwarded-Host": "quiz.example"},
)


def mailing(make_app: Callable[..., Flask], **settings: object) -> Flask:
    """Make a site that answers to one name, and keeps the mails it would send."""
    site = make_app(hosts=("quiz.example",), mail_url="smtp://127.0.0.1:9", **settings)
    site.extensions["mailman"].backend = "locmem"
    with site.app_context():
        create_user("root@example.org", role=Role.ADMINISTRATOR)
        create_user("ana@example.org")
        db.session.remove()
    return site


def signed_in_by_name(site: Flask) -> tuple[FlaskClient, str]:
    """Sign the administrator in under the site's name; return their browser, and a token for its forms."""
    client = site.test_client()
    login = Page(client.get("/login", base_url=NAMED)).form("/login")
    said = form_values(login) | {"email": "root@example.org", "password": PASSWORD}
    assert client.post("/login", data=said, base_url=NAMED).status_code == 303
    logout = Page(client.get("/account", base_url=NAMED)).form("/logout")
    return client, str(form_values(logout)["csrf_token"])


def lied_to(
    client: FlaskClient, address: str, said: Mapping[str, object], lie: dict[str, str]
) -> TestResponse:
    """Send a form from this browser with headers that lie: its cookie goes along, whatever they say."""
    cookie = client.get_cookie("session", domain="quiz.example")
    assert cookie is not None
    headers = {"Cookie": f"session={cookie.value}", **lie}
    liar = client.application.test_client(use_cookies=False)
    return liar.post(address, data=said, base_url=NAMED, headers=headers)


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_link_that_an_administrator_hands_over_leads_to_the_sites_own_name(
    make_app: Callable[..., Flask], lie: dict[str, str]
) -> None:
    site = mailing(make_app)
    client, token = signed_in_by_name(site)
    with site.app_context():
        ana = queries.user_by_email("ana@example.org").id
    answer = lied_to(client, f"/admin/users/{ana}/reset-link", {"csrf_token": token}, lie)
    assert "evil" not in answer.text
    if lie.get("Host"):
        assert answer.status_code == 400
    else:
        assert str(Page(answer).soup.find(id="link")["value"]).startswith(f"{NAMED}/link/")


@pytest.mark.parametrize("lie", LIES, ids=str)
@pytest.mark.parametrize("proxies", [0, 1])
def test_a_mailed_link_leads_to_the_sites_own_name(
    make_app: Callable[..., Flask], lie: dict[str, str], proxies: int
) -> None:
    site = mailing(make_app, proxies=proxies)
    client = site.test_client()
    page = Page(client.get("/reset", base_url=NAMED))
    said = form_values(page.form("/reset")) | {"email": "ana@example.org"}
    answer = lied_to(client, "/reset", said, lie)
    all_mail_sent()
    mails = getattr(site.extensions["mailman"], "outbox", [])
    host = lie.get("Host", NAMED)
    believed = lie.get("X-Forwarded-Host", host) if proxies else host
    if "evil" in believed:
        assert (answer.status_code, mails) == (400, [])
    else:
        assert answer.status_code == 200
        assert [re.findall(r"https?://[^/\s]*", mail.body) for mail in mails] == [[NAMED]]
