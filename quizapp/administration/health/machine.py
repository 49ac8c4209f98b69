"""What the machine and the program's own files tell: disk, backups, the newest schema."""

from __future__ import annotations

import datetime as dt
import functools
import shutil
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory


@dataclass(frozen=True, slots=True)
class Backup:
    """The newest file in the folder of backups."""

    name: str
    size: int
    made_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk that holds the data, in bytes."""

    free: int
    total: int


def last_backup(data: Path) -> Backup | None:
    """Return the newest backup in the data folder, if any."""
    files = [path for path in (data / "backups").glob("*") if path.is_file()]
    if not files:
        return None
    newest = max(files, key=lambda path: path.stat().st_mtime)
    found = newest.stat()
    return Backup(newest.name, found.st_size, dt.datetime.fromtimestamp(found.st_mtime, dt.UTC))


def disk(data: Path) -> Disk:
    """Return how much room there is for the data folder."""
    usage = shutil.disk_usage(data)
    return Disk(free=usage.free, total=usage.total)


@functools.cache
def newest_revision(migrations: Path) -> str | None:
    """Return the revision that this program's tables have; its files are read once."""
    return ScriptDirectory(str(migrations)).get_current_head()
