"""How a result looks in a real browser: on a phone and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser import needs_chromium, opened, served
from tests.factories import banks, quizzes

pytestmark = needs_chromium

# The texts of the page that are narrower than the longest of their words would be on a line of its own.
BROKEN_WORDS = """
() => {
  const pen = document.createElement("canvas").getContext("2d"), found = [];
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { data, parentElement } = walk.currentNode;
    if (!data.trim() || !parentElement.checkVisibility() || parentElement.closest(".sr-only, progress")) continue;
    const style = getComputedStyle(parentElement), range = document.createRange();
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    range.selectNodeContents(walk.currentNode);
    const longest = Math.max(...data.trim().split(/[\\s\u2010-\u2014-]+/).map((word) => pen.measureText(word).width));
    if (range.getBoundingClientRect().width < 0.9 * longest) found.push(data.trim());
  }
  return found;
}
"""

# A wrong answer, half an answer and a right one to the questions of the bank, in whatever order those come.
CHOSEN = re.compile("^(GABA-A|High fever|Kidney)$")

# Lightness from 0 to 255 of the page's ground, and of the lightest text on it.
LIGHTNESS = """
() => {
  const light = (colour) => Math.max(...colour.match(/[\\d.]+/g).slice(0, 3).map(Number));
  const written = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const texts = [...document.querySelectorAll("main *")].filter((one) => one.checkVisibility() && written(one));
  const inks = texts.map((element) => light(getComputedStyle(element).color));
  return [light(getComputedStyle(document.body).backgroundColor), Math.max(...inks)];
}
"""


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of a site with one bank, which has a notice."""
    banks.publish(quizzes.MIXED, notice="Education only.")
    with served(app) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """A phone in the dark theme, on the result of a quiz with right and wrong answers."""
    with opened(chromium, site, scheme="dark", width=375, height=740) as page:
        page.goto("/quizzes")
        page.get_by_role("button", name="10 questions").first.click()
        for position in (1, 2, 3):
            page.wait_for_url(f"**/{position}")
            page.locator("label").get_by_text(CHOSEN).click()
            page.keyboard.press("Enter")
            expect(page.locator("#verdict")).to_be_focused()
            page.keyboard.press("Enter")
        page.wait_for_url("**/result")
        yield page


def test_no_text_of_a_result_is_narrower_than_a_word(page: Page) -> None:
    expect(page.get_by_text("comes back tomorrow").first).to_be_visible()
    assert page.evaluate(BROKEN_WORDS) == []


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_a_result_is_printed_in_dark_ink_on_light_paper_with_what_paper_needs(page: Page, theme: str) -> None:
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    page.emulate_media(media="print", color_scheme="dark")
    ground, ink = page.evaluate(LIGHTNESS)
    assert ground == 255
    assert ink < 190
    for words in ("Quizapp", "A guest", "Education only."):
        expect(page.get_by_text(words, exact=True).first).to_be_visible()
    page.goto(page.url.replace("/result", "/1"))
    for part in (".attempt-report", ".attempt-places", ".thumb"):
        expect(page.locator(part)).to_be_hidden()
