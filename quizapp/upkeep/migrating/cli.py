"""`flask --app wsgi db upgrade` and `db downgrade`, in place of Flask-Migrate's, which ask and save nothing."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from quizapp.upkeep import revisions
from quizapp.upkeep.cli import progress, settings_of_site
from quizapp.upkeep.migrating import service
from quizapp.upkeep.presence import stopped
from quizapp.upkeep.service import require_site
from quizapp.web.clock import now
from quizapp.web.commands import Command


@click.command("upgrade", cls=Command)
@click.argument("revision", default="head")
@with_appcontext
def upgrade_command(revision: str) -> None:
    """Bring the database up to REVISION, the newest by default. The server must be stopped.

    A site that has tables is backed up first, into `backups` of its data folder. `python wsgi.py` does all this by
    itself; other servers need it before they start.
    """
    data = settings_of_site().data
    with stopped(data):
        if revision == "head" and service.present() == revisions.newest():
            click.echo("The database is up to date.")
            return
        service.bring_up(revision, data=data, now=now(), steps=progress, tell=click.echo)


@click.command("downgrade", cls=Command, context_settings={"ignore_unknown_options": True})
@click.argument("revision", default="-1")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def downgrade_command(revision: str, yes: bool) -> None:
    """Take the database back to an older REVISION, by default the one before. The server must be stopped.

    It is backed up first, into `backups` of the data folder. What the older version has no place for is erased; for
    `base` that is everything. To go back to an older version of the program, restore a backup of that time instead.
    """
    data = settings_of_site().data
    with stopped(data):
        require_site()
        present = service.present()
        lost = "everything: people, banks, every answer" if revision == "base" else "what it has no place for"
        if not yes:
            click.confirm(
                f"The site in {data} is at revision {present}. To take it back to {revision} erases {lost}. Go on?",
                abort=True,
            )
        service.bring_down(revision, data=data, now=now(), steps=progress, tell=click.echo)
