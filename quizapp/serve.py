"""`python wsgi.py`: make the database right, publish the shipped banks, say where to look, and serve."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from sqlalchemy.exc import DatabaseError

from quizapp import config
from quizapp.accounts import queries as accounts
from quizapp.accounts import service as accounts_service
from quizapp.banks.publishing.cli import publish_shipped
from quizapp.db import db
from quizapp.web import unit
from quizapp.web.clock import now

THREADS = 8
STOP_SECONDS = 10
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
log = logging.getLogger("quizapp")


def serve(app: Flask) -> None:
    """Set up and serve until told to stop. Exits with a sentence when the database cannot be used."""
    settings: config.Settings = app.extensions["settings"]
    mark = settings.data / "running"
    with app.app_context():
        try:
            if mark.exists():
                _check_after_unclean_stop()
            _migrate(settings.data)
        except (DatabaseError, sqlite3.DatabaseError) as error:
            sys.exit(
                f"The database {_shown(settings.database_url)} cannot be used: {error.__cause__ or error}\n"
                "Nothing was changed. Restore the newest backup, or move the file away to start with an empty site."
            )
        _publish_shipped()
        link = _administrator_link(settings)
        db.engine.dispose()  # no connection may cross the fork into the workers
    address = f"http://{_host(settings.host)}:{settings.port}"
    click.echo(f"\nquizapp is at {address}  (stop with Ctrl-C)")
    if link:
        click.echo(f"First administrator (one use, 24 hours): {address}{link}")
    mark.touch()
    try:
        _Server(app, settings).run()
    finally:
        mark.unlink(missing_ok=True)


def _check_after_unclean_stop() -> None:
    if db.engine.dialect.name != "sqlite":
        return
    with db.engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        raise sqlite3.DatabaseError(f"it is damaged ({found})")


def _migrate(data: Path) -> None:
    """Bring the database to the newest revision, with a backup first if there is anything to lose."""
    script = ScriptDirectory(str(config.ROOT / "migrations"))
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == script.get_current_head():
        return
    if current is not None and db.engine.dialect.name == "sqlite":
        backup = data / "backups" / f"before-{script.get_current_head()}-{now():%Y%m%dT%H%M%S}.sqlite3"
        backup.parent.mkdir(exist_ok=True)
        with closing(db.engine.raw_connection()) as connection:  # VACUUM wants to be outside any transaction
            connection.cursor().execute("VACUUM INTO ?", (str(backup),))
        click.echo(f"Backup before migrating: {backup}")
    click.echo("Migrating the database …" if current else "Creating the database …")
    upgrade()


def _publish_shipped() -> None:
    folder = config.ROOT / "question_banks"
    with click.progressbar(length=1, label="Question banks", file=sys.stdout) as bar:

        def report(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        outcomes = publish_shipped(folder, report)
    published = [shipped.name for shipped in outcomes if shipped.outcome == "published"]
    if published:
        click.echo(f"Published: {', '.join(published)}")
    for shipped in outcomes:
        if shipped.message:
            click.echo(shipped.message)


def _administrator_link(settings: config.Settings) -> str | None:
    if accounts.administrator_exists():
        return None
    token = unit.run(lambda: accounts_service.issue_administrator_link(now=now()))
    return f"/link/{token}"


def _host(host: str) -> str:
    """Return what a browser on this machine would type for the address we bind to."""
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host


def _shown(url: str) -> str:
    """Return a database address without its password."""
    return db.engine.url.render_as_string(hide_password=True)


class _Server(BaseApplication):
    """gunicorn with threads, configured by our settings instead of a command line."""

    def __init__(self, app: Flask, settings: config.Settings) -> None:
        self._app, self._settings = app, settings
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": self._settings.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": 30,
            "graceful_timeout": STOP_SECONDS,
            "loglevel": "warning",
            "worker_tmp_dir": str(self._settings.data),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app

    def run(self) -> None:
        _Master(self).run()


class _Master(Arbiter):
    """gunicorn's master with one more child: the runner of jobs, started again when it dies, stopped with the rest."""

    _runner: subprocess.Popen[bytes] | None = None
    _runner_due = 0.0

    def manage_workers(self) -> None:
        """Called at least once a second."""
        super().manage_workers()
        ended = self._runner is None or self._runner.poll() is not None
        if ended and time.monotonic() >= self._runner_due:
            self._runner = subprocess.Popen(RUNNER, cwd=config.ROOT, stdin=subprocess.DEVNULL)
            self._runner_due = time.monotonic() + RUNNER_AGAIN_SECONDS

    def stop(self, graceful: bool = True) -> None:
        """Stop the workers, and the runner beside them."""
        if self._runner is not None:
            self._runner.terminate()
        super().stop(graceful)
        if self._runner is not None:
            try:
                self._runner.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:  # its job is taken again when its heartbeat is old
                self._runner.kill()
