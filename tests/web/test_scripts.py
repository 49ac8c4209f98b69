"""The scripts of every page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask, render_template_string, request
from playwright.sync_api import Browser, Page, expect

from quizapp.errors import Conflict, StorageUnavailable
from tests.browser import needs_chromium, opened, served

pytestmark = needs_chromium

PAGE = """{% extends "base.html" %}{% block title %}Drill{% endblock %}{% block main %}<h1>Drill</h1>
<div id="drill">
  <p id="answer" hidden>Five milligrams</p>
  <button class="button" data-reveal="answer" data-key="space">Show answer</button>
  <form method="post" action="/answer" data-fetch="#drill" data-with="answer" hidden>
    {{ ui.csrf() }}{{ ui.time_zone() }}<input type="hidden" name="thinking_ms" data-thinking>
    <button class="button" name="rating" value="1" data-key="1">Again</button>
    <button class="button" name="rating" value="3" data-key="3">Good</button>
  </form>
</div>
<input aria-label="Search">{% endblock %}"""
NEXT = """<section data-title="Next" data-url="/next" data-announce="Saved">
<h2 data-focus>Next card</h2></section>"""


@dataclass
class Desk:
    """What the browser sent, and what the next answers will be."""

    sent: list[dict[str, str]] = field(default_factory=list)
    fail: list[Exception] = field(default_factory=list)


@pytest.fixture
def desk(small_site: Flask) -> Desk:
    desk = Desk()

    @small_site.route("/drill")
    def drill() -> str:
        return render_template_string(PAGE)

    @small_site.route("/answer", methods=["POST"])
    def answer() -> str:
        desk.sent.append(request.form.to_dict())
        if desk.fail:
            raise desk.fail.pop()
        return NEXT

    return desk


@pytest.fixture
def drilling(small_site: Flask, desk: Desk, chromium: Browser) -> Iterator[Page]:
    with served(small_site) as address, opened(chromium, address) as page:
        page.goto("/drill")
        yield page


def test_a_card_is_turned_and_rated_by_keys_and_the_next_takes_its_place(drilling: Page, desk: Desk) -> None:
    expect(drilling.locator("#answer")).to_be_hidden()
    drilling.keyboard.press("Space")
    expect(drilling.locator("#answer")).to_be_focused()
    drilling.keyboard.press("3")
    expect(drilling.get_by_role("heading", name="Next card")).to_be_focused()
    expect(drilling).to_have_title("Next")
    expect(drilling.locator("#announce")).to_have_text("Saved")
    expect(drilling).to_have_url(re.compile("/next$"))
    (form,) = desk.sent
    assert form["rating"] == "3"
    assert "/" in form["time_zone"] or form["time_zone"] == "UTC"
    assert int(form["thinking_ms"]) > 0


def test_a_double_click_is_sent_once(drilling: Page, desk: Desk) -> None:
    drilling.keyboard.press("Space")
    drilling.evaluate("const b = document.querySelector('[value=\"3\"]'); b.click(); b.click(); b.click()")
    expect(drilling.get_by_role("heading", name="Next card")).to_be_visible()
    assert len(desk.sent) == 1


def test_what_could_not_be_saved_stays_and_is_sent_again_as_it_was(drilling: Page, desk: Desk) -> None:
    desk.fail.append(StorageUnavailable("Nothing was saved, please retry."))
    drilling.keyboard.press("Space")
    drilling.keyboard.press("1")
    expect(drilling.get_by_role("alert")).to_contain_text("Not saved – Nothing was saved, please retry.")
    expect(drilling.locator("#answer")).to_be_visible()
    expect(drilling.get_by_role("button", name="Retry")).to_be_focused()
    drilling.keyboard.press("Enter")
    expect(drilling.get_by_role("heading", name="Next card")).to_be_visible()
    assert [form["rating"] for form in desk.sent] == ["1", "1"]


def test_a_card_that_has_moved_on_is_told_with_a_way_to_see_it(drilling: Page, desk: Desk) -> None:
    desk.fail.append(Conflict("This card was already answered: Good."))
    drilling.keyboard.press("Space")
    drilling.keyboard.press("1")
    expect(drilling.get_by_role("alert")).to_contain_text("already answered: Good.")
    drilling.get_by_role("button", name="Reload the page").click()
    expect(drilling.get_by_role("button", name="Show answer")).to_be_visible()


def test_keys_are_listed_and_do_nothing_while_somebody_types(drilling: Page, desk: Desk) -> None:
    drilling.get_by_label("Search").press_sequentially("1 3 ?")
    expect(drilling.locator("#answer")).to_be_hidden()
    drilling.get_by_label("Search").blur()
    drilling.keyboard.press("?")
    expect(drilling.get_by_role("dialog")).to_contain_text("space")
    drilling.keyboard.press("Escape")
    expect(drilling.get_by_role("dialog")).to_be_hidden()
    assert desk.sent == []


def test_a_theme_is_chosen_without_leaving_the_page(drilling: Page) -> None:
    with drilling.expect_response("**/theme"):
        drilling.get_by_role("button", name="Dark").click()
    expect(drilling.locator("html")).to_have_attribute("data-theme", "dark")
    expect(drilling.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    drilling.reload()
    expect(drilling.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("<svg><use href='/missing.svg#one'></use></svg>", "404: .*/missing.svg"),
        ("<script type='module' src='/missing.js'></script>", "404: .*/missing.js"),
        ("<button data-reveal='nothing' data-key='a'>Show</button>", "script error: "),
    ],
    ids=["icon", "module", "script"],
)
def test_what_is_broken_on_a_page_is_told_when_it_is_left(
    small_site: Flask, chromium: Browser, broken: str, told: str
) -> None:
    @small_site.route("/broken")
    def page_with_a_fault() -> str:
        return render_template_string(PAGE.replace("<h1>", f"{broken}<h1>"))

    def look_at(address: str) -> None:
        with opened(chromium, address) as page:
            page.goto("/broken")
            page.keyboard.press("a")

    with served(small_site) as address, pytest.raises(AssertionError, match=told):
        look_at(address)
