"""A quiz in a real browser: by keyboard alone, without page loads, readable in both themes."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator
from threading import Semaphore

import pytest
from flask import Flask, request, request_finished
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser import PATIENCE_MS, assert_accessible, held, needs_chromium, offline, opened, served
from tests.factories import banks, quizzes

pytestmark = needs_chromium


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of a site with one bank."""
    banks.publish(quizzes.MIXED)
    with served(app) as address:
        yield address


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    with opened(chromium, site, scheme=request.param, width=375, height=740) as page:
        yield page


def start(page: Page, label: str) -> None:
    page.goto("/quizzes")
    page.get_by_role("button", name=label).first.click()
    page.wait_for_url("**/1")


def test_practice_by_keyboard_alone(page: Page) -> None:
    start(page, "10 questions")
    assert_accessible(page)
    for position in (1, 2, 3):
        page.wait_for_url(f"**/{position}")
        page.evaluate("window.here = true")
        page.keyboard.press("b" if position == 1 else "1")
        page.keyboard.press("Enter")
        expect(page.locator("#verdict")).to_be_focused()
        assert page.evaluate("window.here"), "the answer loaded a page"
        page.keyboard.press("Enter")
    page.wait_for_url("**/result")
    assert_accessible(page)


def test_a_test_goes_on_without_page_loads_and_back_leads_back(page: Page) -> None:
    start(page, "As a test")
    page.evaluate("window.here = true")
    page.keyboard.press("x")
    expect(page.get_by_role("button", name="Flagged")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/2")
    assert page.evaluate("window.here"), "the answer loaded a page"
    expect(page.get_by_role("button", name="Question 1, answered, flagged")).to_be_visible()
    page.go_back()
    page.wait_for_url("**/1")
    expect(page.locator("input[name=choice]:checked")).to_have_count(1)
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/submit")
    expect(page.get_by_text("2 questions without an answer")).to_be_visible()
    bar, title = (page.locator(part).bounding_box() for part in ("header.top", "h1"))
    assert title["y"] - (bar["y"] + bar["height"]) >= 24, "the title sticks to the bar"
    assert_accessible(page)


def test_a_choice_in_a_test_is_kept_as_it_is_made(page: Page) -> None:
    start(page, "As a test")
    page.evaluate("window.here = true")
    for key in ("a", "b", "c"):
        page.keyboard.press(key)
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    expect(page.get_by_label("Question 1, answered")).to_be_visible()
    assert page.evaluate("window.here"), "the choice loaded a page"
    chosen = page.locator("input[name=choice]:checked").evaluate_all("boxes => boxes.map(box => box.value)")
    page.goto("/quizzes")
    page.go_back()
    page.reload()
    kept = page.locator("input[name=choice]:checked").evaluate_all("boxes => boxes.map(box => box.value)")
    assert kept == chosen != []
    assert_accessible(page)


def test_a_tab_left_open_is_told_what_another_recorded_and_overwrites_nothing(page: Page) -> None:
    start(page, "As a test")
    other = page.context.new_page()
    other.goto(page.url)
    other.keyboard.press("b")
    expect(other.locator("[data-saved]")).to_have_text("Saved")
    page.keyboard.press("a")
    expect(page.get_by_role("alert")).to_contain_text("changed elsewhere meanwhile: B is recorded")
    expect(page.locator("input[name=choice]").nth(1)).to_be_checked()
    page.get_by_role("button", name="Question 2").click()
    page.wait_for_url("**/2")
    other.reload()
    expect(other.locator("input[name=choice]").nth(1)).to_be_checked()
    expect(other.locator("input[name=choice]:checked")).to_have_count(1)


def test_a_choice_that_cannot_be_kept_says_so_and_can_be_sent_again(page: Page) -> None:
    start(page, "As a test")
    with offline(page):
        page.keyboard.press("a")
        expect(page.locator("[data-saved]")).to_have_text("Not saved – retry")
    page.locator("[data-saved]").get_by_role("button").click()
    expect(page.locator("[data-saved]")).to_have_text("Saved")


def test_a_choice_on_its_way_is_asked_about_before_it_is_lost_and_saved_is_said_of_the_last(
    page: Page,
) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    start(page, "As a test")
    page.on("dialog", stay)
    with held(page, "**/respond"):
        page.keyboard.press("a")
        page.keyboard.press("b")
        with page.expect_event("dialog"):
            page.evaluate("location.assign('/quizzes')")
        expect(page.locator("[data-saved]")).to_be_empty()
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    page.goto("/quizzes")
    assert asked == ["beforeunload"]
    page.go_back()
    expect(page.locator("input[name=choice]").nth(1)).to_be_checked()


def test_the_timer_never_runs_backwards_and_the_result_shows_the_time_spent(app: Flask, page: Page) -> None:
    told = Semaphore(0)

    def tell(_app: Flask, **_said: object) -> None:
        if request.path.endswith("/time"):
            told.release()

    def leave_and_come_back() -> None:
        page.goto("/quizzes")
        page.go_back()

    instant = dt.datetime.now()
    page.clock.install(time=instant)
    page.clock.pause_at(instant + dt.timedelta(seconds=1))
    request_finished.connect(tell, app)
    begun, spent = time.monotonic(), page.locator("[data-spent]")
    start(page, "As a test")
    moves: list[tuple[Callable[[], object], str, bool]] = [
        (page.get_by_role("button", name="Question 2").click, "Question 2", False),
        (lambda: page.keyboard.press("x"), "Question 2, flagged", False),
        (page.reload, "Question 2, flagged", True),
        (page.get_by_role("button", name="Question 1").click, "Question 1", False),
        (leave_and_come_back, "Question 1", True),
    ]
    for seconds, (move, place, leaves) in enumerate(moves, start=1):
        page.wait_for_timeout(1100)  # the server counts no more than has passed
        page.clock.run_for(1100)
        expect(spent).to_have_text(f"0:0{seconds}")
        move()
        assert not leaves or told.acquire(timeout=PATIENCE_MS / 1000)
        expect(page.locator(".place[aria-current]")).to_have_accessible_name(place)
        expect(spent).to_have_text(f"0:0{seconds}")
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("button", name="Hand in and see").click()
    page.wait_for_url("**/result")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator("details.asked").first).to_be_in_viewport()
    shown = re.search(r"(\d+) s spent", page.inner_text("main"))
    assert shown is not None
    assert len(moves) <= int(shown[1]) <= time.monotonic() - begun + 1


def test_an_answer_that_cannot_be_sent_stays_and_says_so(page: Page) -> None:
    start(page, "10 questions")
    page.keyboard.press("a")
    with offline(page):
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Not saved")
        expect(page.locator("input[name=choice]:checked")).to_have_count(1)
    expect(page.locator("#verdict")).to_be_focused()


def test_the_form_says_how_many_questions_match_while_it_is_filled_in(page: Page) -> None:
    page.goto("/quizzes")
    expect(page.locator("#matching")).to_contain_text("Only 3 questions match")
    expect(page.get_by_role("button", name="Count again")).to_be_hidden()
    kinds = page.locator("details#kind")
    expect(kinds.locator("summary")).to_contain_text("none ticked: all", use_inner_text=True)
    page.get_by_text("Kinds of question").first.click()
    page.get_by_label("Select all that apply").check()
    expect(kinds.locator("summary")).to_contain_text("only what is ticked", use_inner_text=True)
    expect(kinds.locator("summary")).not_to_contain_text("none ticked", use_inner_text=True)
    expect(page.locator("#matching")).to_contain_text("Only 1 question matches")
    assert_accessible(page)


def test_what_is_wrong_with_a_form_is_in_view_and_has_the_focus(page: Page) -> None:
    page.goto("/quizzes")
    page.locator("form[data-refresh]").evaluate("form => { form.noValidate = true }")
    page.get_by_label("Number of questions").fill("0")
    page.get_by_role("button", name="Start", exact=True).click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    expect(summary).to_contain_text("Choose a whole number from 1 to 200.")
    summary.get_by_role("link").click()
    expect(page.get_by_label("Number of questions")).to_be_in_viewport()
