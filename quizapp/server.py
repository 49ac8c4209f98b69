"""The server itself: gunicorn with threads, set by our settings, with the runner of jobs beside its workers."""

from __future__ import annotations

import logging
import os
import platform
import subprocess
import sys
import time
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker
from sqlalchemy.exc import DatabaseError

from quizapp import config
from quizapp.db import db
from quizapp.upkeep import revisions
from quizapp.upkeep.presence import stopping
from quizapp.upkeep.service import own_file
from quizapp.web import log

STOP_SECONDS = 10
MEMORY_FOLDER = "/dev/shm"  # where a sign of life waits for no disk, and fails with none
RUNNER = [
    sys.executable,
    "-m",
    "flask",
    "--app",
    str(config.ROOT / "wsgi.py"),
    "jobs",
    "run",
    "--with-parent",
]
RUNNER_AGAIN_SECONDS = 5


class Server(BaseApplication):
    """gunicorn with threads, configured by our settings instead of a command line."""

    def __init__(self, app: Flask, settings: config.Settings) -> None:
        self._app, self._settings = app, settings
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "forwarded_allow_ips": "",  # QUIZAPP_PROXIES alone says whom to believe
            "workers": self._settings.workers,
            "worker_class": _Worker,
            "threads": config.THREADS,
            "keepalive": 30,
            "graceful_timeout": STOP_SECONDS,
            "loglevel": "warning",
            "logger_class": _Log,
            "worker_tmp_dir": MEMORY_FOLDER if os.access(MEMORY_FOLDER, os.W_OK) else None,
            "control_socket_disable": True,  # signals do
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app

    def run(self) -> None:
        _Master(self).run()


class _Log(Logger):
    """What gunicorn itself has to say, such as that a worker was killed, in the form of all other lines."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        log.adopt(self.error_log)


class _Worker(ThreadWorker):
    """gunicorn's worker with threads. It says once a second that it lives, not with each of a thousand events."""

    _said = 0.0

    def notify(self) -> None:
        if (instant := time.monotonic()) - self._said >= 1:
            super().notify()
            self._said = instant

    def run(self) -> None:
        """Answer until told to stop, then close the database: what the log holds goes into its file."""
        try:
            super().run()
        finally:
            with self.app.wsgi().app_context():
                db.engine.dispose()


class _Master(Arbiter):
    """gunicorn's master with one more child: the runner of jobs, started again when it dies, stopped with the rest."""

    _runner: subprocess.Popen[bytes] | None = None
    _runner_due = 0.0

    def __init__(self, app: Server) -> None:
        super().__init__(app)
        with app.wsgi().app_context():
            self._file = _database_file()
            self._data = app.wsgi().extensions["settings"].data
            self._database = db.engine.dialect.name

    def start(self) -> None:
        super().start()
        log.event(
            "server_started",
            address=",".join(map(str, self.LISTENERS)),
            database=self._database,
            schema=revisions.newest(),
            python=platform.python_version(),
            workers=self.num_workers,
            pid=self.pid,
        )

    def reload(self) -> None:
        super().reload()
        log.event("server_reloaded", workers=self.num_workers)

    def halt(self, reason: str | None = None, exit_status: int = 0) -> None:
        try:
            super().halt(reason, exit_status)
        finally:
            level = logging.ERROR if exit_status else logging.INFO
            log.event("server_stopped", level=level, status=exit_status)

    def manage_workers(self) -> None:
        """Called at least once a second."""
        super().manage_workers()
        ended = self._runner is None or self._runner.poll() is not None
        if ended and time.monotonic() >= self._runner_due:
            self._runner = subprocess.Popen(
                [*RUNNER, str(os.getpid())], cwd=config.ROOT, stdin=subprocess.DEVNULL
            )
            self._runner_due = time.monotonic() + RUNNER_AGAIN_SECONDS

    def stop(self, graceful: bool = True) -> None:
        """Stop the workers, and the runner beside them. The database is whole without its log then."""
        stopping(self._data)
        if self._runner is not None:
            self._runner.terminate()
        super().stop(graceful)
        if self._runner is not None:
            try:
                self._runner.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:  # its job is taken again when its heartbeat is old
                self._runner.kill()
                self._runner.wait()
        with self.app.wsgi().app_context():
            _empty_log(self._file)


def _database_file() -> os.stat_result | None:
    """Return which file SQLite's database is in, None where there is none."""
    file = own_file()
    return file.stat() if file is not None and file.exists() else None


def _empty_log(served: os.stat_result | None) -> None:
    """Put what the log holds into the database, so that whoever copies the file alone has everything.

    Workers that close do so too, but not one that had to be killed.
    """
    found = _database_file()
    if served is None or found is None or not os.path.samestat(served, found):
        return  # a log must never meet a database that is not its own
    try:
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    except DatabaseError as error:
        log.event("log_left", level=logging.WARNING, error=error.orig)
    db.engine.dispose()
