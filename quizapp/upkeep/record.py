"""When the last backup was made and where it was put, noted in the data folder: a backup may lie anywhere."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from quizapp.upkeep.files import whole

_NAME = "last_backup.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and verified; `size` in bytes."""

    file: Path
    size: int
    made_at: dt.datetime


def note_backup(data: Path, backup: Backup) -> None:
    """Remember `backup` as the last one."""
    told = {"file": str(backup.file), "size": backup.size, "made_at": backup.made_at.isoformat()}
    with whole(data / _NAME, replace=True) as partial:
        partial.write_text(json.dumps(told), encoding="utf-8")


def last_backup(data: Path) -> Backup | None:
    """Return the last backup of the site, if any was made. Whether the file is still there is not asked."""
    try:
        told = json.loads((data / _NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Backup(Path(told["file"]), told["size"], dt.datetime.fromisoformat(told["made_at"]))
