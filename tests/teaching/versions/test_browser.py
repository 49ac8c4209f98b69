"""A bank's page and its comparison in a real browser: readable in both themes, on a phone and at a desk."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser

from quizapp.banks.authorship import queries as authorship
from quizapp.banks.authorship import service
from quizapp.web import unit
from quizapp.web.access import Role
from tests.browser import assert_accessible, needs_chromium, opened, served, sign_in
from tests.factories import banks
from tests.factories.accounts import create_user
from tests.factories.banks import FACTS

pytestmark = needs_chromium


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_bank_and_its_versions_are_readable(app: Flask, chromium: Browser, theme: str) -> None:
    ira = create_user("ira@example.org", role=Role.INSTRUCTOR)
    create_user("a.rather.long.address.of.somebody@pharmacy.example.org", role=Role.INSTRUCTOR)
    banks.publish(author_id=ira)
    banks.publish(FACTS.replace("15 mg", "10 mg").replace("id: organ", "id: kidney"), author_id=ira)
    bank = authorship.editable_bank(ira, False, "sample")
    unit.run(lambda: service.add_author(bank.id, "a.rather.long.address.of.somebody@pharmacy.example.org"))
    with served(app) as address, opened(chromium, address, scheme=theme) as page:
        sign_in(page, "ira@example.org")
        for width in (375, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            for url in ("/teach/banks/sample", "/teach/banks/sample/compare"):
                page.goto(url)
                assert_accessible(page)
