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


@dataclass(frozen=True, slots=True)
class Unknown:
    """Whether a backup was made cannot be told; `why` is a sentence's end."""

    why: str


def note_backup(data: Path, backup: Backup) -> None:
    """Remember `backup` as the last one."""
    told = {"file": str(backup.file), "size": backup.size, "made_at": backup.made_at.isoformat()}
    with whole(data / _NAME, replace=True) as partial:
        partial.write_text(json.dumps(told), encoding="utf-8")


def last_backup(data: Path) -> Backup | Unknown | None:
    """Return the last backup of the site, if any was made. Whether the file is still there is not asked."""
    record = data / _NAME
    try:
        told = json.loads(record.read_text(encoding="utf-8"))
        return Backup(Path(told["file"]), int(told["size"]), _instant(told["made_at"]))
    except FileNotFoundError:
        return None
    except OSError as error:
        return Unknown(f"{record} cannot be read ({error.strerror})")
    except (ValueError, LookupError, TypeError):
        return Unknown(f"{record} is damaged")


def _instant(text: str) -> dt.datetime:
    instant = dt.datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("a time without its zone")
    return instant
