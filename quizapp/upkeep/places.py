"""Where a backup goes: under the name that was given, or in that folder under a name with the date in it."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

from quizapp.errors import Conflict, StorageUnavailable
from quizapp.upkeep.files import SIDES, beside

_DATED = re.compile(r"quizapp-\d{8}T\d{6}Z\.sqlite3")
KEPT = "backups"  # the one place in the data folder where backups may lie


def place(named: str, *, data: Path, database: Path | None, now: dt.datetime) -> Path:
    """Return the file that a backup is written to, and make its folder where `named` ends with a slash.

    `database` is the site's own file of SQLite, if it has one. Raises Conflict where the file is, or might become,
    one of the site's own.
    """
    file = Path(named).absolute()
    if named.endswith(os.sep) or file == data / KEPT:
        make_folder(file)
    if file.is_dir():
        file /= f"quizapp-{now:%Y%m%dT%H%M%SZ}.sqlite3"
    _refuse_own(file, data, database)
    return file


def surplus(folder: Path, keep: int, *, made: Path) -> list[Path]:
    """Return the oldest backups of a folder, so that `keep` are left with the one just `made`.

    Only what `place` has named counts as a backup; whatever else lies there is left alone.
    """
    found = [path for path in folder.iterdir() if _DATED.fullmatch(path.name) and path != made]
    ours = sorted(path for path in found if path.is_file() and not path.is_symlink())
    return ours[: max(0, len(ours) - keep + 1)]


def make_folder(folder: Path) -> None:
    """Make a folder for backups, its owner's alone, if it is not there."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StorageUnavailable(f"The folder {folder} cannot be made: {error.strerror}.") from error


def _refuse_own(file: Path, data: Path, database: Path | None) -> None:
    meant, data = file.resolve(), data.resolve()
    own = set()
    if database is not None:
        own = {beside(database.resolve(), side) for side in ("", ".gate", *SIDES)}
    if meant in own or (meant.is_relative_to(data) and not meant.is_relative_to(data / KEPT)):
        raise Conflict(
            f"{file} belongs to the site itself, or would lie among its files. "
            f"Put the backup into {data / KEPT}{os.sep} or, better, onto another machine's disk."
        )
