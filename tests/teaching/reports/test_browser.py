"""Reports in a real browser: readable in both themes, on a phone and at a desk, for authors and learners."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from quizapp.web.access import Role
from tests.browser import assert_accessible, needs_chromium, opened, served, sign_in
from tests.factories import banks, quizzes, reports
from tests.factories.accounts import create_user, learner_of
from tests.factories.study import cards_of

pytestmark = needs_chromium

LEARNER, AUTHOR = "ana@example.org", "ira@example.org"
NOTE = "/teach/banks/sample/reports/receptor"


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of a site where a card and a question were reported."""
    banks.publish(quizzes.MIXED)
    reports.own(create_user(AUTHOR, role=Role.INSTRUCTOR))
    ana = learner_of(create_user(LEARNER))
    reports.report_card(ana, cards_of("sample")[0], "It is *also* a weak agonist elsewhere.")
    with served(app) as address:
        yield address


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    with opened(chromium, site, scheme=request.param) as page:
        yield page


def look_at(page: Page, *addresses: str) -> None:
    for width, height in ((375, 740), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        for address in addresses:
            page.goto(address)
            assert_accessible(page)


def test_a_report_goes_to_its_author_and_the_answer_comes_back(page: Page) -> None:
    sign_in(page, LEARNER)
    page.goto("/quizzes")
    page.get_by_role("button", name="10 questions").first.click()
    page.wait_for_url("**/1")
    page.locator("label.option").first.click()
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("#verdict")).to_be_visible()
    page.get_by_text("Report a problem with this question").click()
    page.get_by_label("What is wrong?").fill("Two of these are right.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    look_at(page, "/reports", "/help/roles")
    sign_in(page, AUTHOR)
    page.goto("/teach/reports")
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").last.click()
    page.wait_for_url("**/teach/banks/sample/reports/*")
    note = page.url
    look_at(page, "/teach/reports", "/teach/reports?state=closed", "/teach/banks/sample/reports", NOTE, note)
    page.goto(NOTE)
    page.get_by_label("Your answer").first.fill("Corrected, thank you.")
    page.get_by_role("button", name="Send and close").first.click()
    expect(page.get_by_text("Answered. The learner will see it.")).to_be_visible()
    sign_in(page, LEARNER)
    page.get_by_text("Account").first.click()
    page.get_by_role("button", name="1 answer to your report").first.click()
    expect(page.get_by_text("Corrected, thank you.")).to_be_visible()
