"""People with things of their own, each full of a word that nobody else may ever read: their canary."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select, update
from werkzeug.routing import Rule

from quizapp.accounts.models import LoginSession
from quizapp.banks.authorship.service import set_visibility
from quizapp.banks.models import Bank, BankMedium
from quizapp.banks.visibility import Visibility
from quizapp.db import db
from quizapp.jobs import service as jobs
from quizapp.jobs.models import Job
from quizapp.jobs.states import State
from quizapp.quizzes.pool import service as pool
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from tests.factories import banks, quizzes, reports, study, teaching
from tests.factories.accounts import create_learner, create_user, learner_of
from tests.factories.memory import MORNING, drill
from tests.factories.people import NOBODYS, Person, Values, create_person, open_session

_NOTES = """
- id: note
  question: "{canary} question?"
  answer: "{canary} right"
  distractors: [{{text: "{canary} wrong", why: "{canary} why"}}, {{text: Other, why: No}}, {{text: More, why: No}}]
  explanation: "{canary} explanation"
  tags: ["{canary}"]
  image: media/picture.png
  alt: "{canary} picture"
- id: other
  question: "{canary} second question?"
  answer: "{canary} also right"
  distractors: [Wrong, Other]
"""

PLAUSIBLE = {  # so that forms get past their own checks, to what they are about
    "add-email": "me@example.org",
    "answer_key": "0" * 32,
    "edits": "0",
    "email": "me@example.org",
    "give-email": "me@example.org",
    "lines": "- id: x",
    "message": "This is wrong.",
    "rating": "3",
    "reply": "Thank you.",
    "seen": "0",
    "text": "notes: []",
    "to": "0",
    "typing": "y",
    "version": "1",
    "visibility": "2",
    "what": "same",
}


@dataclass
class Owner:
    """Somebody with one of everything; `things` are what stands in addresses of it, as in factories/people.py."""

    person: Person
    canary: str

    @property
    def things(self) -> Values:
        return self.person.things


def rules(app: Flask, method: str) -> list[Rule]:
    """Return what can be asked for by a method."""
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


def thing(things: Values, rule: Rule, name: str) -> object | None:
    """Return what stands for an argument of a rule among somebody's things, if they have such a thing."""
    return things.get(f"{rule.endpoint.partition('.')[0]}.{name}", things.get(name))


def address_of(app: Flask, rule: Rule, things: Values) -> str:
    """Return the address of `rule` that names these things; for what is not among them, one that nobody has."""
    values = {name: thing(things, rule, name) or NOBODYS[name] for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values)


def create_owner(app: Flask, role: Role, name: str) -> Owner:
    """Add somebody who owns everything that their role can, in a bank that nobody else may see."""
    canary = f"zq{name}qz"
    person = create_person(app, Role.VISITOR, name=name)
    person.role = role
    author_id = create_user(f"author-{canary}@example.org", role=Role.INSTRUCTOR)
    if role is Role.GUEST:
        person.learner = create_learner()
    else:
        person.user_id = create_user(f"{canary}@example.org", role=role)
        person.learner = learner_of(person.user_id)
        person.things |= {"user_id": person.user_id, "jobs.code": _failed_job(person.user_id, canary)}
        if role >= Role.INSTRUCTOR:
            author_id = person.user_id
    _publish(author_id, f"bank-{name}", canary)
    person.things |= _bank_things(f"bank-{name}")
    person.things |= _studied(person, f"bank-{name}", canary)
    _hide(f"bank-{name}")
    if role >= Role.INSTRUCTOR:
        person.things |= _taught(author_id, f"bank-{name}", canary)
    return Owner(person, canary)


def _publish(author_id: int, slug: str, canary: str) -> None:
    media = {"media/picture.png": teaching.picture() + canary.encode()}
    for word in ("first", "second"):
        banks.publish(
            _NOTES.format(canary=canary).replace("second", word),
            bank=slug,
            title=f"{canary} bank",
            media=media,
            author_id=author_id,
        )
    reports.own(author_id, bank=slug)


def _hide(slug: str) -> None:
    bank_id = db.session.scalars(select(Bank.id).where(Bank.slug == slug)).one()
    unit.run(lambda: set_visibility(bank_id, Visibility.AUTHORS))


def _bank_things(slug: str) -> Values:
    sha256 = select(BankMedium.sha256).join(Bank, Bank.id == BankMedium.bank_id).where(Bank.slug == slug)
    return {
        "slug": slug,
        "card_id": study.cards_of(slug)[0],
        "sha256": db.session.scalars(sha256.limit(1)).one(),
        "key": "note",
        "note": "note",
        "number": 1,
    }


def _studied(person: Person, slug: str, canary: str) -> Values:
    learner = person.learner
    assert learner is not None
    begun, test, done = (
        quizzes.start(learner, count=2, banks=(slug,), mode=mode) for mode in ("practice", "test", "practice")
    )
    quizzes.answer(learner, begun, 1, quizzes.good_answer(quizzes.items(learner, begun)[0]))
    quizzes.answer(learner, test, 1, quizzes.good_answer(quizzes.items(learner, test)[0]))
    quizzes.flag(learner, test, 1)
    quizzes.answer_all(learner, done)
    quizzes.finish(learner, done)
    again = unit.run(
        lambda: pool.retake(
            learner, done, only_missed=False, new_code=secrets.token_urlsafe(16), seed=1, now=MORNING
        )
    )
    quizzes.answer_all(learner, again)
    quizzes.finish(learner, again)
    card_id = study.cards_of(slug)[0]
    drill(learner, card_id)
    open_session(learner, person.user_id)
    return {
        "sitting_id": study.start(learner, bank_slugs=[slug], beyond_limits=True),
        "quizzes.code": begun,
        "history.code": again,
        "history.other": done,
        "position": 1,
        "report_id": reports.report_card(learner, card_id, f"{canary} report"),
        "session_id": _latest_session(learner.id),
    }


def _latest_session(learner_id: int) -> int:
    query = select(LoginSession.id).where(LoginSession.learner_id == learner_id)
    return db.session.scalars(query.order_by(LoginSession.id.desc()).limit(1)).one()


def _taught(user_id: int, slug: str, canary: str) -> Values:
    source = banks.bank_yaml(_NOTES.format(canary=canary), bank=slug, title=f"{canary} draft")
    bank_id = db.session.scalars(select(Bank.id).where(Bank.slug == slug)).one()
    draft = teaching.create_draft(
        user_id,
        source,
        name=f"{canary}.yaml",
        media={"media/picture.png": teaching.picture()},
        bank_id=bank_id,
        based_on=2,
    )
    return {"teaching.code": draft.code, "name": "picture.png"}


def _failed_job(user_id: int, canary: str) -> str:
    code = unit.run(
        lambda: jobs.enqueue("count", {"word": canary}, title=f"{canary} job", user_id=user_id, now=now())
    )
    failed = {"state": State.FAILED, "message": f"{canary} failed", "finished_at": now()}
    unit.run(lambda: db.session.execute(update(Job).where(Job.code == code).values(**failed)))
    return code
