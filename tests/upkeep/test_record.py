"""What the site remembers of its last backup, and what it says where that cannot be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from quizapp.config import Settings
from quizapp.upkeep.record import Backup, Unknown, last_backup, note_backup
from quizapp.web.access import Role
from tests.factories.accounts import create_user
from tests.reader import signed_in

AT = dt.datetime(2026, 3, 3, 3, 30, tzinfo=dt.UTC)
TOKEN = "a-token-for-tests-only"


def test_the_last_backup_is_remembered(tmp_path: Path) -> None:
    assert last_backup(tmp_path) is None
    for size in (1, 2):
        note_backup(tmp_path, Backup(Path("/far/a.sqlite3"), size, AT))
    assert last_backup(tmp_path) == Backup(Path("/far/a.sqlite3"), 2, AT)


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"[]",
        b"\xff",
        b"{}",
        b'{"file": 1, "size": 1, "made_at": "2026-03-03T03:30:00+00:00"}',
        b'{"file": "a", "size": 1, "made_at": "2026-03-03T03:30:00"}',
    ],
)
def test_a_record_that_is_damaged_says_so(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "last_backup.json").write_bytes(written)
    assert last_backup(tmp_path) == Unknown(f"{tmp_path / 'last_backup.json'} is damaged")


def test_where_the_record_cannot_be_read_the_pages_of_health_and_figures_go_on(
    make_app: Callable[..., Flask],
) -> None:
    site = make_app(metrics=TOKEN)
    settings: Settings = site.extensions["settings"]
    (settings.data / "last_backup.json").mkdir()
    with site.app_context():
        create_user("root@example.org", role=Role.ADMINISTRATOR)
        page = signed_in(site.test_client(), "root@example.org").get("/admin")
    assert page.text.count("last_backup.json cannot be read (Is a directory)") == 2
    figures = site.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert figures.status_code == 200
    assert "quizapp_disk_free_bytes" in figures.text
    assert "quizapp_backup_timestamp_seconds" not in figures.text
