"""Administration and jobs in a real browser: readable in both themes, on a phone and on a desk; progress by itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from quizapp.banks.authorship import service as authorship
from quizapp.db import db
from quizapp.jobs import service as jobs
from quizapp.jobs.states import State
from quizapp.teaching.models import Draft
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from tests.browser import assert_accessible, needs_chromium, opened, served, sign_in
from tests.factories import banks
from tests.factories.accounts import create_user
from tests.factories.jobs import create_job, take

pytestmark = needs_chromium


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, app: Flask, chromium: Browser) -> Iterator[Page]:
    """An administrator of a site with people, banks and jobs in every state, signed in."""
    create_user("root@example.org", role=Role.ADMINISTRATOR)
    author = create_user("a.rather.long.name@pharmacy-school.example.org", role=Role.INSTRUCTOR)
    banks.publish()
    banks.publish(bank="old", title="An old bank")
    unit.run(lambda: _keep(author))
    for state in (State.DONE, State.FAILED):
        create_job(title=f"Publish a bank that is {state}", user_id=author)
        taken = take()
        unit.run(partial(jobs.finish, taken, state, message="This is how it ended.", now=now()))
    with served(app) as address, opened(chromium, address, scheme=request.param) as page:
        sign_in(page, "root@example.org")
        yield page


def _keep(author: int) -> None:
    at = now()
    draft = Draft(code="a" * 22, user_id=author, name="b.yaml", source=b"x", created_at=at, changed_at=at)
    db.session.add(draft)
    authorship.archive(2, now=at)


@pytest.mark.parametrize("width", [375, 1280])
def test_every_page_can_be_read(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    running, waiting = create_job(title="Publish a bank under way"), create_job(title="Check a large bank")
    taken = take()
    unit.run(lambda: jobs.beat(taken, done=300, total=1000, now=now()))
    for address in (
        *(
            "/admin",
            "/admin/users",
            "/admin/users?q=nobody",
            "/admin/users/2",
            "/admin/codes",
            "/admin/banks",
        ),
        *("/admin/jobs", "/admin/storage", "/jobs", f"/jobs/{running}", f"/jobs/{waiting}"),
    ):
        page.goto(address)
        assert_accessible(page)
    page.goto("/admin/users/2")
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("textbox", name="Link")).to_be_visible()
    assert_accessible(page)


def test_progress_is_followed_without_a_hand_until_the_end(page: Page) -> None:
    code = create_job(title="Publish a bank")
    page.goto(f"/jobs/{code}")
    expect(page.get_by_text("It begins in a moment.")).to_be_visible()
    taken = take()
    unit.run(lambda: jobs.beat(taken, done=300, total=1000, now=now()))
    expect(page.get_by_text("300 of 1,000 done.")).to_be_visible()
    result = {"message": "Version 2 is published.", "url": "/help", "label": "Open the bank"}
    unit.run(lambda: jobs.finish(taken, State.DONE, message=result["message"], result=result, now=now()))
    expect(page.get_by_text("Version 2 is published.")).to_be_visible()
    page.get_by_role("link", name="Open the bank").click()
    page.wait_for_url("**/help")
