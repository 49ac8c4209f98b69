"""What an instructor sends over HTTP: never a failure, and what is refused leaves no trace in the database."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from quizapp import limits
from quizapp.banks.notes import NOTE_TYPES
from quizapp.db import db
from quizapp.teaching.models import Draft
from quizapp.web.access import Role
from tests.attack import broken
from tests.factories.accounts import create_user
from tests.factories.banks import bank_yaml
from tests.factories.teaching import archive, create_draft, picture
from tests.reader import Reader, signed_in

DRAFTS = {"draft", "draft_medium", "draft_check", "job"}  # all that an upload may change
LONG = {
    "a huge text",
    "a huge key",
    "a huge id",
    "a huge number",
    "600,000 values",
    "20,001 notes",
    "many bombs",
    "a bomb of a bank",
}


@pytest.fixture(scope="module")
def author_id(site: Flask) -> int:
    return create_user("ines@example.org", role=Role.INSTRUCTOR)


@pytest.fixture(scope="module")
def instructor(site: Flask, author_id: int) -> Reader:
    """An instructor at the page for uploads."""
    reader = signed_in(site.test_client(), "ines@example.org")
    reader.get("/teach/upload")
    return reader


@pytest.fixture(scope="module")
def draft(author_id: int) -> str:
    """The address of a draft of a bank with a note of each type."""
    notes = "\n".join(kind.example.strip("\n") for kind in NOTE_TYPES.values())
    return f"/teach/drafts/{create_draft(author_id, bank_yaml(notes)).code}"


def digest(*, but: set[str] = frozenset()) -> str:  # type: ignore[assignment]
    """Return a fingerprint of every row of every table that is not named in `but`."""
    db.session.rollback()
    tables = [table for table in db.metadata.sorted_tables if table.name not in but]
    rows = [sorted(map(repr, db.session.execute(select(text("*")).select_from(table)))) for table in tables]
    return hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()


def upload(reader: Reader, data: bytes, name: str = "bank.yaml") -> TestResponse:
    fields = {"csrf_token": reader.token(), "file": (io.BytesIO(data), name)}
    return reader.client.post("/teach/upload", data=fields)


def look_at(reader: Reader) -> None:
    """Open everything about a draft that came of an upload, then discard it."""
    db.session.rollback()
    code = db.session.scalars(select(Draft.code).order_by(Draft.id.desc()).limit(1)).one()
    db.session.rollback()
    address = f"/teach/drafts/{code}"
    for path in ("", "/problems", "/notes", "/edit", "/settings", "/notes/~1", "/preview/receptor"):
        page = reader.client.get(address + path, follow_redirects=True)
        assert page.status_code in {200, 404, 422}, path
        assert page.text.count('<li class="problem ') <= limits.PROBLEMS_PER_PAGE
    reader.client.post(f"{address}/discard", data={"csrf_token": reader.token()})


def send(reader: Reader, data: bytes, name: str) -> None:
    """Upload and assert what holds for every upload."""
    before, elsewhere = digest(), digest(but=DRAFTS)
    answer = upload(reader, data, name)
    assert answer.status_code in {303, 413, 422}
    if answer.status_code == 303:
        look_at(reader)
    else:
        assert digest() == before
    assert digest(but=DRAFTS) == elsewhere


def some(files: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    yield from ((what, data) for what, data in files if what not in LONG)


def test_odd_files_are_kept_as_drafts_or_refused(instructor: Reader, subtests: pytest.Subtests) -> None:
    for what, data in some(broken.odd_banks()):
        with subtests.test(what):
            send(instructor, data, "bank.yaml")


def test_odd_archives_are_kept_as_drafts_or_refused(instructor: Reader, subtests: pytest.Subtests) -> None:
    found = [entry for entry in broken.odd_zips() if not entry[0].startswith(("a bank with", "with "))]
    for what, data in some(iter(found[:: 1 if broken.ROUNDS > 1 else 3])):
        with subtests.test(what):
            send(instructor, data, "bank.zip")


def test_broken_files_are_kept_as_drafts_or_refused(instructor: Reader) -> None:
    dice = random.Random(17)
    package = archive({"bank.yaml": bank_yaml(), "media/a.png": picture()})
    for number in range(20 * broken.ROUNDS):
        data, name = (package, "b.zip") if number % 4 == 0 else (dice.choice(broken.whole_banks()), "b.yaml")
        send(instructor, broken.mutated(data, dice), name)


def test_what_is_pasted_is_kept_as_a_draft_or_refused(instructor: Reader) -> None:
    dice = random.Random(19)
    for _ in range(6 * broken.ROUNDS):
        pasted = broken.mutated(bank_yaml(), dice).decode("utf-8", "replace")
        answer = instructor.client.post(
            "/teach/upload", data={"csrf_token": instructor.token(), "text": pasted}
        )
        assert answer.status_code in {303, 422}
        if answer.status_code == 303:
            look_at(instructor)


def test_a_bank_that_takes_long_is_left_to_a_job(instructor: Reader) -> None:
    answer = upload(instructor, broken.LABORIOUS["square matrices"](limits.CHECKED_AT_ONCE_BYTES // 4))
    assert answer.status_code == 303
    assert "Not checked yet" in instructor.get(answer.location).text
    assert "a large bank, checked on its page" in instructor.get(f"{answer.location}/notes").text
    jobs = instructor.client.post(f"{answer.location}/check", data={"csrf_token": instructor.token()})
    assert jobs.location.startswith("/jobs/")
    instructor.client.post(f"{answer.location}/discard", data={"csrf_token": instructor.token()})


ODD = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["\0", "\ud800", "x" * 30_000, "[" * 400, "a: b\n- c", "add:distractors", "remove:distractors-9"]
    ),
)
NAMES = [
    *("do", "id", "edits", "question", "answer", "accept", "distractors-0-text", "distractors-99-harm"),
    *("options-0-key", "text", "clozes-0-cloze", "clozes-0-distractors-0-text", "subjects-0-id", "rows-x-id"),
    *("rows-0-cells-0-text", "cite-0-source", "cite-0-checked", "title", "sources-0-id", "sources-0-url"),
    *("language", "to", "lines", "line", "source", "over", "sheet", "renamed", "level", "status", "tags"),
    *("members-0-text", "correct-0-text", "key-text"),
]
PATHS = "notes/~1 notes/~6 settings edit edit/preview notes/~2/move notes/~2/delete notes/restore file publish ../new"
PLACES = [*(f"notes/new?type={kind}" for kind in NOTE_TYPES), *PATHS.split()]


@settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=25 * broken.ROUNDS,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.sampled_from(PLACES), st.lists(st.tuples(st.sampled_from(NAMES), ODD), max_size=9))
def test_odd_values_in_forms_are_kept_or_refused(
    instructor: Reader, draft: str, path: str, sent: list[tuple[str, str]]
) -> None:
    elsewhere = digest(but=DRAFTS)
    edits = db.session.scalars(select(Draft.edits).where(Draft.code == draft.rpartition("/")[2])).one()
    db.session.rollback()
    values = [
        (name, value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")) for name, value in sent
    ]
    fields = MultiDict([*values, ("csrf_token", instructor.token()), ("edits", str(edits))])
    answer = instructor.client.post(f"{draft}/{path}", data=fields)
    assert answer.status_code in {200, 303, 400, 404, 409, 413, 422}
    assert digest(but=DRAFTS) == elsewhere
