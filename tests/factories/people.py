"""Somebody of each role at a browser, each with something of every kind that can be theirs."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from quizapp import limits
from quizapp.accounts import service
from quizapp.accounts.models import LoginSession
from quizapp.accounts.sessions import new_token, token_sha256
from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.authorship.service import set_visibility
from quizapp.banks.models import Bank
from quizapp.banks.visibility import Visibility
from quizapp.db import db
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from tests.factories import banks, jobs, quizzes, reports, study, teaching
from tests.factories.accounts import create_learner, create_user, learner_of
from tests.reader import Reader

Values = dict[str, object]  # of an address's arguments; those of two meanings as "blueprint.argument"
NOBODYS: Values = {
    "card_id": limits.URL_ID_MAX,
    "code": "A" * 22,
    "filename": "css/nothing.css",
    "key": "nothing",
    "name": "nothing.png",
    "note": "nothing",
    "number": limits.URL_ID_MAX,
    "other": "A" * 22,
    "position": 1,
    "report_id": limits.URL_ID_MAX,
    "session_id": limits.URL_ID_MAX,
    "sha256": "0" * 64,
    "sitting_id": limits.URL_ID_MAX,
    "slug": "nothing",
    "token": "nothing",
    "user_id": limits.URL_ID_MAX,
}


@dataclass
class Person:
    """Somebody, the browser they sit at, and what stands in the addresses of what is theirs."""

    role: Role
    client: FlaskClient
    learner: LearnerSettings | None = None
    user_id: int | None = None
    things: Values = field(default_factory=dict)
    _form_token: str = ""
    _cookie: dict[str, object] = field(default_factory=dict)

    def enter(self) -> str:
        """Sit down at the browser as if nothing had happened there, signed in anew; return a form token."""
        if not self._form_token:
            self._form_token = Reader(self.client).token()
            with self.client.session_transaction() as cookie:
                self._cookie = dict(cookie)
        token = {} if self.learner is None else {"token": open_session(self.learner, self.user_id)}
        with self.client.session_transaction() as cookie:
            cookie.clear()
            cookie.update(self._cookie | token)
        return self._form_token


def open_session(learner: LearnerSettings, user_id: int | None) -> str:
    """Sign a learner in somewhere, and return the token of that browser."""
    token = new_token()
    unit.run(
        lambda: service.open_session(
            token=token, learner_id=learner.id, user_id=user_id, agent="tests", now=now()
        )
    )
    return token


def create_person(app: Flask, role: Role, *, name: str) -> Person:
    """Add somebody with one of everything that their role can have, called `name`; "sample" is published."""
    person = Person(role, app.test_client())
    if role is Role.GUEST:
        person.learner = create_learner()
    elif role > Role.GUEST:
        person.user_id = create_user(f"{name}@example.org", role=role)
        person.learner = learner_of(person.user_id)
        person.things |= {"user_id": person.user_id, "jobs.code": jobs.create_job(user_id=person.user_id)}
    if person.learner is not None:
        person.things |= _studied(person.learner, person.user_id)
        editor = create_user(f"editor-of-{name}@example.org", role=Role.ADMINISTRATOR)
        reports.answer(reports.report_card(person.learner, study.cards_of("sample")[0]), editor)
    if person.user_id is not None and role >= Role.INSTRUCTOR:
        person.things |= _taught(person.user_id, bank=name)
    return person


def _studied(learner: LearnerSettings, user_id: int | None) -> Values:
    begun, done = (quizzes.start(learner, count=2, banks=("sample",)) for _ in range(2))
    quizzes.answer(learner, begun, 1, quizzes.good_answer(quizzes.items(learner, begun)[0]))
    quizzes.answer_all(learner, done)
    quizzes.finish(learner, done)
    session = token_sha256(open_session(learner, user_id))
    return {
        "sitting_id": study.start(learner, bank_slugs=["sample"]),
        "quizzes.code": begun,
        "history.code": done,
        "history.other": done,
        "session_id": db.session.scalars(
            select(LoginSession.id).where(LoginSession.token_sha256 == session)
        ).one(),
    }


def _taught(user_id: int, *, bank: str) -> Values:
    banks.publish(bank=bank, title=f"The bank of {bank}")
    reports.own(user_id, bank=bank)
    bank_id = db.session.scalars(select(Bank.id).where(Bank.slug == bank)).one()
    unit.run(lambda: set_visibility(bank_id, Visibility.AUTHORS))
    card_id = study.cards_of(bank)[0]
    return {
        "slug": bank,
        "card_id": card_id,
        "report_id": reports.report_card(create_learner(), card_id),
        "teaching.code": teaching.create_draft(user_id, bank_id=bank_id, based_on=1).code,
    }
