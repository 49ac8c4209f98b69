"""A whole site in another database, of the same engine or the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import URL, Connection, NullPool, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from quizapp.db import db
from quizapp.errors import Invalid
from quizapp.upkeep import queries
from quizapp.upkeep.copying import service
from quizapp.upkeep.copying.service import NotCopied
from quizapp.web import unit
from tests.conftest import site_in
from tests.upkeep.conftest import silent

NEW_USER = text(
    'INSERT INTO "user" (email, active, fs_uniquifier, role, created_at)'
    " VALUES ('new@example.org', true, 'new', 2, 0) RETURNING id"
)


def address(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@contextmanager
def opened(url: URL) -> Iterator[Connection]:
    with create_engine(url, poolclass=NullPool).begin() as connection:
        yield connection


def tables(url: URL) -> list[str]:
    with opened(url) as connection:
        return inspect(connection).get_table_names()


def test_every_row_of_every_table_arrives_as_it_was(filled: Flask, empty: URL) -> None:
    here, there = service.copy_to(address(empty), silent)
    assert here == there
    assert here.keys() == db.metadata.tables.keys()
    assert [name for name, tally in here.items() if not tally.rows] == []
    with opened(empty) as copy, db.engine.connect() as original:
        assert queries.revision(copy) == queries.revision(original)


def test_a_site_runs_on_its_copy_and_every_memory_is_what_the_log_says(
    filled: Flask, empty: URL, tmp_path: Path
) -> None:
    service.copy_to(address(empty), silent)
    (tmp_path / "moved").mkdir()
    with site_in(tmp_path / "moved", database_url=address(empty)) as moved:
        checked = moved.test_cli_runner().invoke(args=["memory", "rebuild", "--check"])
        assert checked.exit_code == 0, checked.output
        assert "A sample bank" in moved.test_client().get("/study").text


def test_the_copy_numbers_on_after_the_last_that_was_given_even_to_somebody_erased(
    filled: Flask, empty: URL
) -> None:
    highest = db.session.scalar(text('SELECT max(id) FROM "user"'))
    service.copy_to(address(empty), silent)
    with opened(empty) as copy:
        there = copy.scalar(NEW_USER)
    assert there == unit.run(lambda: db.session.scalar(NEW_USER)) > highest + 1


def test_history_is_guarded_in_the_copy_too(filled: Flask, empty: URL) -> None:
    service.copy_to(address(empty), silent)
    with pytest.raises(DBAPIError, match="review is append-only"), opened(empty) as copy:
        copy.execute(text("UPDATE review SET lapses = 7"))


def test_a_database_that_holds_something_is_refused_and_left_alone(filled: Flask, empty: URL) -> None:
    with opened(empty) as other:
        other.execute(text("CREATE TABLE invoice (id INTEGER)"))
    with pytest.raises(NotCopied, match="is not empty"):
        service.copy_to(address(empty), silent)
    assert tables(empty) == ["invoice"]


def test_a_copy_that_was_made_is_not_made_again(filled: Flask, empty: URL) -> None:
    service.copy_to(address(empty), silent)
    with pytest.raises(NotCopied, match="is not empty"):
        service.copy_to(address(empty), silent)


@pytest.mark.sqlite_only("PostgreSQL keeps no title that is too long for it")
@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_a_row_that_is_refused_leaves_nothing_behind_and_is_told(filled: Flask, empty: URL) -> None:
    unit.run(lambda: db.session.execute(text(f"UPDATE sitting SET start_seq = {2**31}")))
    with pytest.raises(NotCopied, match=r"Nothing was copied to postgresql://.*out of range"):
        service.copy_to(address(empty), silent)
    assert tables(empty) == []


def test_a_copy_that_is_broken_off_leaves_nothing_behind(filled: Flask, empty: URL) -> None:
    @contextmanager
    def broken_off(label: str, _total: int) -> Iterator[Callable[[int], object]]:
        yield lambda _more: None
        if label == "Copying":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.copy_to(address(empty), broken_off)
    assert tables(empty) == []


def test_what_is_no_address_of_a_database_is_told(filled: Flask) -> None:
    for wrong in ("", "nowhere", "mysql://host/name", "oracle+none://x/y", "sqlite://", "postgresql://host"):
        with pytest.raises(Invalid, match="postgresql://"):
            service.copy_to(wrong, silent)


def test_a_server_that_does_not_answer_is_told_without_the_password(filled: Flask) -> None:
    with pytest.raises(NotCopied) as refused:
        service.copy_to("postgresql://ana:secret@127.0.0.1:1/quizapp", silent)
    assert "Nothing was copied to postgresql://ana:***@127.0.0.1:1/quizapp: " in refused.value.message
    assert "secret" not in refused.value.message
