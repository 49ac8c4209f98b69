"""`flask --app wsgi backup`, `restore` and `copy-to`: keeping a site, and moving it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from quizapp.config import Settings
from quizapp.errors import Conflict, StorageUnavailable
from quizapp.upkeep import places, service
from quizapp.upkeep.copying import service as copying
from quizapp.upkeep.presence import stopped
from quizapp.upkeep.record import note_backup
from quizapp.upkeep.tally import Tallies
from quizapp.web.clock import now
from quizapp.web.commands import Command
from quizapp.web.words import count, size

_UNSEALED = (
    "It was made before checksums were kept, or by no backup: it is sound and has all tables, but whether each letter "
    "in it is the one that was saved cannot be told"
)
_SHOWN = 16  # digits of a checksum: enough to compare by eye


@click.command("backup", cls=Command)
@click.argument("file")
@click.option(
    "--replace", is_flag=True, help="Overwrite FILE if it exists; it is replaced in one step, at the end."
)
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="With a folder: when the new backup is saved, remove the oldest of those with a date in their name beyond N. "
    "Give each site a folder of its own.",
)
@click.option("--quiet", is_flag=True, help="Say nothing when all is well.")
@with_appcontext
def backup_command(file: str, replace: bool, keep: int | None, quiet: bool) -> None:
    """Save the whole site in one FILE, while it runs and learners answer.

    FILE is a SQLite database with everything the site knows at the moment the command begins: people, banks with
    their pictures, drafts, every answer and score. It appears under its name only after it was read back: sound, and
    in every table equal to the site. If FILE is a folder, the backup gets a name with the date in it; one that is not
    there is made if a slash ends its name. In the data folder, backups go into `backups` and nowhere else. A site on
    PostgreSQL is saved in the same way, and such a FILE can be restored on either.

    Run it as the user that the server runs as. Root may, too: what it leaves in the data folder is given to the
    folder's owner; a FILE elsewhere is root's.

    \b
    Every night, by /etc/cron.d/quizapp (the folder should lie on another machine's disk):
    QUIZAPP_DATA=/var/lib/quizapp
    30 3 * * *  quizapp  cd /srv/quizapp && .venv/bin/flask --app wsgi backup --quiet --keep 14 /mnt/backups/
    Its user, QUIZAPP_DATA and QUIZAPP_DATABASE_URL must be those of the server.
    """
    settings, instant = settings_of_site(), now()
    service.require_site()
    place = places.place(file, data=settings.data, database=service.own_file(), now=instant)
    if keep and place == Path(file).absolute():
        raise click.UsageError("--keep wants a folder: there, each backup gets a name with its date.")
    steps = _unseen if quiet else progress
    backup, held = service.back_up(place, now=instant, steps=steps, replace=replace)
    try:
        note_backup(settings.data, backup)
    except (Conflict, StorageUnavailable) as error:
        click.echo(
            f"Warning: the backup is saved, but the site will not know of it. {error.message}", err=True
        )
    removed = _remove_surplus(place, keep) if keep else []
    if quiet:
        return
    _tell(held.tallies)
    click.echo(f"Saved and verified: {backup.file}, {size(backup.size)}, schema {held.revision}.")
    for old in removed:
        click.echo(f"Removed: {old}")
    click.echo(
        f"Not in it: the secret key ({settings.data / 'secret_key'}) and the settings. Without that key everybody has "
        "to sign in again, and guests begin anew; keep one copy of it, apart from the backups."
    )


@click.command("restore", cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--dry-run", is_flag=True, help="Only find out whether FILE can be restored; the server may run."
)
@with_appcontext
def restore_command(file: Path, dry_run: bool) -> None:
    """Make the site what it was when the backup FILE was made. The server must be stopped.

    FILE is read through first; one in which a letter has changed since it was made, that lacks a table, or that comes
    from a newer version, is refused and nothing changes. One from an older version is migrated. The present database
    is kept under a dated name beside the new one, so that this can be taken back. On PostgreSQL the site's database
    must be new and empty: make one, name it in QUIZAPP_DATABASE_URL, and restore into it.

    Run it as the user that the server runs as, or as root.
    """
    if dry_run:
        restored = service.rehearse(file, progress)
        _tell(restored.backup.tallies)
        click.echo(f"Verified, and not restored: {file}, {_schema(restored)}.")
        return
    settings = settings_of_site()
    with stopped(settings.data):
        restored = service.restore(file, data=settings.data, now=now(), steps=progress)
    _tell(restored.backup.tallies)
    click.echo(f"Restored and verified: {file}, {_schema(restored)}.")
    if restored.kept is not None:
        click.echo(f"What was there before is kept: {restored.kept}")
        click.echo(f"To go back to it: flask --app wsgi restore {restored.kept}")
    click.echo("Now start the site: python wsgi.py")


@click.command("copy-to", cls=Command)
@click.argument("url")
@with_appcontext
def copy_to_command(url: str) -> None:
    """Copy the whole site into the empty database at URL, of PostgreSQL or SQLite. The server must be stopped.

    The tables are made and filled in one transaction, and compared before it ends: it says done when every table of
    the copy holds what the site's does, and otherwise the database at URL is left empty. The site itself is only
    read. Afterwards set QUIZAPP_DATABASE_URL to URL and start.

    A password need not stand in URL: PostgreSQL's PGPASSWORD and ~/.pgpass are read, too.

    \b
    createdb --owner=quizapp quizapp
    flask --app wsgi copy-to postgresql://quizapp@host/quizapp
    """
    service.require_site()
    with stopped(settings_of_site().data):
        here, there = copying.copy_to(url, progress)
    _tell(here, there)
    click.echo(
        "Every table holds the same here and there. To use the copy, set QUIZAPP_DATABASE_URL to its address."
    )


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[int], object]]:
    """Show how far a part of the work is."""
    with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
        yield bar.update


@contextmanager
def _unseen(_label: str, _total: int) -> Iterator[Callable[[int], object]]:
    """Show nothing of how far the work is."""
    yield lambda _more: None


def _remove_surplus(made: Path, keep: int) -> list[Path]:
    """Remove the oldest backups beside the one just made, and return which; say so of one that cannot be."""
    removed = []
    for old in places.surplus(made.parent, keep, made=made):
        try:
            old.unlink()
        except OSError as error:
            click.echo(f"Warning: {old} cannot be removed: {error.strerror}.", err=True)
        else:
            removed.append(old)
    return removed


def _schema(restored: service.Restored) -> str:
    """Return which schema a backup has, and what cannot be known of it."""
    before, after = restored.backup.revision, restored.revision
    told = f"schema {after}" if before == after else f"schema {after}, migrated from {before}"
    return told if restored.backup.sealed else f"{told}. {_UNSEALED}"


def _tell(*sides: Tallies) -> None:
    """Print a line for each table: what it holds, on each side."""
    for name in sorted(sides[0]):
        told = [f"{side[name].rows:>12,} rows  {side[name].checksum[:_SHOWN]}" for side in sides]
        click.echo(f"{name:<18}{'   '.join(told)}")
    rows = sum(tally.rows for tally in sides[0].values())
    click.echo(
        f"{count(rows, 'row')} in {count(len(sides[0]), 'table')}, each with the checksum of what it holds."
    )


def settings_of_site() -> Settings:
    """Return the settings of the site that this command is for."""
    settings: Settings = current_app.extensions["settings"]
    return settings
