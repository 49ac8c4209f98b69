"""What authors do about reports, as a whole: from the learner's words to the answer they read."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.models import ProblemReport
from quizapp.db import db
from quizapp.web.access import Role
from tests.factories import banks, quizzes, reports
from tests.factories.accounts import create_learner, create_user, learner_of
from tests.factories.study import cards_of, publish_cards
from tests.reader import Page, Reader, signed_in

LEARNER, AUTHOR, OTHER = "ana@example.org", "ira@example.org", "otto@example.org"
NOTE = "/teach/banks/sample/reports/receptor"


@pytest.fixture
def ana(app: Flask) -> LearnerSettings:
    banks.publish()
    reports.own(create_user(AUTHOR, role=Role.INSTRUCTOR))
    create_user(OTHER, role=Role.INSTRUCTOR)
    return learner_of(create_user(LEARNER))


@pytest.fixture
def enter(app: Flask) -> Callable[[str], Reader]:
    """Give a browser in which somebody is signed in."""
    return lambda email: signed_in(app.test_client(), email)


def words(page: Page) -> str:
    return page.text.replace("\N{NO-BREAK SPACE}", " ")


def rows(page: Page) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in page.soup.select(".rows .row")]


def one_report() -> ProblemReport:
    db.session.rollback()
    return db.session.scalars(select(ProblemReport)).one()


def answer(reader: Reader, report_id: int, *, status: int = 200, **fields: str) -> Page:
    """Fill in the answer form of a report on the page in view."""
    named = {f"report-{report_id}-{name}": value for name, value in fields.items()}
    return reader.submit(f"/teach/reports/{report_id}/answer", named, status=status)


def test_a_report_reaches_the_author_is_answered_with_the_version_that_corrects_it_and_read(
    ana: LearnerSettings, enter: Callable[[str], Reader]
) -> None:
    learner, author = enter(LEARNER), enter(AUTHOR)
    learner.get(f"/cards/{cards_of('sample')[0]}/report")
    learner.submit("/report", {"message": "It is *also* a weak one."})
    inbox = author.get("/teach/reports")
    assert rows(inbox)[0].startswith("Which receptor does baclofen activate? It is also a weak one.")
    page = author.get(next(link for link in inbox.links() if link.endswith(NOTE)))
    assert "The note has not changed since" in page.text
    assert "GABA-B" in page.soup.select_one("details .surface").get_text()
    assert LEARNER not in page.text
    assert author.submit("/versions/1/draft").soup.find("input", {"value": "GABA-B"}), "the note's own form"
    banks.publish(banks.FACTS.replace("GABA-B\n", "GABA-B receptor\n"))
    assert "now it is wording 2, of version 2" in author.get(NOTE).text
    report = one_report()
    answer(author, report.id, reply="Thank you.", fixed_in="2", **{"closing": "yes"})
    assert "No open reports" in author.get("/teach/reports").text
    assert len(rows(author.get("/teach/banks/sample/reports?state=closed"))) == 1
    start = learner.get("/")
    assert "1 answer to your report" in words(start)
    told = learner.submit("/reports/seen")
    assert told.url == "/reports"
    assert "Thank you." in told.text
    assert "Corrected in version 2" in told.text
    assert "to your report" not in words(learner.get("/"))


def test_a_question_is_shown_as_it_was_asked_with_what_the_learner_chose(
    ana: LearnerSettings, enter: Callable[[str], Reader]
) -> None:
    banks.publish(quizzes.MIXED)
    code = quizzes.start(ana, count=1)
    item = quizzes.items(ana, code)[0]
    quizzes.answer(ana, code, 1, quizzes.bad_answer(item))
    learner, author = enter(LEARNER), enter(AUTHOR)
    learner.get(f"/quizzes/{code}/1")
    learner.submit("/report", {"message": "The key is wrong."})
    page = author.get(f"/teach/banks/sample/reports/{item.snapshot['about']['note_key']}")
    wrong = page.soup.select_one(".option.is-wrong")
    chosen = next(one for one in item.snapshot["options"] if one["id"] in quizzes.bad_answer(item))
    assert chosen["text"] in wrong.get_text()
    assert "The learner's answer, wrong" in wrong.get_text()
    assert "Right answer" in page.soup.select_one(".option.is-right").get_text()
    own = learner.get("/reports")
    assert "Your answer, wrong" in own.soup.select_one(".option.is-wrong").get_text()


def test_two_reports_on_one_note_stand_together(ana: LearnerSettings, enter: Callable[[str], Reader]) -> None:
    receptor, start, _ = cards_of("sample")
    guest = learner_of(create_user("eve@example.org"))
    reports.report_card(ana, receptor, "First.")
    reports.report_card(ana, start, "Another note.")
    reports.report_card(guest, receptor, "Second.")
    author = enter(AUTHOR)
    listed = rows(author.get("/teach/reports"))
    assert ["Second." in row and "2 reports" in row.replace("\N{NO-BREAK SPACE}", " ") for row in listed] == [
        True,
        False,
    ]
    page = author.get(NOTE)
    assert [quote.get_text(strip=True) for quote in page.soup.select("blockquote")] == ["Second.", "First."]


def test_co_authors_and_administrators_share_an_inbox_and_others_find_nothing(
    ana: LearnerSettings, enter: Callable[[str], Reader]
) -> None:
    report_id = reports.report_card(ana, cards_of("sample")[0])
    reports.write_with(create_user("co@example.org", role=Role.INSTRUCTOR))
    create_user("root@example.org", role=Role.ADMINISTRATOR)
    for email in ("co@example.org", "root@example.org"):
        assert len(rows(enter(email).get("/teach/reports"))) == 1
    other = enter(OTHER)
    assert rows(other.get("/teach/reports")) == []
    other.get("/teach/banks/sample/reports", status=404)
    other.get(NOTE, status=404)
    for action in ("answer", "close", "reopen"):
        other.post(f"/teach/reports/{report_id}/{action}", {f"report-{report_id}-reply": "Ha."}, status=404)
    report = one_report()
    assert (report.reply, report.closed_at) == (None, None)
    enter(AUTHOR).get("/teach/banks/sample/reports/nothing", status=404)


def test_an_answer_that_says_nothing_or_comes_second_is_not_kept_and_not_lost(
    ana: LearnerSettings, enter: Callable[[str], Reader]
) -> None:
    report_id = reports.report_card(ana, cards_of("sample")[0])
    author = enter(AUTHOR)
    author.get(NOTE)
    assert "Write an answer, or choose" in answer(author, report_id, status=422).text
    too_early = answer(author, report_id, fixed_in="1", status=422)
    assert "Choose a version that came after" in too_early.text
    too_long = answer(author, report_id, reply="x" * 2001, status=422)
    assert "Use at most 2,000 characters." in too_long.text
    behind = enter(AUTHOR)
    behind.get(NOTE)
    author.get(NOTE)
    answer(author, report_id, reply="The first answer.")
    page = answer(behind, report_id, reply="The second answer.", status=409)
    assert "Somebody answered this report meanwhile" in page.text
    assert "The first answer." in page.soup.select("blockquote")[1].get_text()
    assert page.soup.select_one("textarea").get_text().strip() == "The second answer."
    assert one_report().reply == "The first answer."


def test_closing_and_opening_again_keep_the_answer(
    ana: LearnerSettings, enter: Callable[[str], Reader]
) -> None:
    report_id = reports.report_card(ana, cards_of("sample")[0])
    author = enter(AUTHOR)
    author.get(NOTE)
    answer(author, report_id, reply="Right you are.")
    author.submit(f"/teach/reports/{report_id}/close")
    assert one_report().closed_at is not None
    author.submit(f"/teach/reports/{report_id}/reopen")
    assert (one_report().closed_at, one_report().reply) == (None, "Right you are.")


def test_an_inbox_and_a_note_cost_the_same_whatever_there_is(
    ana: LearnerSettings, enter: Callable[[str], Reader], statements: list[str]
) -> None:
    def cost(url: str) -> int:
        statements.clear()
        author.get(url)
        return len(statements)

    author, urls = enter(AUTHOR), ("/teach/reports", NOTE)
    reports.report_card(ana, cards_of("sample")[0])
    before = [cost(url) for url in urls]
    publish_cards(30, bank="sample")
    for card_id in cards_of("sample"):
        reports.report_card(ana, card_id)
    for _ in range(9):
        banks.publish()
        reports.report_card(ana, cards_of("sample")[0])
        publish_cards(30, bank="sample")
    assert [cost(url) for url in urls] == before
    assert "Next" in author.get("/teach/reports").text
    assert max(before) <= 9


@pytest.mark.parametrize(("role", "mails"), [(Role.LEARNER, 1), (None, 0)])
def test_an_answer_is_mailed_to_who_has_an_address_once_it_is_kept(
    make_app: Callable[..., Flask], role: Role | None, mails: int
) -> None:
    site = make_app(mail_url="smtp://localhost", hosts=("localhost",))
    site.extensions["mailman"].backend = "locmem"
    with site.app_context():
        banks.publish()
        reports.own(create_user(AUTHOR, role=Role.INSTRUCTOR))
        learner = create_learner() if role is None else learner_of(create_user(LEARNER, role=role))
        report_id = reports.report_card(learner, cards_of("sample")[0])
        db.session.remove()
    author = signed_in(site.test_client(), AUTHOR)
    author.get(NOTE)
    answer(author, report_id, status=422)
    answer(author, report_id, reply="Corrected.")
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(5)
    outbox = getattr(site.extensions["mailman"], "outbox", [])
    assert [mail.to for mail in outbox] == [[LEARNER]] * mails
    assert all("http://localhost/reports" in mail.body for mail in outbox)
