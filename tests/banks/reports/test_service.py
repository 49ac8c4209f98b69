"""Answering, closing and moving reports, beneath the pages."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.models import Bank
from quizapp.banks.reports import queries, service
from quizapp.banks.reports.queries import OwnReport
from quizapp.db import db
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.web import unit
from quizapp.web.access import Role
from tests.factories import banks, reports
from tests.factories.accounts import create_learner, create_user
from tests.factories.memory import MORNING
from tests.factories.study import cards_of

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def learner(app: Flask) -> LearnerSettings:
    banks.publish()
    return create_learner()


@pytest.fixture
def author(learner: LearnerSettings) -> int:
    author = create_user("ira@example.org", role=Role.INSTRUCTOR)
    reports.own(author)
    return author


@pytest.fixture
def report_id(learner: LearnerSettings) -> int:
    return reports.report_card(learner, cards_of("sample")[0])


def answer(report_id: int, user_id: int, **changes: object) -> None:
    wanted = {
        "reply": "Thank you.", "fixed_in": None, "is_closing": False, "answered_before": None, "now": MORNING,
    } | changes  # fmt: skip
    unit.run(lambda: service.answer_report(report_id, user_id=user_id, is_administrator=False, **wanted))


def own(learner: LearnerSettings) -> OwnReport:
    (found,) = queries.own_reports(learner.id, page=1).items
    return found


def test_a_changed_answer_is_new_again(learner: LearnerSettings, author: int, report_id: int) -> None:
    answer(report_id, author)
    assert queries.unseen_answers(learner.id) == 1
    unit.run(lambda: service.mark_seen(learner.id, now=MORNING))
    assert queries.unseen_answers(learner.id) == 0
    answer(report_id, author, reply="On second thoughts.", answered_before=MORNING, now=MORNING + HOUR)
    assert queries.unseen_answers(learner.id) == 1
    assert own(learner).report.reply == "On second thoughts."


def test_an_answer_replaces_only_the_one_its_author_has_read(
    learner: LearnerSettings, author: int, report_id: int
) -> None:
    answer(report_id, author)
    with pytest.raises(Conflict, match="Somebody answered this report meanwhile"):
        answer(report_id, author, reply="Late.", now=MORNING + HOUR)
    assert own(learner).report.reply == "Thank you."


def test_only_a_version_after_the_wording_that_was_seen_can_correct_it(
    learner: LearnerSettings, author: int, report_id: int
) -> None:
    for version in (1, 2):
        with pytest.raises(Invalid, match="Choose a version that came after"):
            answer(report_id, author, reply="", fixed_in=version)
    banks.publish(banks.FACTS.replace("Kidney", "The kidneys"))
    answer(report_id, author, reply="", fixed_in=2, is_closing=True)
    report = own(learner).report
    assert (report.reply, report.fixed_in, report.closed_at) == (None, 2, MORNING)


def test_who_may_not_change_the_bank_can_do_nothing(
    learner: LearnerSettings, author: int, report_id: int
) -> None:
    other = create_user("otto@example.org", role=Role.INSTRUCTOR)
    who = {"user_id": other, "is_administrator": False}
    with pytest.raises(NotFound):
        answer(report_id, other)
    with pytest.raises(NotFound):
        unit.run(lambda: service.close_report(report_id, now=MORNING, **who))
    with pytest.raises(NotFound):
        unit.run(lambda: service.reopen_report(report_id, **who))


def test_reports_move_once(learner: LearnerSettings, report_id: int) -> None:
    other = create_learner()

    def move() -> int:
        return unit.run(lambda: service.move_reports(source_learner_id=learner.id, learner_id=other.id))

    assert [move(), move()] == [1, 0]
    assert own(other).report.id == report_id
    assert queries.report_count(learner.id) == 0


def test_an_inbox_lists_open_notes_by_their_latest_report(learner: LearnerSettings, author: int) -> None:
    receptor, start, organ = cards_of("sample")
    bank_id = db.session.scalars(select(Bank.id)).one()
    for number, card_id in enumerate((organ, receptor, start, receptor)):
        reports.report_card(learner, card_id, f"Report {number}.")
    closed = reports.report_card(learner, organ, "One more.")
    unit.run(lambda: service.close_report(closed, user_id=author, is_administrator=False, now=MORNING))
    listed = queries.reported_notes([bank_id], is_open=True, page=1).items
    assert [(note.key, note.reports) for note in listed] == [("receptor", 2), ("start", 1), ("organ", 1)]
    put_away = queries.reported_notes([bank_id], is_open=False, page=1).items
    assert [(note.key, note.reports) for note in put_away] == [("organ", 1)]
    assert queries.reported_notes([], is_open=True, page=1).items == []
