"""Whose the files of a site are: what root makes among them is given to whom the folder belongs."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

from sqlalchemy import make_url

from quizapp.config import Settings

_OURS = ("secret_key", "running", "last_backup.json", "backups", "static", "metrics")


def give_to_owner(settings: Settings) -> None:
    """Give what this program has made in the data folder, and beside its file of SQLite, to each folder's owner.

    Only root can, and need: a command that it ran would else leave files that the server may not use. Other files are
    left alone, and so is what has a second name, which may be somebody else's.
    """
    if os.geteuid() != 0:
        return
    _give(settings.data, _OURS)
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        file = Path(url.database).absolute()
        _give(file.parent, (f"{file.name}*", f"{file.stem}.replaced-*"))


def _give(folder: Path, ours: tuple[str, ...]) -> None:
    owner = folder.stat()
    if owner.st_uid == 0:
        return
    for place, folders, files, descriptor in os.fwalk(folder):
        if Path(place) == folder:
            folders[:], files[:] = [[n for n in names if _matches(n, ours)] for names in (folders, files)]
        for name in (*folders, *files):
            with suppress(OSError):  # it is gone by now, or lies where nothing has an owner
                found = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                if found.st_uid == 0 and (stat.S_ISDIR(found.st_mode) or found.st_nlink == 1):
                    os.chown(name, owner.st_uid, owner.st_gid, dir_fd=descriptor, follow_symlinks=False)


def _matches(name: str, ours: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in ours)
