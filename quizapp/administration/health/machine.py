"""What the machine tells: the disk, and a file on it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from quizapp.upkeep.files import beside


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk that holds the data, in bytes."""

    free: int
    total: int


def disk(data: Path) -> Disk:
    """Return how much room there is for the data folder."""
    usage = shutil.disk_usage(data)
    return Disk(free=usage.free, total=usage.total)


def log_size(database: Path | None) -> int | None:
    """Return the size in bytes of the write-ahead log of SQLite's file `database`, None where there is none."""
    if database is None:
        return None
    log = beside(database, "-wal")
    return log.stat().st_size if log.exists() else 0
