"""The write gate: one writer at a time in this process and among the processes that share a SQLite file.

SQLite's own busy handler is unfair under load, and versions before 3.51.3 can lose a committed row when one
connection checkpoints while another writes. Writers therefore hold this gate from before BEGIN IMMEDIATE until
after COMMIT. On other databases the gate is not used.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from quizapp.errors import StorageUnavailable

try:
    import fcntl
except ImportError:  # not a Unix: SQLite's busy_timeout alone must do
    fcntl = None  # type: ignore[assignment]

_POLL_SECONDS = 0.002


class WriteGate:
    """A lock over threads (a `threading.Lock`) and processes (`flock` on `path`, opened after any fork)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.Lock()
        self._descriptor: int | None = None
        self._pid = 0

    def acquire(self, *, deadline: float) -> None:
        """Take the gate within `deadline` seconds, or raise `StorageUnavailable`."""
        until = time.monotonic() + deadline
        if not self._threads.acquire(timeout=deadline):
            raise StorageUnavailable("The database is busy. Nothing was saved, please retry.")
        try:
            self._lock_file(until)
        except BaseException:
            self._threads.release()
            raise

    def release(self) -> None:
        """Give the gate back; the caller must hold it."""
        if fcntl is not None and self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._threads.release()

    def _lock_file(self, until: float) -> None:
        if fcntl is None:
            return
        if self._descriptor is None or self._pid != os.getpid():
            try:
                self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError as error:
                raise StorageUnavailable("The data folder cannot be written. Nothing was saved.") from error
            self._pid = os.getpid()
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= until:
                    message = "The database is busy. Nothing was saved, please retry."
                    raise StorageUnavailable(message) from None
                time.sleep(_POLL_SECONDS)
