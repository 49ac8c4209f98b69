"""A site with rows in every table, left by people of all roles."""

from __future__ import annotations

from flask import Flask

from quizapp.accounts import service as accounts
from quizapp.accounts.viewer import LearnerSettings
from quizapp.db import db
from quizapp.memory import service
from quizapp.memory.kinds import Rating
from quizapp.quizzes.pool import service as pool
from quizapp.teaching.models import DraftCheck
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from tests.factories import banks, memory, quizzes, reports
from tests.factories.accounts import create_user, learner_of
from tests.factories.memory import MORNING
from tests.factories.people import Person, create_person
from tests.factories.study import cards_of, start
from tests.factories.teaching import create_draft, picture

PICTURES = {"media/kidney.png": picture()}


def fill(app: Flask) -> list[Person]:
    """Fill a site, and return its guest, learner, instructor and administrator. A user with the last id is gone."""
    banks.publish(quizzes.MIXED, media=PICTURES)
    people = [
        create_person(app, role, name=role.name.lower())
        for role in (Role.GUEST, Role.LEARNER, Role.INSTRUCTOR, Role.ADMINISTRATOR)
    ]
    for person in people:
        assert person.learner is not None
        study(person.learner)
    teacher, administrator = people[2].user_id, people[3].user_id
    assert teacher is not None
    assert administrator is not None
    reports.write_with(teacher)
    draft = create_draft(teacher, media=PICTURES)
    unit.run(lambda: db.session.add(DraftCheck(draft_id=draft.id, edits=0, found={"text": "GABA‑B → „ja“"})))
    unit.run(lambda: accounts.add_code("spring", uses=5, expires_at=None))
    unit.run(lambda: accounts.issue_password_link(teacher, now=now()))
    unit.run(lambda: accounts.begin_attempt(account=b"\x00\xff" * 16, address="127.0.0.1", now=now()))
    gone = create_user("gone@example.org")
    unit.run(lambda: accounts.erase_learner(learner_of(gone).id, user_id=gone))
    db.session.rollback()
    return people


def study(learner: LearnerSettings) -> None:
    """Drill; take back, suspend and bury; flag a question, and take a quiz again."""
    first, second = cards_of("sample")
    sitting = start(learner)
    for card_id, rating in ((first, Rating.GOOD), (second, Rating.AGAIN), (first, Rating.EASY)):
        memory.drill(learner, card_id, rating, sitting_id=sitting)
    memory.undo(learner, sitting)
    memory.mark(service.bury_card, learner, first)
    memory.mark(service.suspend_card, learner, second)
    code = quizzes.start(learner, mode="test")
    quizzes.flag(learner, code, 2)
    quizzes.answer_all(learner, code, wrong=[1])
    quizzes.finish(learner, code)
    again = f"again-{learner.id}"
    unit.run(lambda: pool.retake(learner, code, only_missed=False, new_code=again, seed=8, now=MORNING))
