"""Files that are there whole or not at all, and stay there through a power cut."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from quizapp.errors import Conflict, Invalid, StorageUnavailable

SIDES = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database


@contextmanager
def whole(file: Path, *, replace: bool = False) -> Iterator[Path]:
    """Give a new, empty file beside `file`, its owner's alone: it takes the name when the block ends, else it goes.

    Raises Conflict where `file` exists and is not to be replaced, or is no file at all, Invalid where its folder does
    not exist, StorageUnavailable where the disk is full or read-only.
    """
    if not file.parent.is_dir():
        raise Invalid(f"There is no folder {file.parent}.")
    _refuse_to_replace(file, replace)
    partial = file.with_name(f".{file.name}.{secrets.token_hex(4)}.partial")
    try:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield partial
        _sync(partial)
        _refuse_to_replace(file, replace)
        partial.replace(file)
        _sync(file.parent)
    except OSError as error:
        raise StorageUnavailable(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):  # what could not be written cannot be removed either
            partial.unlink(missing_ok=True)
            remove_sides(partial)


@contextmanager
def private() -> Iterator[None]:
    """Let the files that this process makes in the block be its owner's alone, whoever makes them."""
    mask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(mask)


def keep_aside(file: Path, kept: Path) -> None:
    """Let a database, with what SQLite keeps beside it, have a second name too. `file` may be missing."""
    for side in ("", *SIDES):
        there, here = beside(file, side), beside(kept, side)
        if there.exists():
            try:
                here.hardlink_to(there)
            except OSError:  # a file system without hard links
                shutil.copyfile(there, here)
                _sync(here)
    _sync(file.parent)


def remove_sides(file: Path) -> None:
    """Remove what SQLite keeps beside a database."""
    for side in SIDES:
        beside(file, side).unlink(missing_ok=True)


def beside(file: Path, side: str) -> Path:
    """Return the file that SQLite keeps beside a database under this ending."""
    return file.with_name(file.name + side)


def give_to_owner(file: Path) -> None:
    """Give a file to whom its folder belongs, where root has made it: the server may be another user."""
    if os.geteuid() == 0:
        folder = file.parent.stat()
        os.chown(file, folder.st_uid, folder.st_gid)


def _refuse_to_replace(file: Path, replace: bool) -> None:
    if file.exists() and not file.is_file():
        raise Conflict(f"{file} is a folder or a device. Name a file that is to be made.")
    if file.exists() and not replace:
        raise Conflict(
            f"{file} exists already. Choose another name, or add --replace if it is not wanted any more."
        )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
