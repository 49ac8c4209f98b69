from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from quizapp.administration.health import machine
from quizapp.config import ROOT


def test_the_last_backup_is_the_newest_file_in_its_folder(tmp_path: Path) -> None:
    assert machine.last_backup(tmp_path) is None
    (tmp_path / "backups").mkdir()
    assert machine.last_backup(tmp_path) is None
    for name, day in (("b.sqlite3", 2), ("a.sqlite3", 3), ("c.sqlite3", 1)):
        file = tmp_path / "backups" / name
        file.write_bytes(b"x" * day)
        at = dt.datetime(2026, 3, day, tzinfo=dt.UTC).timestamp()
        os.utime(file, (at, at))
    newest = machine.Backup("a.sqlite3", 3, dt.datetime(2026, 3, 3, tzinfo=dt.UTC))
    assert machine.last_backup(tmp_path) == newest


def test_the_newest_revision_is_that_of_the_last_migration() -> None:
    last = max(path.name for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    assert machine.newest_revision(ROOT / "migrations") == last[:4]
