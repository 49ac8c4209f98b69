"""Progress and history in a real browser: readable in both themes, on a phone and on a desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from quizapp.memory.kinds import Rating
from quizapp.quizzes.pool import service as pool
from quizapp.web import unit
from quizapp.web.clock import now
from tests.browser import assert_accessible, needs_chromium, opened, served, sign_in
from tests.factories import banks, quizzes
from tests.factories.accounts import create_user, learner_of
from tests.factories.memory import create_cards, drill

pytestmark = needs_chromium
DAY = dt.timedelta(days=1)


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
    with served(app) as address, opened(chromium, address, scheme=request.param) as page:
        sign_in(page, "ana@example.org")
        yield page


def test_every_plot_list_and_comparison_can_be_read(page: Page) -> None:
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("/progress")
        expect(page.locator(".charts figure")).to_have_count(6)
        assert_accessible(page)
        page.goto("/history")
        assert_accessible(page)
        page.goto(page.get_by_role("link", name="Compare").first.get_attribute("href"))
        assert_accessible(page)
