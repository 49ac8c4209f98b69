"""A drill in a real browser: by keyboard alone, without page loads, readable in both themes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser import assert_accessible, launched, needs_chromium, served
from tests.factories.banks import publish

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(params=[("light", 375), ("dark", 1280)], ids=["light, phone", "dark, desk"])
def page(request: pytest.FixtureRequest, app: Flask, chromium: Browser) -> Iterator[Page]:
    """A guest at the first card of a bank."""
    publish()
    scheme, width = request.param
    with served(app) as address:
        context = chromium.new_context(
            base_url=address, color_scheme=scheme, viewport={"width": width, "height": 760}
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        page.goto("/study")
        page.get_by_role("button", name="Drill", exact=True).click()
        page.wait_for_url("**/study/*", wait_until="load")  # the scripts hear keys from here
        yield page
        context.close()


def front(page: Page, words: str) -> None:
    expect(page.locator(".card-text").first).to_contain_text(words)


def test_a_bank_is_drilled_by_keyboard_without_loading_a_page(page: Page) -> None:
    loads: list[str] = []
    front(page, "Which receptor")
    page.on("load", lambda: loads.append(page.url))
    page.keyboard.press("Space")
    expect(page.locator("#answer")).to_be_focused()
    page.keyboard.press("e")
    expect(page.get_by_text("agonist at the GABA-B receptor")).to_be_visible()
    page.keyboard.press("4")
    front(page, "Which organ")
    expect(page.locator(".card-text").first).to_be_focused()
    page.keyboard.press("u")
    front(page, "Which receptor")
    page.keyboard.press("s")
    expect(page.locator(".flash")).to_contain_text("Suspended")
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    front(page, "What is the first daily dose")
    assert loads == []


def test_an_answer_that_could_not_be_sent_stays_and_is_sent_again(page: Page) -> None:
    page.keyboard.press("Space")
    page.context.set_offline(True)
    page.keyboard.press("4")
    expect(page.get_by_role("alert")).to_contain_text("Not saved")
    front(page, "Which receptor")
    page.context.set_offline(False)
    page.keyboard.press("Enter")  # the focus is on "Retry"
    front(page, "Which organ")
    expect(page.locator(".drill-side")).to_contain_text("1 of 3")


def test_a_typed_answer_is_compared_in_place(page: Page) -> None:
    page.locator(".drill .menu summary").click()
    page.get_by_role("button", name="Type the answers").click()
    expect(page.locator("#typed")).to_be_focused()
    page.keyboard.type("gaba a")
    page.keyboard.press("Enter")
    expect(page.locator(".typed del")).to_be_visible()
    page.keyboard.press("1")
    front(page, "Which organ")


def test_every_page_of_a_drill_can_be_read(page: Page) -> None:
    assert_accessible(page)
    page.keyboard.press("Space")
    assert_accessible(page)
    page.keyboard.press("1")
    front(page, "Which organ")
    page.keyboard.press("b")
    expect(page.locator(".flash")).to_contain_text("Put off")
    assert_accessible(page)
    sitting = page.url.split("?")[0]
    for address in (f"{sitting}/summary", "/study", "/cards", "/cards/1", "/cards/1/report"):
        page.goto(address)
        assert_accessible(page)
