"""What the machine and the program's own files tell: disk, the newest schema."""

from __future__ import annotations

import functools
import shutil
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk that holds the data, in bytes."""

    free: int
    total: int


def disk(data: Path) -> Disk:
    """Return how much room there is for the data folder."""
    usage = shutil.disk_usage(data)
    return Disk(free=usage.free, total=usage.total)


@functools.cache
def newest_revision(migrations: Path) -> str | None:
    """Return the revision that this program's tables have; its files are read once."""
    return ScriptDirectory(str(migrations)).get_current_head()
