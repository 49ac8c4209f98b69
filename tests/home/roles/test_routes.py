"""The page that says who may do what."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from quizapp.home.roles.table import Route
from quizapp.web.access import Role, access_of
from tests.reader import Reader


def test_every_address_stands_under_the_role_that_may_call_it(app: Flask, client: FlaskClient) -> None:
    sections = Reader(client).get("/help/roles").soup.select("main section")
    told = [
        (role, row.code.get_text())
        for role, section in zip(Role, sections, strict=True)
        for row in section.select("tbody tr")
    ]
    rules = list(app.url_map.iter_rules())
    expected = [
        (role := access_of(app, rule.endpoint), Route(rule.rule, frozenset(), role, "").address)
        for rule in rules
    ]
    assert sorted(told) == sorted(expected)
    assert (Role.GUEST, "/quizzes/…code…/result") in told
    assert (Role.INSTRUCTOR, "/teach/reports/…report id…/answer") in told


def test_every_address_says_what_it_does_in_a_sentence(client: FlaskClient) -> None:
    page = Reader(client).get("/help/roles")
    sentences = [row.find("td").get_text() for row in page.soup.select("tbody tr")]
    assert [one for one in sentences if not (one[:1].isupper() and one.endswith("."))] == []
