"""The progress page as learners meet it, and what it costs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.models import Card
from quizapp.db import db
from quizapp.memory.kinds import Rating
from tests.factories import banks, quizzes
from tests.factories.accounts import create_user, learner_of
from tests.factories.memory import MORNING, create_cards, drill
from tests.reader import Page, Reader, signed_in

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def learner(app: Flask) -> LearnerSettings:
    banks.publish(quizzes.MIXED)
    return learner_of(create_user())


@pytest.fixture
def reader(app: Flask, learner: LearnerSettings) -> Reader:
    return signed_in(app.test_client(), "ana@example.org")


def study(learner: LearnerSettings, notes: int, now: dt.datetime) -> None:
    for card_id in create_cards(notes):
        drill(learner, card_id, Rating.EASY, now=now - 20 * DAY)
        drill(learner, card_id, Rating.GOOD, now=now - 5 * DAY)
    code = quizzes.start(learner, at=now - 3 * DAY)
    quizzes.answer_all(learner, code)


def progress(reader: Reader) -> Page:
    return reader.get("/progress")


def test_a_visitor_and_a_beginner_are_told_how_to_begin(reader: Reader, app: Flask) -> None:
    for page in (progress(Reader(app.test_client())), progress(reader)):
        assert "Nothing to show yet" in page.text
        assert "/study" in page.links()


def test_the_first_line_is_in_words(learner: LearnerSettings, reader: Reader) -> None:
    study(learner, 24, MORNING)
    text = progress(reader).text.replace("\N{NO-BREAK SPACE}", " ")
    assert re.search(r"Today you would recall about \d\d % of the 2\d cards you have begun \(\d\d–\d", text)


def test_the_button_drills_what_is_due_and_else_offers_a_choice(
    learner: LearnerSettings, reader: Reader
) -> None:
    study(learner, 1, MORNING)
    assert "Choose what to study" in progress(reader).text
    drill(learner, db.session.query(Card.id).first()[0], Rating.EASY, now=MORNING - 60 * DAY)
    progress(reader)
    assert re.fullmatch(r"/study/\d+", reader.submit("/study/start").url)


def test_each_plot_has_words_for_those_who_do_not_see_it(learner: LearnerSettings, reader: Reader) -> None:
    study(learner, 24, MORNING)
    page = progress(reader)
    charts = page.soup.select(".charts > section")
    assert len(charts) == 6
    for chart in charts:
        assert chart.figcaption.get_text(strip=True)
        assert chart.select("details table tbody tr")
        for svg in chart.select("svg"):
            labels = str(svg.get("aria-labelledby", "")).split()
            named = svg.get("aria-label") or all(svg.find(id=label).get_text(strip=True) for label in labels)
            assert svg.get("aria-hidden") == "true" or (svg["role"] == "img" and named)
    assert not page.soup.select("svg [fill], svg [stroke], svg [style]"), "colours come from classes alone"


def test_the_page_costs_the_same_for_one_card_and_for_many(
    learner: LearnerSettings, reader: Reader, statements: list[str]
) -> None:
    study(learner, 1, MORNING)
    statements.clear()
    progress(reader)
    few = list(statements)
    for _ in range(3):
        study(learner, 20, MORNING)
    statements.clear()
    progress(reader)
    assert len(statements) == len(few) <= 9  # the frame's, the banks, and five about the learner
    assert not [sql for sql in statements if re.search(r"\b(FROM|JOIN) review\b", sql)]


@pytest.mark.sqlite_only("the plan of a query is SQLite's")
def test_no_statement_reads_more_than_the_learners_own(
    learner: LearnerSettings, reader: Reader, statements: list[str]
) -> None:
    study(learner, 24, MORNING)
    statements.clear()
    progress(reader)
    reader.get("/history?bank=sample&mode=test&period=30&sort=best")
    for sql in [sql for sql in statements if sql.startswith("SELECT")]:
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?"))
        steps = [row[3] for row in plan]
        scanned = [
            step for step in steps if re.match(r"SCAN (card|card_memory|note_tag|attempt\w*|review)\b", step)
        ]
        assert not scanned, f"{scanned} in {sql}"
