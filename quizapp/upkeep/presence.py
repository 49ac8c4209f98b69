"""Whether a server runs on a data folder: it holds a lock on the file `running` there."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
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

    The file `running` is locked while a server runs, and empty after a clean stop: one that exits with status 0, so
    that a damaged database is refused as often as it is tried. Raises StorageUnavailable when another server holds
    the folder.
    """
    with (data / "running").open("a+") as mark:
        _lock(mark, f"another quizapp is running on {data}. Stop it first.")
        after_unclean_stop = unclean(data)
        mark.truncate(0)
        mark.write("running\n")
        mark.flush()
        holder = os.getpid()
        try:
            yield after_unclean_stop
        except SystemExit as end:
            if os.getpid() == holder and not end.code:  # a worker that ends comes through here too
                mark.truncate(0)
            raise


def unclean(data: Path) -> bool:
    """Whether a server runs on the data folder, or the last one was stopped uncleanly."""
    mark = data / "running"
    return mark.exists() and mark.stat().st_size > 0


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
    while True:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > until:
                raise StorageUnavailable(refusal) from None
            time.sleep(0.1)
