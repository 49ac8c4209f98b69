"""Whoever is asked to sign in gets to the page they asked for, and nowhere else, however they come in."""

from __future__ import annotations

import pytest
from bs4 import Tag
from flask import Flask
from flask.testing import FlaskClient

from quizapp.web.access import Role, access_of
from tests.attack.crowd import Owner, address_of, rules
from tests.attack.test_addresses import ELSEWHERE
from tests.factories.accounts import PASSWORD, create_user
from tests.reader import Page, Reader, form_values

ASKED = (
    "/account?tab=1&tab=2",
    "/admin/users?page=2&q=a%20b%C3%A9%26c",
    "/change?next=%2F%2Fevil.example",
    "/study/1?card=1&seen=0&turned=1&typed=%3Cb%3E%22%27%5C",
)


def sent_by(form: Tag, client: FlaskClient, **fields: str) -> str:
    """Fill in and send a form; return where that leads."""
    answer = client.post(str(form["action"]), data={**form_values(form), **fields})
    assert answer.status_code == 303, answer.text
    return answer.location


def opened(client: FlaskClient, address: str) -> Page:
    """Open an address, going wherever it leads."""
    return Page(client.get(address, follow_redirects=True))


def test_a_visitor_who_signs_in_lands_where_they_were_going(site: Flask, owner: Owner) -> None:
    protected = [
        address_of(site, rule, owner.things)
        for rule in rules(site, "GET")
        if access_of(site, rule.endpoint) != Role.VISITOR
    ]
    assert len(protected) > 30
    for address in (*protected, *ASKED):
        client = site.test_client()
        page = opened(client, address)
        assert page.url.startswith("/login?next="), address
        said = {"email": f"{owner.canary}@example.org", "password": PASSWORD}
        assert sent_by(page.form("/login"), client, **said) == address


def test_a_wrong_password_in_between_does_not_lose_the_way(site: Flask, owner: Owner) -> None:
    reader = Reader(site.test_client())
    reader.get("/teach?page=2")
    email = f"{owner.canary}@example.org"
    page = reader.submit("/login", {"email": email, "password": "wrong password"}, status=422)
    landed = sent_by(page.form("/login"), reader.client, email=email, password=PASSWORD)
    assert landed == "/teach?page=2"


@pytest.mark.parametrize("address", ASKED)
def test_a_visitor_who_makes_an_account_instead_lands_there_too(site: Flask, address: str) -> None:
    client = site.test_client()
    [register] = [link for link in opened(client, address).links() if link.startswith("/register?")]
    said = {"email": f"new{ASKED.index(address)}@example.org"}
    said |= {"password": PASSWORD, "password_confirm": PASSWORD}
    assert sent_by(opened(client, register).form("/register"), client, **said) == address


def test_a_guest_lands_there_after_they_were_asked_about_their_work(site: Flask, owner: Owner) -> None:
    create_user("ana@example.org")
    reader = Reader(site.test_client())
    reader.get("/study")
    reader.submit("/study/start", {"bank": "sample"})
    reader.submit("/review", {"rating": "3"})
    page = opened(reader.client, "/change?a=b&c=d")
    asked = sent_by(page.form("/login"), reader.client, email="ana@example.org", password=PASSWORD)
    assert asked.startswith("/join?next=")
    assert (
        sent_by(opened(reader.client, asked).form("/join"), reader.client, choice="add") == "/change?a=b&c=d"
    )


def test_a_form_that_a_visitor_sends_is_not_sent_again_by_signing_in(site: Flask, owner: Owner) -> None:
    client = site.test_client()
    answer = client.post("/account?x=1", data={"csrf_token": Reader(client).token(), "new_per_day": "7"})
    assert (answer.status_code, answer.location) == (302, "/login?next=/")


@pytest.mark.parametrize("target", ELSEWHERE[::3], ids=ascii)
def test_nobody_is_sent_elsewhere_after_making_an_account(site: Flask, target: str) -> None:
    for number, by_form in enumerate((True, False)):
        client = site.test_client()
        form = opened(client, "/register").form("/register")
        said = {"email": f"a{ELSEWHERE.index(target)}-{number}@example.org"}
        said |= form_values(form) | said | {"password": PASSWORD, "password_confirm": PASSWORD}
        query = {} if by_form else {"next": target}
        said["next"] = target if by_form else ""
        answer = client.post("/register", data=said, query_string=query)
        assert (answer.status_code, answer.location) == (303, "/")
