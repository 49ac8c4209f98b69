"""Every address that names something, asked by everybody to whom it does not belong."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from quizapp.web.access import Role, access_of
from tests.attack.crowd import PLAUSIBLE, Owner, address_of, create_owner, thing
from tests.attack.ledger import changes, ledger
from tests.factories import banks
from tests.factories.people import Person, create_person


class Whose(enum.Enum):
    """To whom it belongs, that is, to whom an address answers."""

    LEARNERS = "the learner alone, whatever an administrator may otherwise do"
    AUTHORS = "the authors of a bank, and administrators"
    ASKERS = "who asked for a job, and administrators"
    SITES = "administrators"
    HOLDERS = "whoever holds the address, which is the secret"
    EVERYBODYS = "everybody: it ships with the program"


WHOSE = {
    "accounts.end_session": Whose.LEARNERS,
    "accounts.one_time_link": Whose.HOLDERS,
    "administration.change_role": Whose.SITES,
    "administration.disable": Whose.SITES,
    "administration.enable": Whose.SITES,
    "administration.end_sessions": Whose.SITES,
    "administration.reset_link": Whose.SITES,
    "administration.user": Whose.SITES,
    "banks.medium": Whose.AUTHORS,
    "history.compare": Whose.LEARNERS,
    "home.bank": Whose.AUTHORS,
    "jobs.cancel": Whose.ASKERS,
    "jobs.job": Whose.ASKERS,
    "jobs.retry": Whose.ASKERS,
    "quizzes.attempt": Whose.LEARNERS,
    "quizzes.flag": Whose.LEARNERS,
    "quizzes.item": Whose.LEARNERS,
    "quizzes.report": Whose.LEARNERS,
    "quizzes.respond": Whose.LEARNERS,
    "quizzes.result": Whose.LEARNERS,
    "quizzes.retake": Whose.LEARNERS,
    "quizzes.spend": Whose.LEARNERS,
    "quizzes.submit": Whose.LEARNERS,
    "static": Whose.EVERYBODYS,
    "study.bury": Whose.LEARNERS,
    "study.card": Whose.AUTHORS,
    "study.drill": Whose.LEARNERS,
    "study.finish": Whose.LEARNERS,
    "study.more": Whose.LEARNERS,
    "study.report_card": Whose.AUTHORS,
    "study.reset_card": Whose.AUTHORS,
    "study.review": Whose.LEARNERS,
    "study.send_report": Whose.AUTHORS,
    "study.summary": Whose.LEARNERS,
    "study.suspend": Whose.LEARNERS,
    "study.suspend_card": Whose.AUTHORS,
    "study.typing": Whose.LEARNERS,
    "study.undo": Whose.LEARNERS,
    "study.unsuspend_card": Whose.AUTHORS,
    "teaching.add_author": Whose.AUTHORS,
    "teaching.answer_report": Whose.AUTHORS,
    "teaching.archive": Whose.AUTHORS,
    "teaching.bank": Whose.AUTHORS,
    "teaching.bank_reports": Whose.AUTHORS,
    "teaching.choose_visibility": Whose.AUTHORS,
    "teaching.close_report": Whose.AUTHORS,
    "teaching.compare_versions": Whose.AUTHORS,
    "teaching.delete_note": Whose.AUTHORS,
    "teaching.discard": Whose.AUTHORS,
    "teaching.download": Whose.AUTHORS,
    "teaching.download_package": Whose.AUTHORS,
    "teaching.download_version": Whose.AUTHORS,
    "teaching.draft": Whose.AUTHORS,
    "teaching.draft_version": Whose.AUTHORS,
    "teaching.edit": Whose.AUTHORS,
    "teaching.edit_note": Whose.AUTHORS,
    "teaching.edit_text": Whose.AUTHORS,
    "teaching.hand_over": Whose.AUTHORS,
    "teaching.move_note": Whose.AUTHORS,
    "teaching.new_note": Whose.AUTHORS,
    "teaching.note_reports": Whose.AUTHORS,
    "teaching.notes": Whose.AUTHORS,
    "teaching.picture": Whose.AUTHORS,
    "teaching.preview": Whose.AUTHORS,
    "teaching.preview_note": Whose.AUTHORS,
    "teaching.problems": Whose.AUTHORS,
    "teaching.problems_text": Whose.AUTHORS,
    "teaching.publish": Whose.AUTHORS,
    "teaching.recheck": Whose.AUTHORS,
    "teaching.remove_author": Whose.AUTHORS,
    "teaching.reopen_report": Whose.AUTHORS,
    "teaching.replace": Whose.AUTHORS,
    "teaching.restore_note": Whose.AUTHORS,
    "teaching.settings": Whose.AUTHORS,
    "teaching.unarchive": Whose.AUTHORS,
}
NAMES = {
    "key",
    "name",
    "note",
    "number",
    "position",
    "teaching.user_id",
}  # of a part of what stands before them
PACKED = {"teaching.download", "teaching.download_package", "teaching.picture"}  # where no word can be read
SHARED = {"card_id"}  # by all who may study its bank, as an administrator may every one
BEGINS_A_GUEST = ("learner: +", "login_session: +")  # a visitor's first form makes them one, found or not


@dataclass
class Crowd:
    """Who owns what, and who comes asking."""

    app: Flask
    owners: dict[Role, Owner]
    strangers: dict[Role, Person]

    def rules(self) -> Iterator[Rule]:
        yield from (rule for rule in self.app.url_map.iter_rules() if rule.arguments)


@pytest.fixture(scope="module")
def crowd(site: Flask) -> Crowd:
    banks.publish()
    owners = {role: create_owner(site, role, role.name.lower()) for role in list(Role)[1:4]}
    strangers = {role: create_person(site, role, name=f"other-{role.name.lower()}") for role in Role}
    return Crowd(site, owners, strangers)


def addresses(crowd: Crowd, rule: Rule, owner: Owner, stranger: Person) -> Iterator[str]:
    """Yield the addresses of `rule` that name something of the owner's, alone or beside what the stranger owns."""
    foreign = {name: thing(owner.things, rule, name) for name in rule.arguments}
    if None in foreign.values():
        return  # nobody of this role owns such a thing
    held = [name for name in sorted(foreign) if not {name, f"{rule.endpoint.split('.')[0]}.{name}"} & NAMES]
    for many in range(1, len(held) + 1):
        for theirs in itertools.combinations(held, many):
            if stranger.role is Role.ADMINISTRATOR and set(theirs) <= SHARED:
                continue
            own = {name: thing(stranger.things, rule, name) for name in held if name not in theirs}
            if None not in own.values():
                yield address_of(crowd.app, rule, foreign | own)


def answers(crowd: Crowd, stranger: Person, owner: Owner, token: str) -> Iterator[tuple[Rule, TestResponse]]:
    """Yield what the stranger is answered at every address of the owner's that is none of their business."""
    for rule in crowd.rules():
        whose = WHOSE[rule.endpoint]
        if whose in {Whose.HOLDERS, Whose.EVERYBODYS}:
            continue
        if stranger.role is Role.ADMINISTRATOR and whose is not Whose.LEARNERS:
            continue
        for address in addresses(crowd, rule, owner, stranger):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                if stranger.role is Role.VISITOR:
                    stranger.enter()  # what they sent before may have made them a guest
                data = PLAUSIBLE | {"csrf_token": token} if method == "POST" else None
                with stranger.client.open(address, method=method, data=data) as answer:
                    yield rule, answer


def is_refusal(crowd: Crowd, rule: Rule, role: Role, answer: TestResponse) -> bool:
    """Whether an answer says no more than "not you" (by role: sign in, or 403), or "nothing there" (404)."""
    needed = access_of(crowd.app, rule.endpoint)
    assert needed is not None
    if role >= needed:
        return answer.status_code == 404
    if role < Role.LEARNER:
        return answer.status_code == 302 and answer.location.startswith("/login?next=")
    return answer.status_code == 403


def test_every_address_that_names_something_is_listed_with_its_owner(crowd: Crowd) -> None:
    assert {rule.endpoint for rule in crowd.rules()} == WHOSE.keys()


@pytest.mark.parametrize("owner", list(Role)[1:4], ids=lambda role: f"of-{role.name.lower()}")
@pytest.mark.parametrize("stranger", list(Role), ids=lambda role: f"by-{role.name.lower()}")
def test_what_is_somebody_elses_is_not_there(crowd: Crowd, stranger: Role, owner: Role) -> None:
    them, owned = crowd.strangers[stranger], crowd.owners[owner]
    token = them.enter()
    before, complaints, asked = ledger(), [], 0
    for rule, answer in answers(crowd, them, owned, token):
        asked += 1
        told = f"{answer.request.method} {answer.request.path} ({rule.endpoint}): {answer.status_code}"
        if not is_refusal(crowd, rule, stranger, answer):
            complaints.append(f"{told} {answer.location or ''}")
        if owned.canary in str(answer.headers) or owned.canary.encode() in answer.data:
            complaints.append(f"{told}, and tells what is none of theirs")
    assert "\n".join(complaints) == ""
    assert asked > 20
    allowed = BEGINS_A_GUEST if stranger is Role.VISITOR else ()
    assert [change for change in changes(before, ledger()) if not change.startswith(allowed)] == []


def test_its_owner_is_shown_what_others_are_not(crowd: Crowd) -> None:
    # or else the table of refusals would prove nothing
    owned = crowd.owners[Role.INSTRUCTOR]
    owned.person.enter()
    private = {Whose.LEARNERS, Whose.AUTHORS, Whose.ASKERS}
    rules = [
        rule for rule in crowd.rules() if "GET" in (rule.methods or ()) and WHOSE[rule.endpoint] in private
    ]
    silent = {rule.endpoint for rule in rules}
    for rule in rules:
        for address in addresses(crowd, rule, owned, owned.person):
            with owned.person.client.get(address, follow_redirects=True) as answer:
                assert answer.status_code == 200, address
                if owned.canary.encode() in answer.data:
                    silent.discard(rule.endpoint)
    assert silent == PACKED
