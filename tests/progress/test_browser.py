"""Progress and history in a real browser: readable in both themes, on a phone and on a desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from quizapp.memory.kinds import Rating
from quizapp.quizzes.pool import service as pool
from quizapp.web import unit
from quizapp.web.clock import now
from tests.browser import assert_accessible, launched, needs_chromium, served
from tests.factories import banks, quizzes
from tests.factories.accounts import PASSWORD, create_user, learner_of
from tests.factories.memory import create_cards, drill

pytestmark = needs_chromium
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, app: Flask, chromium: Browser) -> Iterator[Page]:
    """A learner with a history, signed in."""
    banks.publish(quizzes.MIXED)
    learner = learner_of(create_user())
    for card_id in create_cards(24):
        drill(learner, card_id, Rating.EASY, now=now() - 20 * DAY)
        drill(learner, card_id, Rating.GOOD, now=now() - 5 * DAY)
    first = quizzes.start(learner, at=now() - 2 * DAY)
    quizzes.answer_all(learner, first, wrong=[1])
    unit.run(lambda: pool.retake(learner, first, only_missed=False, new_code="a" * 22, seed=3, now=now()))
    quizzes.answer_all(learner, "a" * 22, wrong=[2])
    quizzes.start(learner, at=now())
    with served(app) as address:
        context = chromium.new_context(base_url=address, color_scheme=request.param)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto("/login")
        page.locator("input[name=email]").fill("ana@example.org")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/")
        yield page
        context.close()


def test_every_plot_list_and_comparison_can_be_read(page: Page) -> None:
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("/progress")
        assert page.locator(".charts figure").count() == 6
        assert_accessible(page)
        page.goto("/history")
        assert_accessible(page)
        page.goto(page.get_by_role("link", name="Compare").first.get_attribute("href"))
        assert_accessible(page)
