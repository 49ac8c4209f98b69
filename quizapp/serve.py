"""`python wsgi.py`: make the database right, publish the shipped banks, say where to look, and serve."""

from __future__ import annotations

import errno
import os
import socket
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click
from flask import Flask
from gunicorn.systemd import SD_LISTEN_FDS_START
from sqlalchemy.exc import DatabaseError, OperationalError

from quizapp import config
from quizapp.accounts import queries as accounts
from quizapp.accounts import service as accounts_service
from quizapp.banks.publishing.cli import publish_shipped
from quizapp.db import db
from quizapp.errors import StorageUnavailable
from quizapp.server import STOP_SECONDS, Server
from quizapp.upkeep import revisions
from quizapp.upkeep.cli import progress
from quizapp.upkeep.migrating import service as migrating
from quizapp.upkeep.presence import is_held, living, running
from quizapp.upkeep.service import Unsound, own_file
from quizapp.web import metrics, unit
from quizapp.web.clock import now

ORPHAN_SECONDS = STOP_SECONDS + 2  # workers without a master notice within a second, and end what they answer


def serve(app: Flask) -> None:
    """Set up and serve until told to stop. Exits with a sentence when that cannot be."""
    settings: config.Settings = app.extensions["settings"]
    try:
        _refuse_taken_port(settings)
        with running(settings.data) as after_unclean_stop, app.app_context():
            metrics.forget(settings.data)
            _serve(app, settings, after_unclean_stop)
    except OSError as error:
        sys.exit(f"quizapp cannot start: {error.filename or settings.data}: {error.strerror}.")
    except StorageUnavailable as error:
        sys.exit(f"quizapp cannot start: {error.message}")


def _serve(app: Flask, settings: config.Settings, after_unclean_stop: bool) -> None:
    try:
        _look_over(whole=after_unclean_stop)
        _migrate(settings.data)
        _publish_shipped()
        link = _administrator_link(settings)
    except (DatabaseError, sqlite3.DatabaseError, StorageUnavailable, Unsound, _Unusable) as error:
        shown = db.engine.url.render_as_string(hide_password=True)
        sys.exit(f"The database {shown} cannot be used: {_refusal(error)}")
    db.session.remove()  # a transaction left open here would hold the log of the database for as long as we serve
    db.engine.dispose()  # no connection may cross the fork into the workers
    address = _address(settings)
    click.echo(f"\nquizapp is at {address}  (stop with Ctrl-C)")
    if link:
        click.echo(f"First administrator (one use, 24 hours): {address}{link}")
    Server(app, settings).run()


def _is_handed_over() -> bool:
    """Whether systemd listens, and hands its socket over: gunicorn takes it."""
    return os.environ.get("LISTEN_PID") == str(os.getpid())


def _address(settings: config.Settings) -> str:
    """Return what to type in a browser, whoever has chosen the port."""
    if not _is_handed_over():
        return settings.address
    with socket.socket(fileno=os.dup(SD_LISTEN_FDS_START)) as listener:
        name = listener.getsockname()
    if isinstance(name, tuple):
        return replace(settings, host=name[0], port=name[1]).address
    return settings.address if settings.hosts else f"unix:{name}"


def _refuse_taken_port(settings: config.Settings) -> None:
    """Say so before anything is printed or changed, if the address cannot be listened on."""
    if _is_handed_over():
        return
    where = f"{settings.host}:{settings.port}"
    try:
        if _is_taken(settings) and is_held(settings.data):
            if (process := living(settings.data)) is not None:
                raise StorageUnavailable(
                    f"another quizapp is running on {settings.data} at {where} (process {process}). Stop it first; or, "
                    "for a second site, choose another folder and port with QUIZAPP_DATA and QUIZAPP_PORT."
                )
            click.echo(
                f"{where} is in use. Waiting for what is left of a server that was stopped or killed …"
            )
            until = time.monotonic() + ORPHAN_SECONDS
            while _is_taken(settings) and time.monotonic() < until:
                time.sleep(0.1)
        _listen(settings)
    except (OSError, OverflowError) as error:
        raise StorageUnavailable(
            f"{where} cannot be listened on ({getattr(error, 'strerror', None) or error}). Choose another address with "
            "QUIZAPP_HOST and QUIZAPP_PORT."
        ) from error


def _listen(settings: config.Settings) -> None:
    socket.create_server((settings.host, settings.port), family=_family(settings.host)).close()


def _is_taken(settings: config.Settings) -> bool:
    try:
        _listen(settings)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return True
        raise
    return False


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


class _Unusable(Exception):
    """The database is none that this program can run on; the message says why."""


class _Foreign(_Unusable):
    """It is another program's, and nothing is wrong with it."""


def _refusal(error: BaseException) -> str:
    """Return what the database itself says is wrong, and what to do about it."""
    if isinstance(error, StorageUnavailable):
        error = error.__cause__ or error
    found = f"{getattr(error, 'orig', None) or error}\nNothing was changed. "
    if isinstance(error, migrating.Newer):
        return found.rstrip()  # it has said what to do
    if isinstance(error, (sqlite3.OperationalError, OperationalError, OSError, StorageUnavailable)):
        return f"{found}Put that right, then start again."  # it is locked, read-only, full or out of reach
    if isinstance(error, _Foreign):
        return f"{found}Name another file, which need not be there yet, in QUIZAPP_DATABASE_URL."
    restore = "Restore the newest backup (flask --app wsgi restore FILE)"
    return f"{found}{restore}, or move the file away to start with an empty site."


def _look_over(*, whole: bool) -> None:
    """Look at the database file without writing to it; read it through if `whole`.

    Raises DatabaseError if it is damaged, _Unusable if it is none of ours. One that is not there will be made.
    """
    if (file := own_file()) is None or not file.exists():
        return
    if not file.stat().st_size:
        raise _Unusable("the file is empty.")
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if tables and "alembic_version" not in tables:
            raise _Foreign("it belongs to another program.")
        if whole and (damage := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(f"it is damaged ({damage})")


def _migrate(data: Path) -> None:
    """Bring the database to the newest revision, with a backup first if there is anything to lose."""
    if migrating.present() != revisions.newest():
        migrating.bring_up("head", data=data, now=now(), steps=progress, tell=click.echo)


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
