"""Promise 2: whatever is sent twice has one effect, and each sender is told what is recorded.

The forms are sent from several windows at the same moment, by real threads; what a form does that comes again later
is told beside each feature (tests/study, tests/quizzes, tests/memory).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp.accounts.models import Learner, User
from quizapp.banks.models import Bank, BankVersion, ProblemReport
from quizapp.db import db
from quizapp.memory.kinds import ReviewKind
from quizapp.memory.models import Review
from quizapp.memory.queries import learners_with_reviews, refolded
from quizapp.quizzes import queries
from quizapp.quizzes.models import Attempt, AttemptFlag, ItemResponse
from quizapp.quizzes.queries import AskedItem
from quizapp.web.access import Role
from tests.durability.tabs import filled, sent_at_once
from tests.factories import quizzes
from tests.factories.accounts import PASSWORD, create_user
from tests.factories.banks import bank_yaml, publish
from tests.factories.study import publish_cards
from tests.reader import Page, Reader

CLICKS = 4
NEWCOMER = {"email": "ana@example.org", "password": PASSWORD, "password_confirm": PASSWORD}


@pytest.fixture
def reader(app: Flask) -> Iterator[Reader]:
    """A visitor; afterwards every log must add up to what is stored."""
    yield Reader(app.test_client())
    db.session.rollback()
    assert not any(refolded(learner_id).differs for learner_id in learners_with_reviews())


def count(model: type, **where: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).filter_by(**where)) or 0


def begin_drill(reader: Reader, *, cards: int = 3) -> Page:
    publish_cards(cards)
    reader.get("/study")
    return reader.submit("/study/start", {"bank": "sample"})


def begin_quiz(reader: Reader, mode: str) -> tuple[str, list[AskedItem]]:
    """Start a quiz of three questions; return its code and what it asks."""
    publish(quizzes.MIXED)
    reader.get("/quizzes")
    code = reader.submit("/quizzes/start", {"mode": mode, "count": "3"}).url.split("/")[2]
    return code, asked(code)


def asked(code: str) -> list[AskedItem]:
    db.session.rollback()
    attempt = db.session.scalars(select(Attempt).where(Attempt.code == code)).one()
    return queries.items(attempt.learner_id, attempt.id)


def test_a_rating_clicked_twice_is_one_review_and_both_clicks_lead_on(reader: Reader) -> None:
    page = begin_drill(reader)
    clicks = sent_at_once(reader, *[filled(page, "/review", rating="3")] * CLICKS)
    assert {click.status for click in clicks} == {200}
    assert all("What is number 1?" in click.text for click in clicks)
    assert count(Review) == 1


@pytest.mark.parametrize("ratings", [(3, 3), (4, 1)], ids=["alike", "apart"])
def test_of_two_tabs_with_one_card_the_first_counts_and_the_other_is_told_which(
    reader: Reader, ratings: tuple[int, int]
) -> None:
    tabs = begin_drill(reader), reader.get(reader.page.url)
    forms = [filled(tab, "/review", rating=str(rating)) for tab, rating in zip(tabs, ratings, strict=True)]
    answers = sent_at_once(reader, *forms)
    taken, refused = sorted(answers, key=lambda page: page.status)
    assert (taken.status, refused.status) == (200, 409)
    db.session.rollback()
    recorded = db.session.scalars(select(Review.rating)).one()
    assert recorded == ratings[answers.index(taken)]
    name = ("Again", "Hard", "Good", "Easy")[recorded - 1]
    assert f"Already answered: {name}, due" in refused.text
    assert "What is number 1?" in refused.text


def test_an_answer_whose_reply_was_lost_is_sent_again_much_later_and_stays_one(reader: Reader) -> None:
    lost = begin_drill(reader)
    page = reader.submit("/review", {"rating": "4"}, page=lost)
    page = reader.submit("/review", {"rating": "4"}, page=page)
    assert "What is number 2?" in reader.submit("/review", {"rating": "4"}, page=lost).text
    assert count(Review) == 2


def test_the_page_before_shows_after_going_back_what_is_recorded_for_it(reader: Reader) -> None:
    page = begin_drill(reader)
    reader.submit("/review", {"rating": "2"}, page=page)
    changed = reader.submit("/review", {"rating": "3"}, page=page, status=409)
    assert "Already answered: Hard, due" in changed.text
    assert count(Review) == 1


@pytest.mark.parametrize("mark", ["suspend", "bury"])
def test_a_card_put_away_twice_is_put_away_once(reader: Reader, mark: str) -> None:
    page = begin_drill(reader)
    form = filled(page, "/suspend")  # the other buttons of the menu send the same form elsewhere
    clicks = sent_at_once(reader, *[replace(form, path=form.path.replace("suspend", mark))] * CLICKS)
    assert all("What is number 1?" in click.text for click in clicks)
    assert count(Review) == 1


def test_undo_clicked_twice_takes_one_answer_back(reader: Reader) -> None:
    page = begin_drill(reader)
    for _ in range(2):
        page = reader.submit("/review", {"rating": "4"}, page=page)
    clicks = sent_at_once(reader, *[filled(page, "/undo")] * CLICKS)
    assert all("Taken back" in click.text and "What is number 1?" in click.text for click in clicks)
    assert count(Review, kind=ReviewKind.UNDO) == 1


def test_a_drill_ended_twice_has_ended(reader: Reader) -> None:
    page = begin_drill(reader)
    reader.submit("/review", {"rating": "4"}, page=page)
    form = filled(page, "/suspend")
    end = replace(form, path=form.path.partition("/cards/")[0] + "/finish")
    clicks = sent_at_once(reader, *[end] * CLICKS)
    assert all(click.url.endswith("/summary") for click in clicks)


@pytest.mark.parametrize("mode", ["practice", "test"])
def test_a_quiz_answer_clicked_twice_is_one_response(reader: Reader, mode: str) -> None:
    code, items = begin_quiz(reader, mode)
    page = reader.get(f"/quizzes/{code}/1")
    form = filled(page, "/respond", choice=quizzes.good_answer(items[0]))
    clicks = sent_at_once(reader, *[form] * CLICKS)
    assert {click.status for click in clicks} == {200}
    shown = [click.soup.select_one(".attempt") for click in clicks]
    for piece in shown:
        piece.select_one(".timer").decompose()  # its clock runs
    assert len({piece.get_text() for piece in shown}) == 1
    assert (count(ItemResponse), count(Review)) == (1, 1 if mode == "practice" else 0)


@pytest.mark.parametrize("mode", ["practice", "test"])
def test_of_two_tabs_with_one_question_the_first_counts_and_the_other_is_told_which(
    reader: Reader, mode: str
) -> None:
    code, items = begin_quiz(reader, mode)
    tabs = reader.get(f"/quizzes/{code}/1"), reader.get(f"/quizzes/{code}/1")
    choices = quizzes.good_answer(items[0]), quizzes.bad_answer(items[0])
    forms = [filled(tab, "/respond", choice=chosen) for tab, chosen in zip(tabs, choices, strict=True)]
    answers = sent_at_once(reader, *forms)
    taken, refused = sorted(answers, key=lambda page: page.status)
    assert (taken.status, refused.status) == (200, 409)
    assert asked(code)[0].answer == choices[answers.index(taken)]
    assert " recorded." in refused.text
    assert count(ItemResponse) == 1


def test_a_test_handed_in_twice_is_finished_once_and_taught_once(reader: Reader) -> None:
    code, items = begin_quiz(reader, "test")
    for item in items:
        reader.get(f"/quizzes/{code}/{item.position}")
        reader.submit("/respond", {"choice": quizzes.good_answer(item)})
    page = reader.get(f"/quizzes/{code}/submit")
    clicks = sent_at_once(reader, *[filled(page, "/submit")] * CLICKS)
    assert all(click.url.endswith("/result") and "3 of 3" in click.text for click in clicks)
    assert count(Review, kind=ReviewKind.QUIZ) == len(items)


def test_an_answer_that_races_with_the_end_counts_or_is_refused(reader: Reader) -> None:
    code, items = begin_quiz(reader, "test")
    end = filled(reader.get(f"/quizzes/{code}/submit"), "/submit")
    page = reader.get(f"/quizzes/{code}/1")
    form = filled(page, "/respond", choice=quizzes.good_answer(items[0]))
    answered, ended = sent_at_once(reader, form, end)
    assert ended.url.endswith("/result")
    counted = 1 if answered.status == 200 else 0
    assert counted or (answered.status == 409 and "This quiz is finished" in answered.text)
    assert count(ItemResponse) == count(Review) == counted
    assert db.session.scalars(select(Attempt.points)).one() == counted


def test_a_quiz_started_twice_is_one_attempt(reader: Reader) -> None:
    publish(quizzes.MIXED)
    page = reader.get("/quizzes")
    reader.submit("/quizzes/start", {"count": "1"}, page=page)  # the visitor is a guest now
    page = reader.get("/quizzes")
    clicks = sent_at_once(reader, *[filled(page, "/quizzes/start", count="3")] * CLICKS)
    assert len({click.url for click in clicks}) == 1
    assert count(Attempt, item_count=3) == 1


def test_a_quiz_taken_again_twice_is_one_attempt(reader: Reader) -> None:
    code, _ = begin_quiz(reader, "test")
    reader.get(f"/quizzes/{code}/submit")
    page = reader.submit("/submit")
    clicks = sent_at_once(reader, *[filled(page, "/retake")] * CLICKS)
    assert len({click.url for click in clicks}) == 1
    assert count(Attempt) == 2


def test_a_question_flagged_twice_is_flagged(reader: Reader) -> None:
    code, _ = begin_quiz(reader, "test")
    page = reader.get(f"/quizzes/{code}/1")
    form = filled(page, "/respond", flagged="yes")
    clicks = sent_at_once(reader, *[replace(form, path=f"/quizzes/{code}/1/flag")] * CLICKS)
    assert all("Flagged" in click.text for click in clicks)
    assert count(AttemptFlag) == 1


def test_an_account_made_twice_is_one_with_what_its_guest_did(reader: Reader) -> None:
    page = begin_drill(reader)
    reader.submit("/review", {"rating": "4"}, page=page)
    page = reader.get("/register")
    clicks = sent_at_once(reader, *[filled(page, "/register", **NEWCOMER)] * 2)
    assert {click.status for click in clicks} == {200}
    assert sorted("Your account is ready" in click.text for click in clicks) == [False, True]
    assert count(User) == 1
    assert count(Learner) == 1
    assert count(Review) == 1


def test_what_a_guest_did_is_added_to_an_account_once(reader: Reader) -> None:
    create_user("ana@example.org")
    page = begin_drill(reader)
    reader.submit("/review", {"rating": "4"}, page=page)
    reader.get("/login")
    page = reader.submit("/login", {"email": "ana@example.org", "password": PASSWORD})
    clicks = sent_at_once(reader, *[filled(page, "/join", choice="add")] * CLICKS)
    assert {click.status for click in clicks} == {200}
    assert sum("Added 1 answer" in click.text for click in clicks) == 1
    assert count(Review) == 1


def test_a_problem_reported_twice_is_one_report(reader: Reader) -> None:
    page = begin_drill(reader)
    page = reader.get(next(link for link in page.links() if "/report" in link))
    form = filled(page, "/report", message="This is out of date.")
    clicks = sent_at_once(reader, *[form] * CLICKS)
    assert all("Thank you" in click.text for click in clicks)
    assert count(ProblemReport) == 1
    reader.submit("/report", {"message": "And it is misspelt."}, page=page)
    assert count(ProblemReport) == 2


def test_a_draft_published_twice_is_one_version(reader: Reader) -> None:
    create_user("ines@example.org", role=Role.INSTRUCTOR)
    reader.get("/login")
    reader.submit("/login", {"email": "ines@example.org", "password": PASSWORD})
    reader.get("/teach/upload")
    page = reader.post("/teach/upload", {"file": (io.BytesIO(bank_yaml()), "sample.yaml")})  # type: ignore[dict-item]
    clicks = sent_at_once(reader, *[filled(page, "/publish")] * CLICKS)
    assert {click.status for click in clicks} == {200}
    assert sum("Version 1 is published: 3 new" in click.text for click in clicks) == 1
    assert sum("This draft became version 1" in click.text for click in clicks) == CLICKS - 1
    assert count(BankVersion) == 1
    assert db.session.scalar(select(Bank.version)) == 1
