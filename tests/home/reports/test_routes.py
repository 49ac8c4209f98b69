"""A learner's own reports: what they said, what became of it, and that nobody else's are there."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.reports import service
from quizapp.web import unit
from quizapp.web.access import Role
from tests.factories import banks, reports
from tests.factories.accounts import PASSWORD, create_user, learner_of
from tests.factories.memory import MORNING
from tests.factories.study import cards_of
from tests.reader import Page, Reader

EMAIL = "ana@example.org"


@pytest.fixture
def author(app: Flask) -> int:
    banks.publish()
    author = create_user("ira@example.org", role=Role.INSTRUCTOR)
    reports.own(author)
    return author


@pytest.fixture
def ana(author: int) -> LearnerSettings:
    return learner_of(create_user(EMAIL))


def sign_in(reader: Reader) -> Page:
    reader.get("/login")
    return reader.submit("/login", {"email": EMAIL, "password": PASSWORD})


def words(page: Page) -> str:
    return page.text.replace("\N{NO-BREAK SPACE}", " ")


def test_each_report_says_how_it_stands_and_the_latest_happening_comes_first(
    client: FlaskClient, ana: LearnerSettings, author: int
) -> None:
    receptor, start, organ = cards_of("sample")
    answered = reports.report_card(ana, receptor, "An old dose.")
    closed = reports.report_card(ana, start, "A comma is missing.")
    reports.report_card(ana, organ, "Which kidney?")
    reports.answer(answered, author)
    unit.run(lambda: service.close_report(closed, user_id=author, is_administrator=False, now=MORNING))
    reader = Reader(client)
    sign_in(reader)
    page = reader.get("/reports")
    told = [" ".join(section.get_text(" ").split()) for section in page.soup.select("section.section")]
    assert "An old dose." in told[0]
    assert "New The authors answered" in told[0]
    assert "You are right." in told[0]
    assert "Which kidney?" in told[1]
    assert "There is no answer yet." in told[1]
    assert "closed it without an answer" in told[2]
    assert "ira@example.org" not in page.text
    assert f"/cards/{receptor}" in page.links()


def test_an_answer_is_new_until_it_is_opened_and_again_when_it_is_changed(
    client: FlaskClient, ana: LearnerSettings, author: int
) -> None:
    report_id = reports.report_card(ana, cards_of("sample")[0])
    reader = Reader(client)
    sign_in(reader)
    assert "to your report" not in reader.get("/").text
    reports.answer(report_id, author)
    assert "1 answer to your report" in words(reader.get("/progress"))
    page = reader.submit("/reports/seen")
    assert page.url == "/reports"
    assert "New" not in page.text
    assert not page.soup.select("main form[action='/reports/seen']")


def test_nobody_reads_the_reports_of_others(client: FlaskClient, ana: LearnerSettings, author: int) -> None:
    other = learner_of(create_user("eve@example.org"))
    reports.answer(reports.report_card(other, cards_of("sample")[0], "A secret."), author)
    reader = Reader(client)
    sign_in(reader)
    page = reader.get("/reports")
    assert "You have reported nothing" in page.text
    assert "A secret." not in page.text
    reader.post("/reports/seen")
    assert "answer" not in reader.get("/").text


def test_a_guest_reads_answers_and_takes_their_reports_along_into_an_account(
    client: FlaskClient, ana: LearnerSettings, author: int
) -> None:
    reader = Reader(client)
    reader.get("/")
    reader.submit("/study/start")
    reader.get(f"/cards/{cards_of('sample')[0]}/report")
    reader.submit("/report", {"message": "As a guest."})
    reports.answer(1, author)
    assert "1 answer to your report" in words(reader.get("/"))
    assert "You are right." in reader.get("/reports").text
    asked = sign_in(reader)
    assert "From before you signed in: 1 report." in words(asked)
    assert "Added 1 report." in words(reader.submit("/join", {"choice": "add"}))
    assert "As a guest." in reader.get("/reports").text
