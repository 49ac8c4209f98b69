"""The worst pages in a browser: no dialog, no call to elsewhere, nothing that the policy stops, nothing too wide."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

from quizapp.web.access import Role
from tests.attack.hostile import MARK, create_hostile_site
from tests.browser import needs_chromium, opened, served, sign_in

PAGES = (
    "",
    "problems",
    "notes",
    "edit",
    "settings",
    "notes/matrix-5",
    "preview/fact-0?shown=1",
    "preview/set-1?show=questions&shown=1",
)


@needs_chromium
def test_a_browser_does_nothing_that_a_hostile_text_wants(app: Flask, chromium: Browser) -> None:
    hostile = create_hostile_site(app)
    addresses = hostile.addresses[Role.ADMINISTRATOR]
    draft = next(address for address in addresses[::-1] if "/preview/" in address).partition("/preview/")[0]
    cards = [address for address in addresses if address.startswith("/cards/") and address[7:].isdigit()][:3]
    items = [address for address in addresses if address.startswith("/quizzes/")][:3]
    others = [
        "/",
        "/cards",
        "/study",
        "/quizzes",
        "/banks/sample",
        "/history",
        "/reports",
        "/account",
        "/teach",
        "/teach/reports",
    ]
    with served(app) as site, opened(chromium, site, width=375, height=720) as page:
        complaints: list[str] = []

        def dialog(shown: Dialog) -> None:
            complaints.append(f"{page.url}: a dialog says {shown.message}")
            shown.dismiss()

        def request(sent: Request) -> None:
            if urlsplit(sent.url).netloc != urlsplit(site).netloc and not sent.url.startswith(
                ("data:", "blob:")
            ):
                complaints.append(f"{page.url}: asked {sent.url}")

        def said(message: ConsoleMessage) -> None:
            if message.type == "error":
                complaints.append(f"{page.url}: {message.text}")

        page.on("dialog", dialog)
        page.on("request", request)
        page.on("console", said)
        sign_in(page, "administrator@example.org")
        for address in [*others, *cards, *items, *(f"{draft}/{name}".rstrip("/") for name in PAGES)]:
            page.goto(address)
            complaints += too_wide(page)
        assert MARK in page.content()
        assert "\n".join(complaints) == ""


def too_wide(page: Page) -> list[str]:
    """Open every fold and tell if the page is then wider than the screen."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    width, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{page.url}: {width} wide on a screen of {room}"] if width > room else []
