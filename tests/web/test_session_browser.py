"""Pages that outlive their session: what was typed or chosen is sent once its owner has signed in again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from quizapp.teaching.drafts.queries import DraftRow
from quizapp.web.access import Role
from tests.browser import assert_accessible, needs_chromium, opened, served, sign_in
from tests.factories import banks, quizzes
from tests.factories.accounts import PASSWORD, create_user
from tests.factories.teaching import create_draft

pytestmark = needs_chromium

IRA, OTTO = "ira@example.org", "otto@example.org"


@pytest.fixture
def draft(app: Flask) -> DraftRow:
    create_user(OTTO, role=Role.INSTRUCTOR)
    return create_draft(create_user(IRA, role=Role.INSTRUCTOR))


@pytest.fixture(params=[("light", 375), ("dark", 1280)], ids=["light, phone", "dark, desk"])
def page(request: pytest.FixtureRequest, app: Flask, draft: DraftRow, chromium: Browser) -> Iterator[Page]:
    """An instructor, signed in, on a site with a bank."""
    scheme, width = request.param
    banks.publish(quizzes.MIXED)
    with served(app) as address, opened(chromium, address, scheme=scheme, width=width, height=760) as page:
        sign_in(page, IRA)
        yield page


def write_note(page: Page, draft: DraftRow) -> None:
    page.goto(f"/teach/drafts/{draft.code}/notes/new?type=fact")
    page.get_by_label("Question", exact=True).fill("Typed with care?")
    page.get_by_label("Answer", exact=True).fill("Yes")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.click()


def test_a_note_is_saved_once_its_author_has_signed_in_in_another_tab(page: Page, draft: DraftRow) -> None:
    write_note(page, draft)
    page.context.clear_cookies()
    save(page)
    told = page.get_by_role("alert")
    expect(told).to_contain_text("You were signed out.")
    expect(told.get_by_role("button")).to_have_text("Retry")
    assert_accessible(page)
    with page.context.expect_page() as opened_tab:
        told.get_by_role("link", name="Sign in in a new tab").click()
    sign_in(opened_tab.value, IRA)
    told.get_by_role("button", name="Retry").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Question", exact=True)).to_have_value("Typed with care?")


def test_a_note_is_not_saved_in_the_name_of_somebody_else(page: Page, draft: DraftRow) -> None:
    write_note(page, draft)
    sign_in(page.context.new_page(), OTTO)
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("opened by another account")
    expect(page.get_by_role("alert").get_by_role("button")).to_have_text("Retry")
    expect(page.get_by_label("Question", exact=True)).to_have_value("Typed with care?")


def test_a_rating_is_kept_once_the_learner_has_signed_in_again(page: Page) -> None:
    page.goto("/study")
    page.get_by_role("main").get_by_role("button", name=re.compile("Drill|Study")).first.click()
    page.get_by_role("button", name="Show answer").click()
    page.context.clear_cookies()
    page.get_by_role("button", name=re.compile("Good")).click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("You were signed out.")
    sign_in(page.context.new_page(), IRA)
    told.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("button", name="Show answer")).to_be_visible()


def test_a_guest_who_signed_in_elsewhere_is_told_where_the_answers_are(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/study")
    page.get_by_role("main").get_by_role("button", name=re.compile("Drill")).first.click()
    page.get_by_role("button", name="Show answer").click()
    page.get_by_role("button", name=re.compile("Good")).click()
    expect(page.locator(".drill-count")).to_contain_text("1 answered")
    page.get_by_role("button", name="Show answer").click()
    other = page.context.new_page()
    other.goto("/login")
    other.get_by_label("E-mail").fill(IRA)
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("main").get_by_role("button", name="Sign in").click()
    other.wait_for_url(re.compile("/join"))
    page.get_by_role("button", name=re.compile("Good")).click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("or before you signed in. What was saved from it is kept")
    expect(told.get_by_role("button")).to_have_count(0)
    assert_accessible(page)
    with page.context.expect_page() as opened_tab:
        told.get_by_role("link", name="First page in a new tab").click()
    first = opened_tab.value
    expect(first.get_by_text("in this browser as a guest")).to_be_visible()
    first.get_by_role("button", name="Add to my account").click()
    expect(first.get_by_role("main")).to_contain_text("Added 1 answer.")


def test_a_choice_in_a_test_is_kept_once_the_learner_has_signed_in_again(page: Page) -> None:
    page.goto("/quizzes")
    page.get_by_role("button", name="As a test").first.click()
    page.wait_for_url("**/1")
    page.context.clear_cookies()
    page.keyboard.press("a")
    told = page.locator("[data-saved]")
    expect(told).to_contain_text("You were signed out.")
    expect(told.get_by_role("link", name="Sign in in a new tab")).to_be_visible()
    assert_accessible(page)
    sign_in(page.context.new_page(), IRA)
    told.get_by_role("button", name="retry").click()
    expect(told).to_have_text("Saved")


def test_back_from_a_form_that_was_refused_as_stale_leads_to_what_was_typed(page: Page) -> None:
    page.goto("/teach/upload")
    page.locator("form.paste textarea").fill("format: 1")
    sign_in(page.context.new_page(), IRA)
    page.locator("form.paste button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("open for too long")
    page.get_by_role("main").get_by_role("link", name="Back").click()
    expect(page.locator("form.paste textarea")).to_have_value("format: 1")
    page.locator("form.paste button").click()
    page.wait_for_url("**/teach/drafts/*")


def test_a_stale_form_without_a_script_leads_to_a_page_in_the_frame_and_back(page: Page) -> None:
    page.goto("/study")
    page.locator("main form input[name=csrf_token]").evaluate_all(
        "all => all.forEach(one => { one.value = '' })"
    )
    page.get_by_role("main").get_by_role("button", name=re.compile("Drill|Study")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("open for too long")
    expect(page.locator("header.top").get_by_text("Account")).not_to_have_count(0)
    assert_accessible(page)
    page.get_by_role("main").get_by_role("link", name="Back").click()
    expect(page).to_have_url(re.compile("/study$"))
