"""The editor without JavaScript: check, save, preview; and what a tab that is behind is told."""

from __future__ import annotations

import pytest
from flask import Flask

from quizapp.db import db
from quizapp.teaching.drafts import queries
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.web.access import Role
from tests.factories.accounts import create_user
from tests.factories.teaching import create_draft
from tests.reader import Reader, signed_in

SOURCE = """\
format: 1
bank: small
title: Small
notes:
  - id: one
    question: Which?
    answer: This
"""


@pytest.fixture
def draft(app: Flask) -> DraftRow:
    return create_draft(create_user("ira@example.org", role=Role.INSTRUCTOR), SOURCE.encode())


@pytest.fixture
def ira(app: Flask, draft: DraftRow) -> Reader:
    reader = signed_in(app.test_client(), "ira@example.org")
    reader.get(f"/teach/drafts/{draft.code}/edit")
    return reader


def stored(draft: DraftRow) -> str:
    db.session.rollback()
    return queries.draft_for(draft.user_id, False, draft.code).source.decode()


def test_the_text_is_shown_as_it_is(ira: Reader) -> None:
    assert ira.page is not None
    assert ira.page.soup.find(id="source").get_text() == SOURCE
    assert "No errors" in ira.page.text


def test_a_check_tells_all_problems_with_their_lines_and_keeps_nothing(ira: Reader, draft: DraftRow) -> None:
    broken = SOURCE.replace("answer", "anwser").replace("Small", "")
    page = ira.submit("/edit", {"source": broken, "do": "check"})
    assert {"3", "7"} <= {link["data-line"] for link in page.soup.select(".problem [data-line]")}
    assert "did you mean 'answer'" in page.text
    assert page.soup.find(id="source").get_text() == broken
    assert stored(draft) == SOURCE


def test_saving_keeps_the_text_whatever_is_wrong_with_it(ira: Reader, draft: DraftRow) -> None:
    ira.submit("/edit", {"source": "a: [\r\nb", "do": "save"})
    assert stored(draft) == "a: [\nb"


def test_a_tab_that_is_behind_keeps_its_text_and_may_save_it_over_the_other(
    ira: Reader, draft: DraftRow
) -> None:
    first = ira.page
    ira.submit("/edit", {"source": SOURCE + "# second\n"})
    page = ira.submit("/edit", {"source": SOURCE + "# first\n"}, page=first, status=409)
    assert "Your text is still here" in page.text
    assert page.soup.find(id="source").get_text() == SOURCE + "# first\n"
    assert stored(draft).endswith("# second\n")
    over = page.soup.find("button", attrs={"name": "over"})
    ira.submit("/edit", {"over": str(over["value"])}, page=page)
    assert stored(draft).endswith("# first\n")


def test_the_note_in_a_line_is_shown_as_learners_will_see_it(ira: Reader, draft: DraftRow) -> None:
    url = f"/teach/drafts/{draft.code}/edit/preview"
    page = ira.post(url, {"source": SOURCE, "edits": "0", "line": "6"})
    assert page.soup.select_one(".preview-card") is not None
    page = ira.post(url, {"source": SOURCE, "edits": "0", "line": "2"})
    assert "not whole" in page.text


def test_a_file_too_long_for_a_form_field_is_edited_elsewhere(ira: Reader, draft: DraftRow) -> None:
    long = create_draft(draft.user_id, b"# " + b"x" * 500_001)
    assert "too long for the editor" in ira.get(f"/teach/drafts/{long.code}/edit").text


def test_a_request_without_the_text_changes_nothing(ira: Reader, draft: DraftRow) -> None:
    ira.post(f"/teach/drafts/{draft.code}/edit", {"edits": "0", "do": "save"}, status=422)
    assert stored(draft) == SOURCE
