"""A real browser for tests, where Chromium is found."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, Response, Route, expect, sync_playwright
from werkzeug.serving import make_server

from tests.factories.accounts import PASSWORD

PATIENCE_MS = 30_000  # bounds what hangs, not what is slow
NO_FILE = {"document", "fetch", "xhr", "ping"}  # what a page asks for by itself, and may be refused

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None,
    reason="no chromium on the PATH: `apt-get install chromium` (or Google Chrome) brings the browser tests",
)


@contextmanager
def launched() -> Iterator[Browser]:
    """Run a browser that calls nobody."""
    expect.set_options(timeout=PATIENCE_MS)
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve `app` on a free port, and give its address."""
    server = make_server("localhost", 0, app, threaded=True)
    server.daemon_threads = False  # what a page sends as it closes is answered before the database goes
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def opened(
    browser: Browser, address: str, *, scheme: str = "light", width: int = 1280, height: int = 800
) -> Iterator[Page]:
    """Open a page of the site at `address`, without animations: they would show one moment or another.

    At the end no script may have failed, in any tab, and no style sheet, script, image or font of a page.
    """
    failed: list[str] = []

    def look_at(response: Response) -> None:
        if response.status >= 400 and response.request.resource_type not in NO_FILE:
            failed.append(f"{response.status}: {response.url}")

    with browser.new_context(
        base_url=address,
        color_scheme=scheme,
        reduced_motion="reduce",
        viewport={"width": width, "height": height},
    ) as context:
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda raised: failed.append(f"script error: {raised.error}"))
        context.on("response", look_at)
        yield context.new_page()
    assert not failed, "\n".join(failed)


def sign_in(page: Page, email: str) -> None:
    """Sign in with the password that tests use, whoever was signed in before."""
    page.context.clear_cookies()
    page.goto("/login")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login" not in url)


@contextmanager
def held(page: Page, address: str) -> Iterator[list[Route]]:
    """Hold the first request to `address` back until the block ends, and give it once it is there; others pass."""
    kept: list[Route] = []

    def hold(route: Route) -> None:
        if kept:
            route.continue_()
        else:
            kept.append(route)

    page.route(address, hold)
    yield kept
    kept[0].continue_()


@contextmanager
def offline(page: Page) -> Iterator[None]:
    """Let no request of the page's scripts through until the block ends; then they hear of a connection again.

    The browser's own switch, and its interception of requests, take effect some time after they are asked for.
    """
    page.evaluate("() => { window.connected = fetch; window.fetch = async () => { throw new TypeError() } }")
    yield
    page.evaluate("() => { window.fetch = window.connected; dispatchEvent(new Event('online')) }")


def assert_accessible(page: Page) -> None:
    """Assert that axe finds nothing, with every fold open, and that nothing is wider than the screen."""
    page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true })")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    width, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= room, "the page is wider than the screen"
