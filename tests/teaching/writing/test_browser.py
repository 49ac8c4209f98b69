"""Forms and editor in a real browser: rows without loading a page, problems while writing, two tabs, both themes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from playwright.sync_api import Browser, Dialog, Page, expect

from quizapp.teaching.drafts.queries import DraftRow
from quizapp.web.access import Role
from tests.browser import assert_accessible, held, needs_chromium, opened, served, sign_in
from tests.factories.accounts import create_user
from tests.factories.teaching import create_draft

pytestmark = needs_chromium

SOURCE = """\
format: 1
bank: small
title: Small
sources: {label: {title: A label}}
notes:
  - id: one
    question: Which receptor?
    answer: This
    distractors: [That, {text: "This", why: No.}]
  - id: gaps
    type: cloze
    text: "A {{c1::gap}} here."
  - id: vs
    type: matrix
    subjects: {a: A, b: B}
    rows:
      - {id: use, attribute: use, a: x, b: y}
"""


@pytest.fixture
def draft(app: Flask) -> DraftRow:
    return create_draft(create_user("ira@example.org", role=Role.INSTRUCTOR), SOURCE.encode())


@pytest.fixture(params=[("light", 375), ("dark", 1280)], ids=["light, phone", "dark, desk"])
def page(request: pytest.FixtureRequest, app: Flask, draft: DraftRow, chromium: Browser) -> Iterator[Page]:
    """An instructor, signed in."""
    scheme, width = request.param
    with served(app) as address, opened(chromium, address, scheme=scheme, width=width, height=760) as page:
        sign_in(page, "ira@example.org")
        yield page


def test_every_page_of_writing_is_accessible(page: Page, draft: DraftRow) -> None:
    at = f"/teach/drafts/{draft.code}"
    kinds = [f"{at}/notes/new?type={kind}" for kind in ("choice", "multiple", "set")]
    places = ["/teach/new", f"{at}/settings", f"{at}/notes", f"{at}/notes/new", *kinds]
    places += [f"{at}/notes/one", f"{at}/notes/gaps", f"{at}/notes/vs", f"{at}/edit", "/help/banks"]
    for place in places:
        page.goto(place)
        assert_accessible(page)


def test_a_row_is_added_without_loading_a_page_and_gets_the_focus(page: Page, draft: DraftRow) -> None:
    page.goto(f"/teach/drafts/{draft.code}/notes/one")
    loads: list[str] = []
    page.on("load", lambda: loads.append(page.url))
    page.get_by_label("Answer", exact=True).fill("Something else")
    page.locator("#distractors").get_by_role("button", name="Add another").click()
    expect(page.get_by_label("Wrong answer 4", exact=True)).to_be_focused()
    assert loads == []
    page.keyboard.type("Fourth")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Wrong answer 3", exact=True)).to_have_value("Fourth")


def test_what_was_typed_and_not_saved_is_asked_about_before_it_is_lost(page: Page, draft: DraftRow) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    address = f"/teach/drafts/{draft.code}/notes/one"
    page.goto(address)
    page.get_by_label("Answer", exact=True).fill("Something else")
    page.locator("#distractors").get_by_role("button", name="Add another").click()
    expect(page.get_by_label("Wrong answer 4", exact=True)).to_be_focused()
    with page.expect_event("dialog"):  # one more row is not saved either
        page.evaluate("location.assign('/teach')")
    expect(page).to_have_url(re.compile(address))
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto("/teach")
    assert asked == ["beforeunload"]


def test_problems_appear_while_writing_and_lead_to_their_line(page: Page, draft: DraftRow) -> None:
    page.goto(f"/teach/drafts/{draft.code}/edit")
    text = page.get_by_label("The bank as YAML")
    expect(page.locator(".editor-lines")).to_contain_text("17")
    text.fill(SOURCE.replace("answer", "anwser"))
    place = page.get_by_role("listitem").filter(has_text="did you mean 'answer'").get_by_role("link")
    expect(place).to_be_visible()
    place.click()
    expect(text).to_be_focused()
    assert text.evaluate("area => area.value.slice(0, area.selectionStart).split('\\n').length") == 8
    text.fill(SOURCE.replace('{text: "This", why: No.}', "Those"))
    expect(page.get_by_role("heading", name="No errors")).to_be_visible()
    expect(page.locator("#preview .preview-card").first).to_be_visible()


def test_two_tabs_do_no_harm(page: Page, draft: DraftRow) -> None:
    page.goto(f"/teach/drafts/{draft.code}/edit")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("The bank as YAML").fill(SOURCE + "# other\n")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.locator("#beside [data-saved]")).to_be_visible()
    page.get_by_label("The bank as YAML").fill(SOURCE + "# mine\n")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Your text is still here")).to_be_visible()
    expect(page.get_by_label("The bank as YAML")).to_have_value(SOURCE + "# mine\n")
    page.get_by_role("button", name="Save this text over it").click()
    expect(page.locator("#beside [data-saved]")).to_be_visible()
    page.reload()
    expect(page.get_by_label("The bank as YAML")).to_have_value(SOURCE + "# mine\n")


def test_a_second_save_waits_for_the_first_and_is_not_taken_for_another_tab(
    page: Page, draft: DraftRow
) -> None:
    page.goto(f"/teach/drafts/{draft.code}/edit")
    text = page.get_by_label("The bank as YAML")
    with held(page, "**/edit"):
        text.fill(SOURCE + "# first\n")
        page.keyboard.press("Control+s")
        text.fill(SOURCE + "# second\n")
        page.keyboard.press("Control+s")
    expect(page.locator("#editor input[name=edits]")).to_have_value("2")
    page.reload()
    expect(text).to_have_value(SOURCE + "# second\n")


def test_the_preview_is_of_the_note_at_the_cursor_also_where_an_earlier_one_comes_late(
    page: Page, draft: DraftRow
) -> None:
    page.goto(f"/teach/drafts/{draft.code}/edit?line=7")
    expect(page.locator("#preview")).to_contain_text("Which receptor?")
    with ExitStack() as holding:
        first = holding.enter_context(held(page, "**/preview"))
        with page.expect_request("**/preview"):
            page.keyboard.press("PageDown")
        page.keyboard.press("Control+Home")
        expect(page.locator("#preview")).to_contain_text("Nothing to see yet")
        with page.expect_response(lambda response: response.request == first[0].request) as late:
            holding.close()
    late.value.finished()
    expect(page.locator("#preview")).to_contain_text("Nothing to see yet")


def test_the_text_is_kept_after_a_while_without_asking(page: Page, draft: DraftRow) -> None:
    page.clock.install()
    page.goto(f"/teach/drafts/{draft.code}/edit")
    page.get_by_label("The bank as YAML").fill(SOURCE + "# kept\n")
    page.clock.run_for(6000)
    expect(page.locator("#beside [data-saved]")).to_be_visible()
    page.reload()
    expect(page.get_by_label("The bank as YAML")).to_have_value(SOURCE + "# kept\n")


def test_a_comparison_fits_a_phone(page: Page, draft: DraftRow) -> None:
    page.goto(f"/teach/drafts/{draft.code}/notes/vs")
    on_phone = page.evaluate("innerWidth") < 768
    table = page.get_by_role("region", name="Comparison")
    assert not on_phone or table.evaluate("region => region.scrollWidth <= region.clientWidth")
    subjects = [page.get_by_label(f"Row 1, subject {number}", exact=True).bounding_box() for number in (1, 2)]
    assert subjects[0] is not None
    assert subjects[1] is not None
    assert (subjects[0]["x"] == subjects[1]["x"]) == on_phone


def test_a_new_note_is_begun_in_its_first_field_and_so_is_the_next(page: Page, draft: DraftRow) -> None:
    page.goto(f"/teach/drafts/{draft.code}/notes/new?type=fact")
    question = page.get_by_label("Question", exact=True)
    expect(question).to_be_focused()
    page.keyboard.type("First?")
    page.get_by_role("button", name="Save and write another").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(question).to_have_value("")
    expect(question).to_be_focused()
