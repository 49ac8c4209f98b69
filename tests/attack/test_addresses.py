"""Where to go next, by what name the site is called, and who says so: a stranger's word counts for nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.web.redirects import own_page
from tests.factories.accounts import PASSWORD, create_user
from tests.reader import Reader

ELSEWHERE = (
    *("https://evil.example", "http:evil.example", "HTTPS:evil.example", "//evil.example", "///evil.example"),
    *("////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example"),
    *(
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        "/\r/evil.example",
        " //evil.example",
        "\x00//evil.example",
    ),
    *(
        "//evil.example@localhost",
        "//localhost@evil.example",
        "https:/evil.example",
        "https:evil.example/",
        ":evil.example",
    ),
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "blob:x",
    ),
    *(
        "evil.example",
        "evil.example/account",
        ".evil.example",
        "@evil.example",
        "?next=//evil.example",
        "#//evil.example",
    ),
    *(
        "/\N{FULLWIDTH SOLIDUS}evil.example",
        "\N{FULLWIDTH SOLIDUS}\N{FULLWIDTH SOLIDUS}evil.example",
        "/\N{FRACTION SLASH}e",
    ),
    *(
        "/\N{ZERO WIDTH SPACE}/evil.example",
        "\ufeff//evil.example",
        "/\u2028/evil.example",
        "/a\r\nSet-Cookie: a=b",
        "/a b",
    ),
    *("/%5cevil.example\\", "/a\\..\\..\\evil", "", " ", "/\x7f", "/\u202eelpmaxe.live//"),
)
OURS = (
    "/",
    "/account",
    "/cards?q=a&page=2",
    "/%2f%2fevil.example",
    "/help#top",
    "/.//evil",
    "/a//b",
    "/@evil.example",
    "/:80",
)


@pytest.mark.parametrize("target", ELSEWHERE, ids=ascii)
def test_a_word_that_leads_elsewhere_leads_to_the_first_page(target: str) -> None:
    assert own_page(target) == "/"


@pytest.mark.parametrize("target", OURS)
def test_a_page_of_ours_is_gone_to(target: str) -> None:
    assert own_page(target) == target


@pytest.fixture
def ana(app: Flask) -> FlaskClient:
    """Somebody who is about to sign in."""
    create_user("ana@example.org")
    return app.test_client()


@pytest.mark.parametrize("target", ELSEWHERE[::4], ids=ascii)
@pytest.mark.parametrize("by", ["form", "address"])
def test_nobody_is_sent_elsewhere_after_signing_in_or_choosing_a_theme(
    ana: FlaskClient, target: str, by: str
) -> None:
    for address, fields in (
        ("/theme", {"theme": "dark"}),
        ("/login", {"email": "ana@example.org", "password": PASSWORD}),
    ):
        said = {"csrf_token": Reader(ana).token()} | fields
        query = {"next": target} if by == "address" else None
        answer = ana.post(address, query_string=query, data=said | ({"next": target} if by == "form" else {}))
        assert (answer.status_code, answer.location) == (303, "/"), address
    answer = ana.get("/join", query_string={"next": target})
    assert (answer.status_code, answer.location) == (303, "/")


HOSTS = (
    "evil.example",
    "evil.example:80",
    "localhost@evil.example",
    "quiz.example.evil.example",
    "evilquiz.example",
    "",
    "a b",
    "quiz.example\\.evil.example",
    "[::1",
    "\xff",
    "quiz.example#evil",
    "quiz.example/evil",
    "quiz.example,evil.example",
)


@pytest.fixture
def named(make_app: Callable[..., Flask]) -> Flask:
    """A site that answers to one name, and mails links."""
    return make_app(hosts=("quiz.example",), mail_url="smtp://127.0.0.1:9")


@pytest.mark.parametrize("host", HOSTS, ids=ascii)
def test_a_site_with_a_name_answers_to_no_other(named: Flask, host: str) -> None:
    client = named.test_client()
    for address in ("/", "/login", "/nothing", "/healthz/", "/account"):
        answer = client.get(address, headers={"Host": host})
        assert answer.status_code == 400, address
        assert "evil" not in f"{answer.headers}{answer.text}"
    assert client.get("/", headers={"Host": "quiz.example"}).status_code == 200


def test_a_site_without_a_name_tells_none_that_is_said_to_it(client: FlaskClient) -> None:
    for address in ("/", "/login", "/nothing", "/account", "/help", "/help/deployment"):
        answer = client.get(address, headers={"Host": "evil.example", "X-Forwarded-Host": "worse.example"})
        assert "worse" not in f"{answer.headers}{answer.text}"
        assert "evil.example" not in f"{answer.headers}{answer.text}", address


FORWARDED = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "1234",
    "X-Forwarded-Prefix": "/evil",
    "X-Real-IP": "203.0.113.7",
    "Forwarded": "for=203.0.113.7;proto=https;host=evil.example",
    "X-Original-URL": "/admin",
    "X-Rewrite-URL": "/admin",
    "X-Original-Host": "evil.example",
}


def test_without_a_proxy_no_forwarded_header_counts(client: FlaskClient) -> None:
    plain, forwarded = client.get("/login"), client.get("/login", headers=FORWARDED)
    assert forwarded.status_code == plain.status_code == 200
    assert "Strict-Transport-Security" not in forwarded.headers
    assert "evil" not in f"{forwarded.headers}{forwarded.text}"
    assert client.get("/nothing", headers=FORWARDED).status_code == 404
    assert client.get("/account", headers=FORWARDED).location == "/login?next=/account"


def chain(hops: int) -> dict[str, str]:
    """Return headers as so many proxies leave them: each adds what it saw; the first word is the stranger's."""
    addresses = ["6.6.6.6", *(f"10.0.0.{number}" for number in range(1, hops + 1))]
    return {
        "X-Forwarded-For": ", ".join(addresses),
        "X-Forwarded-Proto": ", ".join(["ftp", *["https"] * hops]),
    }


@pytest.mark.parametrize(("proxies", "hops"), [(1, 1), (1, 2), (2, 2), (2, 3), (3, 3)])
def test_as_many_proxies_are_believed_as_are_there(
    tmp_path: Path, make_app: Callable[..., Flask], proxies: int, hops: int
) -> None:
    site = make_app(proxies=proxies)
    with site.app_context():
        create_user("ana@example.org")
    client = site.test_client()
    headers = chain(hops)
    page = client.get("/login", headers=headers)
    assert "Strict-Transport-Security" in page.headers
    (cookie,) = page.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=")
    token = Reader(client).token()
    assert token
    with site.test_request_context("/", headers=headers) as context:
        seen: list[str] = []
        site.wsgi_app(context.request.environ, lambda *_: seen.append(context.request.environ["REMOTE_ADDR"]))
    assert seen == [f"10.0.0.{hops - proxies + 1}"]
