"""What SQLite itself refuses, met on the app's own connections: a full disk, a read-only file, a damaged page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from quizapp.db import db
from quizapp.memory.models import Review
from tests.durability.tabs import filled
from tests.factories.study import publish_cards
from tests.reader import Page, Reader

pytestmark = pytest.mark.sqlite_only("pragmas and pages")
ANSWERS_MAX = 200
ALWAYS_SHOWN = ("/study", "/cards", "/quizzes", "/progress")


@pytest.fixture
def reader(app: Flask) -> Reader:
    """A guest in the middle of a drill."""
    publish_cards(5)
    reader = Reader(app.test_client())
    reader.get("/study")
    reader.submit("/study/start", {"bank": "sample"})
    return reader


def reviews() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Review)) or 0


@contextmanager
def pragma(setting: str) -> Iterator[None]:
    """Let every connection have this setting until the block ends."""

    def set_it(raw: Any, *_: object) -> None:
        raw.execute(f"PRAGMA {setting}")

    db.session.rollback()
    event.listen(db.engine, "checkout", set_it)
    try:
        yield
    finally:
        event.remove(db.engine, "checkout", set_it)
        db.session.rollback()
        db.engine.dispose()


def assert_refused(page: Page) -> None:
    assert "Nothing was saved" in page.text
    assert int(page.response.headers["Retry-After"]) > 0


def test_a_disk_that_fills_up_takes_what_fits_and_refuses_the_rest(reader: Reader) -> None:
    taken = 0
    with pragma("max_page_count = 1"):  # which means: as many as there are
        waiting = reader.page
        for _ in range(ANSWERS_MAX):
            form = filled(waiting, "/review", rating="1")
            answer = reader.client.post(form.path, data=form.fields)
            if answer.status_code == 503:
                break
            taken += 1
            waiting = reader.get(answer.location)
        assert_refused(Page(answer))
        assert reviews() == taken
        for path in ALWAYS_SHOWN:
            reader.get(path)
    reader.submit("/review", {"rating": "1"}, page=waiting)
    assert reviews() == taken + 1


def test_a_read_only_database_is_read_on_and_refuses_answers(reader: Reader) -> None:
    waiting = reader.page
    with pragma("query_only = ON"):
        assert_refused(reader.submit("/review", {"rating": "1"}, page=waiting, status=503))
        assert reviews() == 0
        for path in ALWAYS_SHOWN:
            reader.get(path)
    reader.submit("/review", {"rating": "1"}, page=waiting)
    assert reviews() == 1


def test_a_page_that_was_damaged_while_the_site_ran_is_met_with_the_same_words(
    app: Flask, reader: Reader
) -> None:
    waiting = reader.page
    page_bytes, first = db.session.execute(
        text(
            "SELECT p.page_size, s.rootpage FROM pragma_page_size p, sqlite_master s WHERE s.name = 'review'"
        )
    ).one()
    db.session.rollback()
    db.engine.dispose()  # closing the last connection empties the write-ahead log
    with Path(db.engine.url.database or "").open("r+b") as file:
        file.seek((first - 1) * page_bytes)
        file.write(b"\xff" * page_bytes)
    assert_refused(reader.submit("/review", {"rating": "1"}, page=waiting, status=503))
    reader.get("/cards")
