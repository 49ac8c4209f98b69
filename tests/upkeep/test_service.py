"""Backups of a site with rows in every table, and putting them back."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import URL, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from quizapp.db import db
from quizapp.errors import Conflict, Invalid, StorageUnavailable
from quizapp.upkeep import queries, service
from quizapp.upkeep.copying.service import NotCopied
from quizapp.upkeep.files import beside, remove_sides
from quizapp.upkeep.service import Unsound
from quizapp.upkeep.tally import Tallies
from quizapp.web import unit
from tests.conftest import site_in
from tests.databases import PostgresqlServer
from tests.factories.accounts import create_learner
from tests.factories.memory import create_cards, drill
from tests.factories.study import cards_of
from tests.upkeep.conftest import execute, migrate_down, silent, sqlite_at

AT = dt.datetime(2026, 3, 3, 3, 30, tzinfo=dt.UTC)


def back_up(file: Path, **more: bool) -> service.Verified:
    return service.back_up(file, now=AT, steps=silent, **more)[1]


def restore(file: Path) -> service.Restored:
    return service.restore(file, data=file.parent, now=AT, steps=silent)


def held() -> Tallies:
    """Return what the site holds."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return queries.tallies(connection, queries.layout(connection).tables, silent, "")


def damaged(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[20 * 4096 : 60 * 4096] = b"\xff" * (40 * 4096)
    file.write_bytes(content)


def only_its_version(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        [version] = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    file.unlink()
    execute(file, f"CREATE TABLE alembic_version AS SELECT '{version}' AS version_num")


def test_a_backup_is_one_private_file_that_holds_what_the_site_does(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    assert back_up(file).tallies == held()
    assert service.verify(file, silent).tallies == held()
    assert file.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"a.sqlite3"}


def test_a_backup_is_of_the_moment_it_began_whatever_is_answered_meanwhile(
    app: Flask, tmp_path: Path
) -> None:
    learner, (first, second) = create_learner(), create_cards(2)
    drill(learner, first)
    before, answered = held(), []

    @contextmanager
    def answering(label: str, _total: int) -> Iterator[Callable[[int], object]]:
        yield lambda _more: None
        answered.append(label)
        if label in {"Reading", "Copying"}:
            drill(learner, second)

    assert service.back_up(tmp_path / "a.sqlite3", now=AT, steps=answering)[1].tallies == before
    assert answered == ["Reading", "Copying", "Verifying"]
    assert held()["review"].rows == before["review"].rows + 2


def test_a_file_that_exists_is_left_alone_unless_it_is_to_be_replaced(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    file.write_text("precious")
    with pytest.raises(Conflict, match=r"a\.sqlite3 exists already"):
        back_up(file)
    assert file.read_text() == "precious"
    back_up(file, replace=True)
    assert service.verify(file, silent).tallies == held()


def test_what_is_no_file_is_never_replaced(app: Flask, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (tmp_path, pipe):
        with pytest.raises(Conflict, match=f"{place} is a folder or a device"):
            back_up(place, replace=True)
    assert pipe.is_fifo()


def test_a_backup_that_cannot_be_finished_leaves_nothing_and_keeps_what_it_would_replace(
    app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "a.sqlite3"
    file.write_text("precious")

    @contextmanager
    def stopped(label: str, _total: int) -> Iterator[Callable[[int], object]]:
        yield lambda _more: None
        if label == "Copying":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.back_up(file, now=AT, steps=stopped, replace=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.sqlite3"]
    assert file.read_text() == "precious"


def test_a_backup_into_a_folder_that_is_not_there_is_refused(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="There is no folder"):
        back_up(tmp_path / "nowhere" / "a.sqlite3")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (damaged, "is damaged|is no sound database"),
        (
            lambda file: file.write_text("These are notes.\n" * 999),
            "is no sound database: file is not a database",
        ),
        (lambda file: file.write_bytes(b""), "is no backup of quizapp"),
        (Path.unlink, "There is no file"),
        (lambda file: (file.unlink(), file.mkdir()), "is a folder. Name one of the backups in it"),
        (
            lambda file: execute(file, "UPDATE alembic_version SET version_num = '9999'"),
            "A newer version of quizapp",
        ),
        (
            lambda file: execute(file, "UPDATE problem_report SET note_id = 999"),
            "is damaged: a row of problem_report refers to one of note that is not there",
        ),
        (
            lambda file: execute(file, "UPDATE bank SET title = replace(title, 'a', 'e')"),
            r"is damaged: not as it was saved is bank\.",
        ),
        (
            lambda file: execute(file, "DELETE FROM backup_checksum WHERE name = 'review'"),
            "is damaged: not as it was saved is review",
        ),
        (
            lambda file: execute(
                file, "CREATE TRIGGER more AFTER INSERT ON bank BEGIN DELETE FROM media; END"
            ),
            "is damaged: not as it was saved is the schema",
        ),
        (
            lambda file: execute(file, "DROP TABLE login_failure"),
            r"is no whole site of schema \d+: look at login_failure\.",
        ),
        (
            lambda file: execute(file, "CREATE TABLE invoice (id INTEGER)"),
            r"is no whole site of schema \d+: look at invoice\.",
        ),
        (
            lambda file: execute(file, "DROP TRIGGER review_no_update"),
            r"is no whole site of schema \d+: look at review_no_update",
        ),
        (only_its_version, r"is no whole site of schema \d+: look at "),
    ],
)
def test_what_is_no_sound_backup_of_ours_is_not_restored(
    filled: Flask, tmp_path: Path, change: Callable[[Path], object], told: str
) -> None:
    file = tmp_path / "a.sqlite3"
    back_up(file)
    before = held()
    change(file)
    with pytest.raises(Unsound, match=told):
        service.rehearse(file, silent)
    with pytest.raises(Conflict, match=told if db.engine.dialect.name == "sqlite" else "is not empty"):
        restore(file)
    assert held() == before


def test_a_backup_is_restored_into_a_new_site_of_either_engine(
    filled: Flask, empty: URL, tmp_path: Path
) -> None:
    file = tmp_path / "a.sqlite3"
    before = back_up(file).tallies
    with new_site(empty, tmp_path) as site:
        restored = restore(file)
        assert restored.kept is None
        assert held() == before
        checked = site.test_cli_runner().invoke(args=["memory", "rebuild", "--check"])
        assert checked.exit_code == 0, checked.output


def test_the_checksums_of_a_backup_are_not_put_into_the_site(
    filled: Flask, empty: URL, tmp_path: Path
) -> None:
    file = tmp_path / "a.sqlite3"
    assert back_up(file).sealed
    with new_site(empty, tmp_path):
        assert restore(file).backup.sealed
        assert not inspect(db.engine).has_table("backup_checksum")
        assert back_up(tmp_path / "b.sqlite3").sealed


def test_a_backup_of_before_checksums_were_kept_is_restored_and_tells_so(
    filled: Flask, empty: URL, tmp_path: Path
) -> None:
    file = tmp_path / "a.sqlite3"
    before = back_up(file).tallies
    execute(file, "DROP TABLE backup_checksum")
    with new_site(empty, tmp_path):
        assert not restore(file).backup.sealed
        assert held() == before


def test_an_index_that_somebody_added_does_no_harm(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    back_up(file)
    execute(file, "DROP TABLE backup_checksum")
    execute(file, "CREATE INDEX own ON review (rating)")
    assert service.verify(file, silent).tallies == held()


def test_a_backup_of_an_older_version_is_migrated(filled: Flask, empty: URL, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    before = back_up(file).tallies
    execute(file, "DROP TABLE backup_checksum")  # as that version did not write any
    migrate_down(sqlite_at(file), "0001")
    with new_site(empty, tmp_path):
        restored = restore(file)
        assert restored.backup.revision == "0001"
        assert held() == before
        with pytest.raises(DBAPIError, match="append-only"):
            unit.run(lambda: db.session.execute(text("UPDATE review SET lapses = 7")))
        db.session.rollback()
    assert service.verify(file, silent).revision == "0001"


@pytest.mark.sqlite_only("on PostgreSQL a backup goes into an empty database")
def test_what_a_backup_replaces_is_kept_and_can_be_had_back(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    then = back_up(file).tallies
    drill(create_learner(), cards_of("sample")[0])
    later = held()
    restored = restore(file)
    assert held() == then
    assert restored.kept is not None
    assert service.verify(restored.kept, silent).tallies == later
    restore(restored.kept)
    assert held() == later


@pytest.mark.sqlite_only("PostgreSQL looks after its own files")
def test_where_files_cannot_have_two_names_the_former_database_is_kept_with_what_its_log_held(
    filled: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, database = tmp_path / "a.sqlite3", Path(str(db.engine.url.database))
    back_up(file)
    drill(create_learner(), cards_of("sample")[0])
    later = held()
    as_after_a_kill = {beside(database, side): beside(database, side).read_bytes() for side in ("", "-wal")}
    db.session.remove()
    db.engine.dispose()
    for path, content in as_after_a_kill.items():
        path.write_bytes(content)

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    kept = restore(file).kept
    assert kept is not None
    assert service.verify(kept, silent).tallies == later


@pytest.mark.sqlite_only("on PostgreSQL a backup goes into an empty database")
def test_a_site_that_was_a_backup_put_in_place_by_hand_can_be_gone_back_to(
    filled: Flask, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.sqlite3", tmp_path / "b.sqlite3"
    back_up(first)
    db.session.remove()
    db.engine.dispose()
    database = Path(str(db.engine.url.database))
    remove_sides(database)
    shutil.copyfile(first, database)
    drill(create_learner(), cards_of("sample")[0])
    assert back_up(second).tallies == (later := held())
    kept = restore(first).kept
    assert kept is not None
    restore(kept)
    assert held() == later


@pytest.mark.sqlite_only("on PostgreSQL a backup goes into an empty database")
def test_a_database_that_another_program_has_open_is_not_replaced(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    back_up(file)
    drill(create_learner(), cards_of("sample")[0])
    later = held()
    with closing(sqlite3.connect(str(db.engine.url.database))) as other:
        other.execute("SELECT count(*) FROM review").fetchone()
        with pytest.raises(StorageUnavailable, match="is in use"):
            restore(file)
    assert held() == later
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.sqlite_only("PostgreSQL looks after its own files")
def test_a_damaged_database_is_replaced_and_kept_with_its_log(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    before = back_up(file).tallies
    db.session.remove()
    db.engine.dispose()
    database = Path(str(db.engine.url.database))
    database.write_text("These are notes.\n" * 999)
    beside(database, "-wal").write_bytes(b"a log")
    kept = restore(file).kept
    assert kept is not None
    assert held() == before
    assert kept.read_text().startswith("These are notes.")
    assert beside(kept, "-wal").read_bytes() == b"a log"


def test_a_backup_is_not_restored_over_rows_of_postgresql(
    filled: Flask, postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    file = tmp_path / "a.sqlite3"
    back_up(file)
    with new_site(make_url(postgresql.address(tmp_path / "other")), tmp_path):
        restore(file)
        before = held()
        file.unlink()  # what is to be restored is not even looked at
        with pytest.raises(NotCopied, match="is not empty"):
            restore(file)
        assert held() == before


@contextmanager
def new_site(url: URL, folder: Path) -> Iterator[Flask]:
    """Give a site without tables."""
    data = folder / "new"
    data.mkdir()
    with site_in(data, database_url=url.render_as_string(hide_password=False)) as site, site.app_context():
        yield site
