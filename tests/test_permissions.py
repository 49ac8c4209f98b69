"""Every address asked by every role, with what is one's own, somebody else's and nobody's.

A new argument of an address needs a line in `NOBODYS`, and where somebody can own what it names, a value, both in
tests/factories/people.py. What of somebody else's must not be there at all stands in tests/attack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, Table, false, or_
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from quizapp.db import db
from quizapp.web.access import Role, access_of
from tests.attack.ledger import Ledger, changes, ledger
from tests.databases import Databases
from tests.factories import banks
from tests.factories.people import NOBODYS, Person, Values, create_person
from tests.reader import FETCH

PLAUSIBLE = {  # so that most forms get past their own checks, to what they are about
    "answer_key": "0" * 32,
    "choice": "add",
    "edits": "0",
    "email": "me@example.org",
    "message": "This is wrong.",
    "rating": "3",
    "seen": "0",
    "time_zone": "UTC",
    "visibility": "2",
    "what": "same",
}
SHARED: Values = {
    "key": "receptor",
    "note": "receptor",
    "number": 1,
}  # names that say nothing without the bank they stand in
THEIRS_ALONE = {
    "sitting_id",
    "session_id",
    "code",
    "other",
}  # not even an administrator's business in STUDYING
HEADERS = {
    "mine": {},
    "theirs": {},
    "nobodys": FETCH,
}  # which is told "no" in few words
STUDYING = {"study", "quizzes", "history", "accounts"}


@dataclass
class Site:
    """Somebody of the role in question, and an instructor whose things are none of theirs."""

    app: Flask
    me: Person
    rival: Person

    def address(self, rule: Rule, whose: str) -> str:
        """Return an address of `rule` that names what is mine, theirs or nobody's."""
        blueprint = rule.endpoint.partition(".")[0]
        known = {"mine": SHARED | self.me.things, "theirs": SHARED | self.rival.things, "nobodys": {}}[whose]
        values = {
            name: known.get(f"{blueprint}.{name}", known.get(name, NOBODYS[name])) for name in rule.arguments
        }
        with self.app.test_request_context():
            return self.app.url_map.bind("localhost").build(rule.endpoint, values)

    def rules(self, method: str) -> Iterator[tuple[Rule, Role]]:
        """Yield every address that takes `method`, with the lowest role that may call it."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if method in (rule.methods or ()):
                role = access_of(self.app, rule.endpoint)
                assert role is not None
                yield rule, role


@pytest.fixture(scope="module", params=list(Role), ids=lambda role: role.name.lower())
def site(request: pytest.FixtureRequest, _site: Flask, _built: Databases) -> Iterator[Site]:
    """One site for a role: its pages are opened before a form is sent, and one's own things are changed last."""
    _built.renew(_site)
    with pytest.MonkeyPatch.context() as patch, _site.app_context():
        patch.setitem(_site.config, "PROPAGATE_EXCEPTIONS", False)  # a failure is an answer, as on a server
        banks.publish()
        me = create_person(_site, request.param, name="me")
        yield Site(_site, me, create_person(_site, Role.INSTRUCTOR, name="rival"))
        db.session.remove()


def rivals(site: Site) -> Ledger:
    """Return every row that belongs to the rival."""
    return ledger(where=lambda table: _is_rivals(table, site))


def _is_rivals(table: Table, site: Site) -> ColumnElement[bool]:
    assert site.rival.learner is not None
    learner_id, user_id = site.rival.learner.id, site.rival.user_id
    own = {"user": user_id, "learner": learner_id, "problem_report": site.rival.things["report_id"]}
    if table.name in own:
        return table.c.id == own[table.name]
    owners = {"learner_id": learner_id, "user_id": user_id, "owner_id": user_id}
    return or_(false(), *(table.c[name] == value for name, value in owners.items() if name in table.c))


def is_refusal(answer: TestResponse, role: Role) -> bool:
    """Whether an answer keeps somebody of `role` out: by asking them to sign in, if that could help."""
    if role < Role.LEARNER:
        return answer.status_code == 302 and answer.location.startswith("/login?next=")
    return answer.status_code in {403, 404}


def complaint(site: Site, rule: Rule, needed: Role, whose: str, answer: TestResponse) -> str:
    """Return what is wrong with an answer, "" if nothing."""
    role, status = site.me.role, answer.status_code
    told = f"{answer.request.method} {answer.request.path}: {status}"
    if role < needed:
        return "" if is_refusal(answer, role) else f"{told}, and should be refused"
    if status >= 500:
        return told
    blueprint = rule.endpoint.partition(".")[0]
    private = blueprint in STUDYING and bool(THEIRS_ALONE & rule.arguments)
    if private and whose != "mine" and answer.request.method == "GET" and status != 404:
        return f"{told}, and is none of theirs"
    return ""


@pytest.mark.parametrize("whose", ["mine", "theirs", "nobodys"])
def test_opening_a_page_is_refused_or_harmless(site: Site, whose: str) -> None:
    site.me.enter()
    complaints = []
    for rule, needed in site.rules("GET"):
        with site.me.client.get(site.address(rule, whose), headers=HEADERS[whose]) as answer:
            complaints.append(complaint(site, rule, needed, whose, answer))
    assert "\n".join(filter(None, complaints)) == ""


@pytest.mark.parametrize("whose", ["nobodys", "theirs", "mine"])
def test_sending_a_form_is_refused_or_answered_and_touches_nothing_of_others(site: Site, whose: str) -> None:
    site.rival.enter()
    before, complaints = rivals(site), []
    for rule, needed in site.rules("POST"):
        token = site.me.enter()
        answer = site.me.client.post(
            site.address(rule, whose), data=PLAUSIBLE | {"csrf_token": token}, headers=HEADERS[whose]
        )
        complaints.append(complaint(site, rule, needed, whose, answer))
    assert "\n".join(filter(None, complaints)) == ""
    if site.me.role < Role.ADMINISTRATOR:
        assert changes(before, rivals(site)) == []
