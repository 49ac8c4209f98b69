"""What the machine tells: the disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk that holds the data, in bytes."""

    free: int
    total: int


def disk(data: Path) -> Disk:
    """Return how much room there is for the data folder."""
    usage = shutil.disk_usage(data)
    return Disk(free=usage.free, total=usage.total)
