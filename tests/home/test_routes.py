"""The start page, a bank's page, help and the offer to add a guest's work, as people meet them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from quizapp.accounts.models import Learner
from quizapp.accounts.viewer import LearnerSettings
from quizapp.db import db
from quizapp.home import service
from quizapp.memory.kinds import Rating
from quizapp.web import unit
from tests.factories import banks, quizzes, study
from tests.factories.accounts import PASSWORD, create_learner, create_user, learner_of
from tests.factories.memory import MORNING, drill
from tests.reader import Page, Reader, form_values

EMAIL = "ana@example.org"


def sign_in(reader: Reader) -> None:
    reader.get("/login")
    reader.submit("/login", {"email": EMAIL, "password": PASSWORD})


@pytest.fixture
def ana(app: Flask) -> LearnerSettings:
    return learner_of(create_user(EMAIL))


def row_of(page: Page, title: str) -> str:
    """Return the words of the row whose title this is."""
    rows = [row for row in page.soup.select(".rows .row") if title in row.select_one(".row-title").get_text()]
    assert len(rows) == 1
    return " ".join(rows[0].get_text(" ").split())


def test_a_visitor_sees_what_this_is_and_a_card_to_turn(client: FlaskClient) -> None:
    banks.publish()
    page = Reader(client).get("/")
    sample = page.soup.select_one("details.sample")
    assert "Which receptor does baclofen activate?" in sample.summary.get_text()
    assert "GABA-B" not in sample.summary.get_text()
    assert "GABA-B" in sample.get_text()
    assert "A label" in sample.get_text()
    assert "3 cards · 3 questions" in row_of(page, "A sample bank").replace("\N{NO-BREAK SPACE}", " ")
    assert {"/login", "/register", "/help", "/banks/sample"} <= set(page.links())


def test_the_first_card_is_one_click_away(client: FlaskClient) -> None:
    banks.publish()
    reader = Reader(client)
    reader.get("/")
    page = reader.submit("/study/start", {"time_zone": "Europe/Zurich"})
    assert re.fullmatch(r"/study/\d+", page.url)
    assert "Which receptor does baclofen activate?" in page.text


def test_a_quiz_is_one_click_away(client: FlaskClient) -> None:
    banks.publish()
    reader = Reader(client)
    reader.get("/")
    assert re.fullmatch(r"/quizzes/[\w-]{22}/1", reader.submit("/quizzes/start").url)


def test_without_guests_nobody_is_promised_a_card_without_an_account(make_app: Callable[..., Flask]) -> None:
    site = make_app(guests=False)
    with site.app_context():
        banks.publish()
    reader = Reader(site.test_client())
    assert "No account needed" not in reader.get("/").text
    assert reader.submit("/study/start").url.startswith("/login")


def test_a_site_without_banks_says_how_to_get_some(client: FlaskClient, ana: LearnerSettings) -> None:
    reader = Reader(client)
    assert "No bank is published yet" in reader.get("/").text
    sign_in(reader)
    assert "No bank is published yet" in reader.get("/").text


def test_a_learner_sees_what_is_due_and_how_they_stand(client: FlaskClient, ana: LearnerSettings) -> None:
    known = study.publish_cards(4, bank="alpha")
    study.publish_cards(3, bank="beta")
    banks.publish(quizzes.MIXED, bank="mixed", title="The mixed bank")
    for card_id in known[:3]:
        drill(ana, card_id, Rating.EASY, now=MORNING)
    code = quizzes.start(ana, count=2, at=MORNING + dt.timedelta(days=1))
    done = quizzes.start(ana, count=2, at=MORNING)
    quizzes.answer_all(ana, done, wrong=[1])
    with time_machine.travel(MORNING + dt.timedelta(days=30), tick=False):
        reader = Reader(client)
        sign_in(reader)
        page = reader.get("/")
        drilled = reader.submit("/study/start")
    due = sum(int(told.get_text().split()[0]) for told in page.soup.select(".rows .due"))
    assert due > 3
    assert page.soup.h1.get_text(strip=True).startswith(f"{due} due")
    assert page.soup.select_one(".top .nav-count").get_text(" ", strip=True) == f"{due} due"
    assert "3 due · 1 new" in row_of(page, "The alpha bank")
    assert "3 new" in row_of(page, "The beta bank")
    assert "due" not in row_of(page, "The beta bank")
    share = float(page.soup.select_one("progress")["value"])
    assert 0.5 < share < 0.75  # three of four cards, a month later
    assert f"/quizzes/{code}" in page.links()
    assert f"/quizzes/{done}/result" in page.links()
    assert "50 %" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Show answer" in drilled.text
    assert not drilled.soup.select(".nav-count")  # a drill shows the card, nothing else


def test_with_nothing_due_the_page_says_when_and_offers_new_cards(
    client: FlaskClient, ana: LearnerSettings
) -> None:
    drill(ana, study.publish_cards(2)[0], Rating.EASY, now=MORNING)
    with time_machine.travel(MORNING, tick=False):
        reader = Reader(client)
        sign_in(reader)
        page = reader.get("/")
    assert "Nothing is due" in page.text
    assert "The next card returns" in page.text
    assert "Learn new cards" in page.text
    assert not page.soup.select(".nav-count")


def test_when_the_days_new_cards_are_met_no_button_leads_to_an_empty_drill(
    client: FlaskClient, ana: LearnerSettings
) -> None:
    for bank in ("alpha", "beta", "gamma"):
        study.publish_cards(12, bank=bank)
    for bank in ("alpha", "beta"):
        for card_id in study.cards_of(bank)[:10]:
            drill(ana, card_id, Rating.EASY, now=MORNING)
    with time_machine.travel(MORNING, tick=False):
        reader = Reader(client)
        sign_in(reader)
        for url in ("/", "/study"):
            page = reader.get(url)
            assert "20 new cards met today: that is your limit." in plain(page)
            assert "New cards anyway" in row_of(page, "The alpha bank")
            assert "New cards anyway" in row_of(page, "The gamma bank")
            starts = list(page.soup.select("form[action='/study/start'].inline-form"))
            assert len(starts) == 4
            for form in starts:
                shown = reader.post("/study/start", form_values(form))
                assert "Show answer" in shown.text, form
            assert "Take a quiz" in page.text
        assert "that is your limit" in plain(reader.get("/banks/beta"))
        assert "Show answer" in reader.submit("/study/start").text


def test_who_has_met_every_card_is_offered_no_new_ones(client: FlaskClient, ana: LearnerSettings) -> None:
    drill(ana, study.publish_cards(1)[0], Rating.EASY, now=MORNING)
    with time_machine.travel(MORNING, tick=False):
        reader = Reader(client)
        sign_in(reader)
        for url in ("/", "/study"):
            page = reader.get(url)
            assert "You have met every card." in page.text
            assert "new card" not in plain(page)
            assert "Show answer" in reader.submit("/study/start").text  # "Study ahead"


def test_days_in_a_row_are_told_in_one_line(client: FlaskClient, ana: LearnerSettings) -> None:
    cards = study.publish_cards(3)
    for day, card_id in enumerate(cards):
        drill(ana, card_id, now=MORNING + dt.timedelta(days=day))
    with time_machine.travel(MORNING + dt.timedelta(days=3), tick=False):
        reader = Reader(client)
        sign_in(reader)
        assert "3 days in a row" in reader.get("/").text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_start_page_costs_the_same_whatever_there_is(
    client: FlaskClient, ana: LearnerSettings, statements: list[str]
) -> None:
    def cost() -> int:
        statements.clear()
        reader.get("/")
        return len(statements)

    banks.publish(quizzes.MIXED, bank="mixed")
    drill(ana, study.publish_cards(3)[0], Rating.EASY, now=MORNING)
    quizzes.answer_all(ana, quizzes.start(ana, count=1))
    reader = Reader(client)
    sign_in(reader)
    before = cost()
    for number in range(4):
        for card_id in study.publish_cards(3, bank=f"more-{number}"):
            drill(ana, card_id, Rating.EASY, now=MORNING)
            drill(ana, card_id, now=MORNING + dt.timedelta(days=9))
        quizzes.answer_all(ana, quizzes.start(ana, count=2))
        quizzes.start(ana, count=2)
    assert cost() == before <= 10


def test_a_bank_tells_what_it_teaches_where_it_comes_from_and_how_one_stands(
    client: FlaskClient, ana: LearnerSettings, statements: list[str]
) -> None:
    banks.publish(at=MORNING)
    reader = Reader(client)
    page = reader.get("/banks/sample")
    assert "A label" in page.text
    assert "How you stand" not in page.text
    assert "/cards?bank=sample&tag=mechanism" in page.links()
    drill(ana, study.cards_of("sample")[0], Rating.EASY, now=MORNING)
    with time_machine.travel(MORNING, tick=False):
        sign_in(reader)
        statements.clear()
        page = reader.get("/banks/sample")
    assert len(statements) == 6
    assert "You would recall about 1 of 3 cards today" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    stats = {stat.dt.get_text(strip=True): stat.dd.get_text(strip=True) for stat in page.soup.select(".stat")}
    assert stats == {"due": "0", "new": "2", "learning": "0", "in review": "1"}


def test_start_page_and_bank_page_agree_on_what_is_known(client: FlaskClient, ana: LearnerSettings) -> None:
    for card_id in study.publish_cards(4)[:3]:
        drill(ana, card_id, Rating.GOOD, now=MORNING)
        drill(ana, card_id, Rating.GOOD, now=MORNING + dt.timedelta(minutes=11))
    with time_machine.travel(MORNING + dt.timedelta(days=40), tick=False):
        reader = Reader(client)
        sign_in(reader)
        shares = [
            float(reader.get(url).soup.select_one("progress")["value"]) for url in ("/", "/banks/sample")
        ]
    assert shares[0] == pytest.approx(shares[1])
    assert 0 < shares[0] < 0.75


def test_there_is_no_page_for_an_unknown_bank(client: FlaskClient) -> None:
    assert "There is no bank at this address." in Reader(client).get("/banks/nowhere", status=404).text


def test_help_names_every_field_of_an_export(client: FlaskClient) -> None:
    page = Reader(client).get("/help")
    assert "at most 365 days" in page.text
    told = {code.get_text() for code in page.soup.select("dt code")}
    assert {"stability", "desired_retention", "responded_at"} <= told


def test_a_guest_who_signs_in_is_asked_once_and_keeps_everything(
    client: FlaskClient, ana: LearnerSettings
) -> None:
    banks.publish()
    reader = Reader(client)
    reader.get("/")
    reader.submit("/quizzes/start")
    reader.get("/")
    reader.submit("/study/start")
    reader.get(f"{reader.page.url}?turned=1")
    reader.submit("/review", {"rating": "3"})
    guests_cookie = client.get_cookie("session").value
    sign_in(reader)
    assert "From before you signed in: 1 answer and 1 quiz." in reader.page.text.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    page = reader.submit("/join", {"choice": "add"})
    assert page.url == "/"
    assert "Added 1 answer and 1 quiz." in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Go on with" in page.text
    assert reader.get("/join").url == "/"
    assert "Added" not in reader.post("/join", {"choice": "add"}).text
    db.session.rollback()
    assert db.session.scalars(select(Learner.id)).all() == [ana.id]  # the guest is gone
    client.set_cookie("session", guests_cookie)
    assert "Sign in" in reader.get("/").text


def test_of_two_requests_to_add_a_guests_work_one_adds_it(ana: LearnerSettings) -> None:
    study.publish_cards(1)
    guest = create_learner()
    drill(guest, study.cards_of("sample")[0])
    added = [unit.run(lambda: service.add_guest_work(ana, [guest.id])) for _ in range(2)]
    assert [work.answers for work in added] == [1, 0]
    assert unit.run(lambda: service.add_guest_work(ana, [ana.id])).answers == 0  # no guest: left alone
    assert db.session.scalars(select(Learner.id)).all() == [ana.id]


def test_a_guest_who_declines_or_did_nothing_goes_straight_on(
    client: FlaskClient, ana: LearnerSettings
) -> None:
    banks.publish()
    reader = Reader(client)
    reader.get("/")
    reader.submit("/study/start")
    reader.get("/login?next=/help")
    page = reader.submit("/login", {"email": EMAIL, "password": PASSWORD})
    assert page.url == "/help"
    reader.post("/logout")
    reader.get("/")
    reader.submit("/quizzes/start")
    sign_in(reader)
    assert reader.submit("/join", {"choice": "decline"}).url == "/"
    assert "Go on with" not in reader.get("/").text


def test_an_offer_not_answered_at_once_waits_through_signing_out_and_in(
    client: FlaskClient, ana: LearnerSettings
) -> None:
    banks.publish()
    reader = Reader(client)
    for _ in range(2):  # two visits as a guest, each ended by signing in
        reader.get("/")
        reader.submit("/study/start")
        reader.submit("/review", {"rating": "3"})
        sign_in(reader)
        assert "/join" in reader.page.url
        assert "in this browser as a guest" in plain(reader.get("/account"))
        assert "in this browser as a guest" in plain(reader.get("/"))
        reader.submit("/logout")
        assert "in this browser as a guest" not in plain(reader.get("/"))
    sign_in(reader)
    assert "You did 2 answers in this browser as a guest." in plain(reader.get("/"))
    page = reader.submit("/join", {"choice": "add"})
    assert page.url == "/"
    assert "Added 2 answers." in plain(page)
    assert "as a guest" not in plain(page)
    reader.submit("/logout")
    sign_in(reader)
    assert "/join" not in reader.page.url


def test_no_thanks_is_taken_for_an_answer(client: FlaskClient, ana: LearnerSettings) -> None:
    banks.publish()
    reader = Reader(client)
    reader.get("/")
    reader.submit("/study/start")
    reader.submit("/review", {"rating": "3"})
    sign_in(reader)
    reader.get("/account")
    page = reader.submit("/join", {"choice": "decline"})
    assert page.url == "/account"
    assert "as a guest" not in page.text


def plain(page: Page) -> str:
    return page.text.replace("\N{NO-BREAK SPACE}", " ")
