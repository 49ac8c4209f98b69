"""The history as learners meet it: lists, filters, two attempts side by side, and what a page costs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from quizapp.accounts.viewer import LearnerSettings
from quizapp.db import db
from quizapp.quizzes.models import Attempt
from quizapp.quizzes.pool import service as pool
from quizapp.web import unit
from tests.factories import banks, quizzes
from tests.factories.accounts import create_learner, create_user, learner_of
from tests.factories.memory import MORNING
from tests.reader import Page, Reader, signed_in

DAY = dt.timedelta(days=1)
FACT = """
- id: onset
  question: When does withdrawal begin?
  answer: Within days
  distractors: [{text: Within minutes, why: Too soon.}, {text: Within years, why: Too late.}]
  cite: {source: label, at: Warnings, fact: WD-02}
"""


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


def take(
    learner: LearnerSettings,
    at: dt.datetime = MORNING - DAY,
    *,
    wrong: Iterable[int] = (),
    minutes: int = 1,
    **wish: object,
) -> str:
    """Take a whole quiz, one minute for each item unless told; return its code."""
    code = quizzes.start(learner, at=at, **wish)
    answer(learner, code, at, wrong=wrong, minutes=minutes)
    return code


def answer(
    learner: LearnerSettings, code: str, at: dt.datetime, *, wrong: Iterable[int] = (), minutes: int = 1
) -> None:
    for item in quizzes.items(learner, code):
        at += dt.timedelta(minutes=minutes)
        chosen = quizzes.bad_answer(item) if item.position in wrong else quizzes.good_answer(item)
        quizzes.answer(learner, code, item.position, chosen, at=at, thinking_ms=None)
    quizzes.finish(learner, code, at=at)


def again(learner: LearnerSettings, code: str, at: dt.datetime, *, wrong: Iterable[int] = ()) -> str:
    """Take the same items once more."""
    new_code = f"again{at:%d%H%M}".ljust(22, "x")
    unit.run(lambda: pool.retake(learner, code, only_missed=False, new_code=new_code, seed=9, now=at))
    answer(learner, new_code, at, wrong=wrong)
    return new_code


def rows(page: Page) -> list[str]:
    """Return the words of each attempt in the list."""
    return [
        " ".join(row.get_text(" ").replace("\N{NO-BREAK SPACE}", " ").split())
        for row in page.soup.select("table.history tbody tr")
    ]


def codes(page: Page) -> list[str]:
    return [
        re.search(r"/quizzes/([\w-]{22})", str(link["href"])).group(1)
        for link in page.soup.select("table.history th a")
    ]


def test_a_visitor_and_a_beginner_are_offered_a_quiz(reader: Reader, app: Flask) -> None:
    for page in (Reader(app.test_client()).get("/history"), reader.get("/history")):
        assert "No quiz yet" in page.text
        assert "/quizzes" in page.links()


def test_each_attempt_stands_with_score_date_time_mode_and_banks(
    learner: LearnerSettings, reader: Reader
) -> None:
    take(learner, wrong=[2])
    (row,) = rows(reader.get("/history"))
    assert row.startswith(
        "3 questions on everything A sample bank 67 % 2 of 3 Yesterday 09:00 3 min Practice More"
    )
    assert "Retake the same" in row
    assert "Retake the missed" in row


def test_an_open_attempt_says_how_far_it_is_and_goes_on(learner: LearnerSettings, reader: Reader) -> None:
    code = quizzes.start(learner, mode="test", at=MORNING)
    (first, *_) = quizzes.items(learner, code)
    for chosen in (quizzes.bad_answer(first), quizzes.good_answer(first)):
        quizzes.answer(learner, code, 1, chosen)
    page = reader.get("/history")
    (row,) = rows(page)
    assert "open 1 of 3 answered Today 09:00 — Test Go on" in row
    assert "Retake" not in row
    assert not page.soup.select(".sparks"), "an open attempt has no score"
    assert reader.get(f"/quizzes/{code}").url == f"/quizzes/{code}/2"


def test_the_lines_of_the_history_are_explained(learner: LearnerSettings, reader: Reader) -> None:
    take(learner)
    page = reader.get("/history")
    explained = page.soup.select_one(".note:has(+ .sparks)").get_text().replace("\xa0", " ")
    assert (
        "the scores of the last quizzes on a bank, oldest left, from 0 % at the bottom to 100 % at"
        in explained
    )


def test_nothing_missed_offers_no_retake_of_the_missed(learner: LearnerSettings, reader: Reader) -> None:
    take(learner)
    (row,) = rows(reader.get("/history"))
    assert "100 %" in row
    assert "missed" not in row


def test_filters_narrow_and_stand_in_the_address(learner: LearnerSettings, reader: Reader) -> None:
    banks.publish(FACT, bank="other", title="Another bank")
    old = take(learner, MORNING - 40 * DAY, banks=("sample",))
    late = take(learner, MORNING - 2 * DAY, banks=("other",), count=1, mode="test")
    assert codes(reader.get("/history")) == [late, old]
    for query, expected in {
        "bank=other": [late],
        "bank=sample": [old],
        "mode=test": [late],
        "mode=practice": [old],
        "period=7": [late],
        "period=180": [late, old],
        "since=2026-01-22&until=2026-01-22": [old],
        "since=2026-01-23&period=180": [late],
        "bank=other&mode=practice": [],
    }.items():
        assert codes(reader.get(f"/history?{query}")) == expected, query
    assert "No quiz matches" in reader.page.text
    assert not reader.get("/history").soup.select_one("details:has(.history-filters)").has_attr("open")
    page = reader.get("/history?bank=other")
    assert page.soup.find("option", value="other").has_attr("selected")
    assert page.soup.select_one("details:has(.history-filters)").has_attr("open")


def test_a_filter_that_cannot_be_read_is_named_and_filters_nothing(
    learner: LearnerSettings, reader: Reader
) -> None:
    take(learner)
    for query in ("since=soon", "until=9999-12-31", "bank=no-such", "mode=exam", "sort=x", "period=-1"):
        page = reader.get(f"/history?{query}")
        assert "Please correct this" in page.text, query
        assert len(rows(page)) == 1, query
        if "soon" in query:
            assert "From: “soon” is no date. Write it like 2026-03-31." in page.text
            assert "Not a valid" not in page.text


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("newest", "open short good bad"),
        ("oldest", "bad good short open"),
        ("best", "short good bad open"),
        ("lowest", "bad good short open"),
        ("longest", "good bad short open"),
        ("shortest", "short bad good open"),
    ],
)
def test_orders(learner: LearnerSettings, reader: Reader, sort: str, order: str) -> None:
    made = {
        "bad": take(learner, MORNING - 4 * DAY, wrong=[1, 2], minutes=2),
        "good": take(learner, MORNING - 3 * DAY, wrong=[1], minutes=5),
        "short": take(learner, MORNING - 2 * DAY),
        "open": quizzes.start(learner, at=MORNING - DAY),
    }
    assert codes(reader.get(f"/history?sort={sort}")) == [made[name] for name in order.split()]


def test_scores_of_each_bank_are_drawn_and_read_out(learner: LearnerSettings, reader: Reader) -> None:
    take(learner, MORNING - 2 * DAY, wrong=[1, 2, 3])
    take(learner, MORNING - DAY)
    (svg,) = reader.get("/history").soup.select(".sparks svg")
    assert svg["aria-label"].replace("\N{NO-BREAK SPACE}", " ") == "Scores, oldest first: 0 %, 100 %"
    assert svg.polyline["points"] == "3,21 93,3"


def test_a_retake_of_the_missed_alone_leaves_the_trend_as_it_was(
    learner: LearnerSettings, reader: Reader
) -> None:
    first = take(learner, MORNING - 2 * DAY, wrong=[1])
    unit.run(
        lambda: pool.retake(learner, first, only_missed=True, new_code="m" * 22, seed=9, now=MORNING - DAY)
    )
    answer(learner, "m" * 22, MORNING - DAY)
    again(learner, "m" * 22, MORNING)
    page = reader.get("/history")
    assert len(rows(page)) == 3
    (svg,) = page.soup.select(".sparks svg")
    assert svg["aria-label"].replace("\N{NO-BREAK SPACE}", " ") == "Scores, oldest first: 67 %"
    (bank,) = page.soup.select(".sparks li")
    told = " ".join(bank.get_text(" ").replace("\N{NO-BREAK SPACE}", " ").split())
    assert told.endswith("last 67 % trend needs 5 more quizzes")


def test_two_attempts_at_the_same_items_stand_side_by_side(learner: LearnerSettings, reader: Reader) -> None:
    first = take(learner, MORNING - 2 * DAY, wrong=[1, 2])
    missed = {item.item_id for item in quizzes.items(learner, first)[:2]}
    unit.run(
        lambda: pool.retake(learner, first, only_missed=False, new_code="s" * 22, seed=9, now=MORNING - DAY)
    )
    later = quizzes.items(learner, "s" * 22)
    slipped = next(item.position for item in later if item.item_id not in missed)
    answer(learner, "s" * 22, MORNING - DAY, wrong=[slipped])
    reader.get("/history")
    (link,) = {link for link in reader.page.links() if "/compare/" in link}
    assert link == f"/quizzes/{first}/compare/{'s' * 22}"
    page = reader.get(link)
    headings = [" ".join(heading.get_text(" ").split()) for heading in page.soup.find_all("h2")]
    assert headings[:2] == ["Slipped 1", "Improved 2"]
    assert "+33" in page.text
    (fold,) = page.soup.select("details.fold[open]")
    item = later[slipped - 1]
    said = " ".join(fold.get_text(" ").split())
    for option in item.snapshot["options"]:
        assert option["text"] in said
        assert option.get("why", "") in said
    assert "First Right" in said
    assert "Then Wrong" in said
    assert "Right, first" in said
    assert "Wrong, then" in said
    assert reader.get(f"/quizzes/{'s' * 22}/compare/{first}").text == page.text, (
        "the earlier one stands first"
    )


def test_what_was_asked_with_other_options_is_shown_twice_and_not_compared(
    learner: LearnerSettings, reader: Reader
) -> None:
    first = take(learner, MORNING - 2 * DAY, wrong=[1, 2, 3])
    banks.publish(quizzes.MIXED.replace("GABA-A", "Glycine"))
    other = take(learner, MORNING - DAY)
    db.session.execute(update(Attempt).where(Attempt.code == other).values(retake_of=1))
    db.session.commit()
    page = reader.get(f"/quizzes/{first}/compare/{other}")
    headings = [" ".join(heading.get_text(" ").split()) for heading in page.soup.find_all("h2")]
    assert headings[:2] == ["Improved 2", "Asked with other options 1"]
    fold = page.soup.find_all("section", attrs={"aria-labelledby": "group-2"})[0]
    assert [part.h3.get_text() for part in fold.select(".compared-part")] == ["First", "Then"]
    assert ["GABA-A" in part.get_text() for part in fold.select(".compared-part")] == [True, False]
    assert ["Glycine" in part.get_text() for part in fold.select(".compared-part")] == [False, True]


def test_of_many_attempts_at_the_same_items_any_two_can_be_chosen(
    learner: LearnerSettings, reader: Reader
) -> None:
    first = take(learner, MORNING - 4 * DAY)
    second = again(learner, first, MORNING - 3 * DAY)
    third = again(learner, second, MORNING - 2 * DAY)
    page = reader.get(f"/quizzes/{second}/compare/{third}")
    assert {f"/quizzes/{first}/compare/{third}", f"/quizzes/{first}/compare/{second}"} <= set(page.links())


def test_other_attempts_cannot_be_compared(learner: LearnerSettings, reader: Reader) -> None:
    one, two = take(learner, MORNING - 2 * DAY), take(learner, MORNING - DAY)
    assert "do not ask the same" in reader.get(f"/quizzes/{one}/compare/{two}", status=404).text
    reader.get(f"/quizzes/{one}/compare/{one}", status=404)
    unit.run(lambda: pool.retake(learner, one, only_missed=False, new_code="o" * 22, seed=1, now=MORNING))
    assert "still open" in reader.get(f"/quizzes/{one}/compare/{'o' * 22}", status=409).text


def test_somebody_elses_attempts_are_not_there(learner: LearnerSettings, reader: Reader) -> None:
    stranger = create_learner()
    first = take(stranger, MORNING - 2 * DAY)
    second = again(stranger, first, MORNING - DAY)
    assert "No quiz yet" in reader.get("/history").text
    reader.get(f"/quizzes/{first}/compare/{second}", status=404)


def test_pages_cost_the_same_for_one_attempt_and_for_sixty(
    learner: LearnerSettings, reader: Reader, statements: list[str]
) -> None:
    take(learner, MORNING - 70 * DAY)
    statements.clear()
    reader.get("/history")
    few = len(statements)
    for number in range(59):
        code = quizzes.start(learner, at=MORNING - (60 - number) * DAY)
        quizzes.finish(learner, code, at=MORNING - (60 - number) * DAY)
    statements.clear()
    page = reader.get("/history")
    assert len(statements) == few <= 10
    assert len(rows(page)) == 25
    assert "1–25 of 60 quizzes" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert len(rows(reader.get("/history?sort=oldest&page=3"))) == 10
    assert any("sort=oldest" in link and "page=2" in link for link in reader.page.links())
    assert "Nothing on this page" in reader.get("/history?page=9").text
