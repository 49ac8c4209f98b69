"""What changes something needs the token of the very browser that asks; what only looks changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from quizapp.web.access import Role
from tests.attack.crowd import PLAUSIBLE, Owner, address_of, rules
from tests.attack.ledger import changes, ledger
from tests.factories.people import Person
from tests.reader import FETCH, Reader


def sender_of(app: Flask, owners: dict[Role, Owner], role: Role) -> Person:
    """Return somebody at a browser who asks for what is their own; a visitor, for what is a guest's."""
    if role is Role.VISITOR:
        return Person(role, app.test_client(), things=owners[Role.GUEST].things)
    return owners[role].person


def none(_app: Flask, _token: str) -> dict[str, str]:
    return {}


def empty(_app: Flask, _token: str) -> dict[str, str]:
    return {"csrf_token": ""}


def garbage(_app: Flask, _token: str) -> dict[str, str]:
    return {"csrf_token": "\x00garbage.\N{SNOWMAN}"}


def of_another_browser(app: Flask, _token: str) -> dict[str, str]:
    return {"csrf_token": Reader(app.test_client()).token()}


def altered(_app: Flask, token: str) -> dict[str, str]:
    return {"csrf_token": ("B" if token[0] == "A" else "A") + token[1:]}


def without_signature(_app: Flask, token: str) -> dict[str, str]:
    return {"csrf_token": token.partition(".")[0]}


def signed_elsewhere(app: Flask, token: str) -> dict[str, str]:
    raw = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").loads(token)
    return {"csrf_token": URLSafeTimedSerializer("another key", salt="wtf-csrf-token").dumps(raw)}


def under_another_name(_app: Flask, token: str) -> dict[str, str]:
    return {"token": token}


WRONG = (
    none,
    empty,
    garbage,
    of_another_browser,
    altered,
    without_signature,
    signed_elsewhere,
    under_another_name,
)


def test_no_address_takes_a_change_but_by_post(site: Flask) -> None:
    methods = {method for rule in site.url_map.iter_rules() for method in rule.methods or ()}
    assert methods == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    ("role", "wrong"),
    [(Role.VISITOR, none), (Role.GUEST, none), *((Role.ADMINISTRATOR, wrong) for wrong in WRONG)],
    ids=lambda value: value.name.lower() if isinstance(value, Role) else value.__name__,
)
def test_no_form_is_taken_with_a_wrong_token(
    site: Flask, owners: dict[Role, Owner], role: Role, wrong: Callable[[Flask, str], dict[str, str]]
) -> None:
    sender = sender_of(site, owners, role)
    token = sender.enter()
    fields = PLAUSIBLE | wrong(site, token)
    before = ledger()
    answers = {
        rule.rule: sender.client.post(
            address_of(site, rule, sender.things), data=fields, headers=FETCH
        ).status_code
        for rule in rules(site, "POST")
    }
    assert {rule: status for rule, status in answers.items() if status != 400} == {}
    assert len(answers) > 50
    assert changes(before, ledger()) == []


def test_a_token_in_the_address_is_none(site: Flask, owners: dict[Role, Owner]) -> None:
    sender = owners[Role.ADMINISTRATOR].person
    token = sender.enter()
    before = ledger()
    for rule in rules(site, "POST"):
        address = address_of(site, rule, sender.things)
        answer = sender.client.post(f"{address}?csrf_token={token}", data=PLAUSIBLE, headers=FETCH)
        assert answer.status_code == 400, address
    assert changes(before, ledger()) == []


def test_the_right_token_is_taken(site: Flask, owners: dict[Role, Owner]) -> None:
    # or else every one would be refused, and the tests above prove nothing
    sender = owners[Role.ADMINISTRATOR].person
    token = sender.enter()
    assert sender.client.post("/theme", data={"csrf_token": token, "theme": "dark"}).status_code == 303


@pytest.mark.parametrize(
    ("method", "owner"),
    [
        *(("GET", role) for role in list(Role)[1:]),
        ("HEAD", Role.ADMINISTRATOR),
        ("OPTIONS", Role.ADMINISTRATOR),
    ],
    ids=lambda value: value.name.lower() if isinstance(value, Role) else value,
)
def test_looking_changes_nothing_whatever_the_address_asks_for(
    site: Flask, owners: dict[Role, Owner], owner: Role, method: str
) -> None:
    person = owners[owner].person
    person.enter()
    before = ledger()
    for rule in site.url_map.iter_rules():
        address = address_of(site, rule, person.things)
        with person.client.open(address, method=method, query_string=PLAUSIBLE) as answer:
            assert answer.status_code < 500, address
            assert method != "HEAD" or answer.data == b"", address
    assert changes(before, ledger()) == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "PROPFIND"])
def test_other_methods_reach_nothing(site: Flask, owners: dict[Role, Owner], method: str) -> None:
    person = owners[Role.ADMINISTRATOR].person
    fields = PLAUSIBLE | {"csrf_token": person.enter()}
    before = ledger()
    for rule in site.url_map.iter_rules():
        address = address_of(site, rule, person.things)
        assert person.client.open(address, method=method, data=fields, headers=FETCH).status_code == 405, (
            address
        )
    assert changes(before, ledger()) == []
