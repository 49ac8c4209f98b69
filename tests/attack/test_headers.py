"""Every response carries the headers that keep a page from being framed, sniffed, sent on or kept by others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from quizapp.web.access import Role
from tests.attack.crowd import Owner, address_of
from tests.factories.people import Person
from tests.reader import FETCH

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
MAY_BE_KEPT = {"static", "banks.media"}  # the same for whoever may see it, under an address of its content


def responses(
    app: Flask, person: Person, things: dict[str, object], **asked: object
) -> Iterator[tuple[str, TestResponse]]:
    """Ask for every address as a page, and send every form without its token."""
    for rule in app.url_map.iter_rules():
        address = address_of(app, rule, things)
        for method in ("GET", "POST", "OPTIONS"):
            with person.client.open(address, method=method, **asked) as response:
                yield rule.endpoint, response


def is_strict(response: TestResponse) -> bool:
    policy = dict(
        part.strip().partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split(";")
    )
    return policy["default-src"] in {"'self'", "'none'"} and "unsafe" not in str(policy)


@pytest.mark.parametrize("role", list(Role)[1:], ids=lambda role: role.name.lower())
@pytest.mark.parametrize("headers", [{}, FETCH], ids=["page", "fetch"])
def test_every_answer_carries_them_and_is_kept_by_nobody(
    site: Flask, owners: dict[Role, Owner], role: Role, headers: dict[str, str]
) -> None:
    statuses = set()
    for endpoint, response in responses(site, owners[role].person, owners[role].things, headers=headers):
        asked = f"{response.request.method} {response.request.path}"
        assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS, asked
        assert is_strict(response), asked
        if endpoint not in MAY_BE_KEPT:
            assert response.headers["Cache-Control"] == "no-store", asked
        statuses.add(response.status_code)
    assert {200, 400} <= statuses


def test_a_visitor_is_sent_to_sign_in_with_them(site: Flask, owners: dict[Role, Owner]) -> None:
    visitor = Person(Role.VISITOR, site.test_client(), things={})
    sent_on = 0
    for _, response in responses(site, visitor, owners[Role.ADMINISTRATOR].things):
        assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
        assert is_strict(response)
        sent_on += response.status_code == 302
    assert sent_on
