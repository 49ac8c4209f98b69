"""What an administrator is warned of, and that a site in order is not."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from quizapp.administration.health.machine import Disk
from quizapp.administration.health.warnings import Facts, warnings
from quizapp.config import Settings
from quizapp.upkeep.record import Backup, Unknown

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
GIB = 1024**3
SETTINGS = Settings(
    Path("/data"), "sqlite://", "k" * 40, hosts=("quiz.example.org",), mail_url="smtp://mail.example.org"
)
SOUND = Facts(
    settings=SETTINGS,
    engine="SQLite",
    version="3.51.3",
    revision="0002",
    newest_revision="0002",
    backup=Backup(Path("/backups/a.sqlite3"), 1, NOW - DAY),
    disk=Disk(free=2 * GIB, total=10 * GIB),
    log=16 * 1024**2,
    waiting_since=None,
    now=NOW,
)


def test_a_site_in_order_has_no_warning() -> None:
    assert warnings(SOUND) == []
    waits_briefly = dataclasses.replace(SOUND, waiting_since=NOW - dt.timedelta(seconds=59))
    assert warnings(waits_briefly) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"version": "3.46.1"}, "SQLite 3.46.1 can lose saved rows"),
        ({"version": "3.51.2"}, "SQLite 3.51.2 can lose saved rows"),
        ({"revision": "0001"}, "at revision 0001, this program wants 0002"),
        ({"backup": None}, "No backup was ever made. Make one"),
        ({"backup": Backup(Path("a"), 1, NOW - 8 * DAY)}, "The last backup is 8 days old. Make one"),
        ({"backup": Unknown("a file is damaged")}, "was made is unknown: a file is damaged. Make one"),
        ({"disk": Disk(free=300 * 1024**2, total=GIB)}, "Only 300 MiB are free"),
        ({"log": 300 * 1024**2}, "write-ahead log of the database is 300 MiB large; usual are 16."),
        ({"waiting_since": NOW - dt.timedelta(minutes=2)}, "Jobs wait and nobody does them."),
        ({"settings": dataclasses.replace(SETTINGS, hosts=())}, "Anybody may register, and"),
        ({"settings": dataclasses.replace(SETTINGS, mail_url=None)}, "No mail server is set"),
    ],
)
def test_each_thing_that_is_wrong_is_told_alone(changes: dict[str, object], told: str) -> None:
    [warning] = warnings(dataclasses.replace(SOUND, **changes))
    assert told in warning


def test_postgresql_needs_neither_a_sound_sqlite_nor_a_backup_in_the_data_folder() -> None:
    assert (
        warnings(dataclasses.replace(SOUND, engine="PostgreSQL", version="16.4", backup=None, log=None)) == []
    )


def test_a_closed_site_without_host_names_is_no_risk() -> None:
    closed = dataclasses.replace(SETTINGS, hosts=(), registration="closed")
    assert warnings(dataclasses.replace(SOUND, settings=closed)) == []
