"""Whether a server runs on a data folder: it holds a lock on the file `running` there."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from quizapp.errors import StorageUnavailable

try:
    import fcntl
except ImportError:  # not a Unix: `python wsgi.py` does not run there either
    fcntl = None  # type: ignore[assignment]

TAKE_OVER_SECONDS = 3


@contextmanager
def running(data: Path) -> Iterator[bool]:
    """Hold the data folder for this server alone; yield whether the last one was stopped uncleanly.

    The file `running` is locked while a server runs, and holds its number; it is empty after a clean stop: one that
    exits with status 0, so that a damaged database is refused as often as it is tried. Raises StorageUnavailable when
    another server holds the folder.
    """
    with (data / "running").open("a+") as mark:
        _lock(mark, f"another quizapp is running on {data}. Stop it first.")
        after_unclean_stop = os.fstat(mark.fileno()).st_size > 0
        mark.truncate(0)
        mark.write(f"{os.getpid()}\n")
        mark.flush()
        holder = os.getpid()
        try:
            yield after_unclean_stop
        except SystemExit as end:
            if os.getpid() == holder and not end.code:  # a worker that ends comes through here too
                mark.truncate(0)
            raise


def stopping(data: Path) -> None:
    """Let others know that the server on the data folder goes down. Even a full disk keeps it from nothing."""
    with suppress(OSError), (data / "running").open("r+") as mark:
        mark.write("stopping\n")


def is_held(data: Path) -> bool:
    """Whether a server runs on the data folder, or what is left of one."""
    try:
        with (data / "running").open() as mark:
            return fcntl is not None and not _try_lock(mark)
    except OSError:
        return False


def living(data: Path) -> int | None:
    """Return the number of the server that holds the data folder, None where it was killed or is being stopped."""
    try:
        process = int((data / "running").read_text())
        os.kill(process, 0)
    except (OSError, ValueError) as error:
        if not isinstance(error, PermissionError):  # that of another user
            return None
    return process


@contextmanager
def stopped(data: Path) -> Iterator[None]:
    """Keep any server from starting on the data folder.

    Raises StorageUnavailable when one runs already, or where that cannot be told.
    """
    try:
        mark = (data / "running").open("a+")
    except OSError as error:
        raise StorageUnavailable(
            f"Whether quizapp is running cannot be told: {error.filename}: {error.strerror}. "
            "Run this as the user that it runs as, who may write to the data folder."
        ) from error
    with mark:
        _lock(mark, f"quizapp is running on {data}. Stop it first: what is answered meanwhile would be lost.")
        yield


def _lock(mark: TextIO, refusal: str) -> None:
    if fcntl is None:
        return
    until = time.monotonic() + TAKE_OVER_SECONDS  # workers of a killed server let go within a moment
    while not _try_lock(mark):
        if time.monotonic() > until:
            raise StorageUnavailable(refusal)
        time.sleep(0.1)


def _try_lock(mark: TextIO) -> bool:
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
