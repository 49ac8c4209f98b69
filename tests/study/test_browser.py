"""A drill in a real browser: by keyboard alone, without page loads, readable in both themes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser import assert_accessible, needs_chromium, offline, opened, served
from tests.factories.banks import publish

pytestmark = needs_chromium


@pytest.fixture(params=[("light", 375), ("dark", 1280)], ids=["light, phone", "dark, desk"])
def page(request: pytest.FixtureRequest, app: Flask, chromium: Browser) -> Iterator[Page]:
    """A guest at the first card of a bank."""
    publish()
    scheme, width = request.param
    with served(app) as address, opened(chromium, address, scheme=scheme, width=width, height=760) as page:
        page.goto("/study")
        page.get_by_role("button", name="Drill A sample bank").click()
        page.wait_for_url("**/study/*", wait_until="load")  # the scripts hear keys from here
        yield page


def front(page: Page, words: str) -> None:
    expect(page.locator(".card-text").first).to_contain_text(words)


def test_a_bank_is_drilled_by_keyboard_without_loading_a_page(page: Page) -> None:
    loads: list[str] = []
    front(page, "Which receptor")
    page.on("load", lambda: loads.append(page.url))
    page.keyboard.press("Space")
    expect(page.locator("#answer")).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator(".card-fold .prose")).to_be_visible()
    page.keyboard.press("4")
    front(page, "Which organ")
    expect(page.locator(".card-text").first).to_be_focused()
    page.keyboard.press("u")
    front(page, "Which receptor")
    page.keyboard.press("s")
    expect(page.locator(".drill-did")).to_contain_text("Suspended")
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    front(page, "What is the first daily dose")
    assert loads == []


def test_an_answer_that_could_not_be_sent_stays_and_is_sent_again(page: Page) -> None:
    page.keyboard.press("Space")
    with offline(page):
        page.keyboard.press("4")
        expect(page.get_by_role("alert")).to_contain_text("Not saved")
        front(page, "Which receptor")
    front(page, "Which organ")  # as soon as there is a connection again
    page.keyboard.press("Space")
    page.evaluate("addEventListener('online', event => event.stopImmediatePropagation(), true)")
    with offline(page):
        page.keyboard.press("4")
        expect(page.get_by_role("button", name="Retry")).to_be_focused()
    page.keyboard.press("Enter")
    front(page, "What is the first daily dose")


def test_nothing_jumps_when_a_card_is_turned_or_something_was_done(page: Page) -> None:
    def top() -> float:
        box = page.locator(".card-text").first.locator("p").last.bounding_box()
        assert box is not None
        return box["y"]

    before = top()
    page.keyboard.press("Space")
    expect(page.locator("#answer")).to_be_focused()
    assert top() == before
    page.keyboard.press("1")
    front(page, "Which organ")
    page.keyboard.press("u")
    front(page, "Which receptor")
    expect(page.locator(".drill-did")).to_be_visible()
    assert top() == before


@pytest.mark.parametrize("typing", [False, True], ids=["turned", "typed"])
def test_the_answer_is_in_sight_on_a_short_screen_however_long_the_question(
    app: Flask, chromium: Browser, typing: bool
) -> None:
    publish(f"- {{id: long, question: {'Which of these words are many? ' * 12}, answer: All of them}}")
    with served(app) as address, opened(chromium, address, width=320, height=568) as page:
        page.goto("/study")
        page.get_by_role("button", name="Drill A sample bank").click()
        page.wait_for_url("**/study/*", wait_until="load")
        if typing:
            page.locator(".drill-side summary").click()
            page.get_by_role("button", name="Type the answers").click()
            page.get_by_label("Your answer").press("Enter")
        else:
            page.get_by_role("button", name="Show answer").click()
        expect(page.locator("#answer")).to_be_focused()
        expect(page.get_by_text("Hard means")).to_be_hidden()
        answer = page.locator("#answer > .prose p").bounding_box()
        bar = page.locator(".thumb:visible").bounding_box()
        assert answer is not None
        assert bar is not None
        assert 0 <= answer["y"] <= answer["y"] + answer["height"] <= bar["y"]


def test_what_was_read_aloud_of_a_card_is_gone_with_it(page: Page) -> None:
    page.keyboard.press("Space")
    expect(page.locator("#announce")).to_contain_text("GABA-B")
    page.keyboard.press("1")
    front(page, "Which organ")
    expect(page.locator("#announce")).to_be_empty()


def test_the_explanation_stays_as_it_was_left(page: Page) -> None:
    page.keyboard.press("Space")
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator(".card-fold .prose")).to_be_hidden()
    page.keyboard.press("e")
    page.keyboard.press("1")
    front(page, "Which organ")
    page.keyboard.press("u")
    front(page, "Which receptor")
    page.keyboard.press("Space")
    expect(page.locator(".card-fold .prose")).to_be_visible()
    page.keyboard.press("e")
    page.reload()
    page.keyboard.press("Space")
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator(".card-fold .prose")).to_be_hidden()


def test_the_help_names_what_each_key_does_now_once_and_undo_always(page: Page) -> None:
    def named() -> list[str]:
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        keys = " ".join(page.locator("#keys dt").all_inner_texts()).split()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        return sorted(keys)

    assert named() == sorted(["enter", "space", "u", "s", "b", "f", "?"])
    page.get_by_role("button", name="Show answer").click()
    expect(page.locator("#answer")).to_be_focused()
    assert named() == sorted(["1", "2", "3", "4", "e", "u", "s", "b", "f", "?"])


def test_a_report_shows_as_much_of_the_card_as_was_seen(page: Page) -> None:
    page.keyboard.press("f")
    expect(page.locator("textarea")).to_be_focused()
    expect(page.get_by_text("GABA-B", exact=True)).to_be_hidden()
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/study/*card=*", wait_until="load")
    page.keyboard.press("Space")
    page.keyboard.press("f")
    expect(page.locator("textarea")).to_be_focused()
    expect(page.get_by_text("GABA-B", exact=True)).to_be_visible()
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator("#answer")).to_be_visible()


def test_a_finger_hits_what_it_aims_at(page: Page) -> None:
    if page.viewport_size != {"width": 375, "height": 760}:
        return  # a mouse aims better
    page.keyboard.press("b")
    expect(page.locator(".drill-did")).to_be_visible()
    for address in (page.url, "/", "/study", "/help"):
        if address != page.url:
            page.goto(address)
        small = page.evaluate(
            """[...document.querySelectorAll("button, summary, a.button, a.brand, a.row-title, a.chip, .foot a, .back")]
            .filter(it => it.getClientRects().length && !it.closest(".sr-only"))
            .filter(it => it.getBoundingClientRect().height < 44)
            .map(it => `${it.className}: ${it.innerText}`)"""
        )
        assert small == [], address


def test_a_card_not_met_is_listed_without_empty_words(page: Page) -> None:
    page.goto("/cards")
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("New")
    if page.viewport_size == {"width": 375, "height": 760}:
        assert "—" not in row.inner_text()
        box = row.bounding_box()
        assert box is not None
        assert box["height"] < 160


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
    expect(page.locator(".drill-did")).to_contain_text("Put off")
    assert_accessible(page)
    sitting = page.url.split("?")[0]
    for address in (f"{sitting}/summary", "/study", "/cards", "/cards/1", "/cards/1/report"):
        page.goto(address)
        assert_accessible(page)


def test_a_turned_card_stays_turned_when_the_page_is_loaded_again_and_the_next_one_is_not(page: Page) -> None:
    page.keyboard.press("Space")
    expect(page.locator("#answer")).to_be_focused()
    page.reload()
    front(page, "Which receptor")
    expect(page.locator("#answer")).to_be_visible()
    page.keyboard.press("1")
    front(page, "Which organ")
    page.reload()
    front(page, "Which organ")
    expect(page.get_by_role("button", name="Show answer")).to_be_visible()
    expect(page.locator("#answer")).to_be_hidden()


def test_what_was_typed_is_there_when_the_page_is_loaded_again_before_and_after_the_turn(page: Page) -> None:
    page.locator(".drill .menu summary").click()
    page.get_by_role("button", name="Type the answers").click()
    expect(page.locator("#typed")).to_be_focused()
    page.keyboard.type("gaba a")
    page.reload()
    expect(page.locator("#typed")).to_have_value("gaba a")
    page.locator("#typed").press("Enter")
    expect(page.locator(".typed del")).to_be_visible()
    page.reload()
    expect(page.locator(".typed del")).to_be_visible()
    page.keyboard.press("1")
    front(page, "Which organ")
    page.reload()
    expect(page.locator("#typed")).to_have_value("")


def test_the_title_of_a_bank_is_shown_whole_above_its_cards(app: Flask, chromium: Browser) -> None:
    title = "Baclofen versus Flexeril (cyclobenzaprine)"
    publish(title=title)
    with served(app) as address, opened(chromium, address, width=375, height=760) as page:
        page.goto("/study")
        page.get_by_role("button", name=f"Drill {title}").click()
        page.wait_for_url("**/study/*", wait_until="load")
        page.keyboard.press("Space")
        page.keyboard.press("3")
        front(page, "Which organ")
        shown = page.locator(".drill-head").get_by_text(title)
        assert shown.evaluate("it => it.scrollHeight <= it.clientHeight && it.scrollWidth <= it.clientWidth")
        head = page.locator(".drill-head").bounding_box()
        assert head is not None
        assert head["height"] <= 45
