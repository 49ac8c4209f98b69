"""A database that cannot be trusted is not served: the program says what is wrong and what to do, touches nothing, and
ends with a status that a supervisor sees."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.server import Server

PAGE_BYTES = 4096


@pytest.fixture
def site(sound: Path, tmp_path: Path) -> Iterator[Server]:
    """A copy of it, about to be started."""
    site = Server(Path(shutil.copytree(sound, tmp_path / "site")))
    yield site
    if site.process.poll() is None:
        site.kill()


def database(site: Server) -> Path:
    return site.data / "quizapp.sqlite3"


def overwritten(first: int, last: int) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        content = bytearray(file.read_bytes())
        content[first:last] = b"\xff" * (last - first)
        file.write_bytes(content)

    return change


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-PAGE_BYTES])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def replaced_by_text(file: Path) -> None:
    file.write_text("These are notes about the site.\n" * 200)


def replaced_by_another_programs(file: Path) -> None:
    file.unlink()
    _execute(file, "CREATE TABLE invoice (id INTEGER PRIMARY KEY)")


def migrated_by_a_newer_version(file: Path) -> None:
    _execute(file, "UPDATE alembic_version SET version_num = '9999'")


def _execute(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


def refused(site: Server) -> str:
    """Start a site that must not run; return what it says."""
    site.start()
    assert site.ended() == 1, site.printed
    assert "Traceback" not in site.printed
    assert "/link/" not in site.printed
    return site.printed


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (overwritten(0, 100), "file is not a database"),
        (truncated, "malformed"),
        (emptied, "the file is empty"),
        (replaced_by_text, "file is not a database"),
        (replaced_by_another_programs, "it belongs to another program"),
        (migrated_by_a_newer_version, "a newer version of quizapp has made it (schema 9999)"),
    ],
    ids=["header", "truncated", "empty", "text", "foreign", "newer"],
)
def test_a_file_that_is_no_sound_database_of_ours_is_refused_untouched_with_what_to_do(
    site: Server, damage: Callable[[Path], None], told: str
) -> None:
    damage(database(site))
    before = database(site).read_bytes()
    said = refused(site)
    assert database(site).read_bytes() == before
    assert f"The database sqlite:///{database(site)} cannot be used: " in said
    assert told in said
    advice = "Restore the newest backup (flask --app wsgi restore FILE)"
    sound = {replaced_by_another_programs, migrated_by_a_newer_version}  # nothing is wrong with these
    assert (advice in said) is (damage not in sound)
    assert ("Name another file" in said) is (damage is replaced_by_another_programs)


def test_damage_within_the_file_is_found_after_a_crash_however_often_one_tries(site: Server) -> None:
    overwritten(100 * PAGE_BYTES, 140 * PAGE_BYTES)(database(site))
    before = database(site).read_bytes()
    (site.data / "running").write_text("running\n")  # as a killed server leaves it
    for _ in range(2):
        assert "it is damaged" in refused(site)
    assert database(site).read_bytes() == before


def test_a_database_that_is_only_held_by_another_program_is_not_called_damaged(site: Server) -> None:
    with closing(sqlite3.connect(database(site), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute(
            "BEGIN EXCLUSIVE"
        )  # until closed; reading the file here by other means would end it, too
        said = refused(site)
    assert "cannot be used: database is locked" in said
    assert "Put that right, then start again." in said
    assert "backup" not in said


def test_a_write_ahead_log_of_nonsense_adds_nothing_and_keeps_nothing_from_running(site: Server) -> None:
    database(site).with_name("quizapp.sqlite3-wal").write_bytes(b"\xff" * 10 * PAGE_BYTES)
    (site.data / "running").write_text("running\n")
    site.start_and_wait()
    assert "Baclofen" in site.page("/")
    assert site.stop() == 0
    with closing(sqlite3.connect(database(site))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
