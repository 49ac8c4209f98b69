"""Uploading in a real browser: readable in both themes, on a phone and on a desk; dropped files and copied lists."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from quizapp.web.access import Role
from tests.browser import assert_accessible, needs_chromium, opened, served, sign_in
from tests.factories.accounts import create_user
from tests.factories.banks import FACTS, bank_yaml
from tests.factories.teaching import publish_draft

pytestmark = needs_chromium
BROKEN = bank_yaml(
    FACTS.replace("answer: 15 mg", "anwser: 15 mg").replace("source: label", "source: lable", 1)
)
CHANGED = bank_yaml(
    FACTS.partition("- id: organ")[0]
    .replace("first daily dose", "first dose")
    .replace("  caveat", "  # caveat")
    + "- id: route\n  question: By which route is it given?\n  answer: By mouth\n"
)
DROP = """([area, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], "dropped.yaml"));
  area.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, app: Flask, chromium: Browser) -> Iterator[Page]:
    """An instructor with a published bank, signed in."""
    publish_draft(create_user("ines@example.org", role=Role.INSTRUCTOR), bank_yaml())
    with served(app) as address, opened(chromium, address, scheme=request.param) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        sign_in(page, "ines@example.org")
        yield page


def drop(page: Page, source: bytes) -> None:
    """Drop a file on the first drop area of the page."""
    area = page.locator("[data-drop]").first.element_handle()
    page.evaluate(DROP, [area, source.decode()])
    page.wait_for_url("**/teach/drafts/*")


def read_everywhere(page: Page, *addresses: str) -> None:
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for address in addresses:
            page.goto(address)
            assert_accessible(page)


def test_a_dropped_file_shows_its_problems_and_they_are_copied(page: Page) -> None:
    page.goto("/teach/upload")
    drop(page, BROKEN)
    expect(page.locator(".problem.is-error")).to_have_count(2)
    page.locator(".actions .menu summary").click()
    page.get_by_role("button", name="Copy all").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "^" in page.evaluate("navigator.clipboard.readText()")
    read_everywhere(page, "/teach", "/teach/upload", page.url)


def test_the_plan_and_previews_can_be_read(page: Page) -> None:
    page.goto("/teach/upload")
    drop(page, CHANGED)
    expect(page.locator("del").first).to_be_visible()
    draft = page.url
    read_everywhere(
        page,
        draft,
        f"{draft}?show=changed",
        f"{draft}/problems",
        f"{draft}/preview/receptor",
        f"{draft}/preview/receptor?show=questions",
    )
    page.goto(f"{draft}/preview/receptor")
    page.get_by_role("button", name="Show answer").click()
    expect(page.get_by_text("GABA-B", exact=True)).to_be_visible()


WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("main *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML.slice(0, 120))"""
LONG = "x" * 60


@pytest.mark.parametrize(
    "source",
    [
        bank_yaml(FACTS.replace("id: start", f"id: {LONG}")),
        BROKEN.replace(b"id: start", f"id: {LONG}".encode()),
        bank_yaml(FACTS.replace("id: start", f"id: {LONG}"), bank=f"{LONG}"),
    ],
    ids=["plan", "problems", "bank"],
)
def test_a_long_note_id_is_no_wider_than_a_phone(page: Page, source: bytes) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto("/teach/upload")
    drop(page, source)
    draft = page.url
    for address in (draft, f"{draft}?show=new", f"{draft}/problems", f"{draft}/preview/{LONG}"):
        page.goto(address)
        wide = page.evaluate(WIDE)
        assert not wide, (address, wide)
