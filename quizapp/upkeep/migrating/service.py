"""Bringing the site's tables to another version: saved first, and never from what is left of a site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from quizapp.db import db
from quizapp.upkeep import queries, revisions
from quizapp.upkeep.files import private
from quizapp.upkeep.places import KEPT, make_folder
from quizapp.upkeep.service import Unsound, back_up, own_file
from quizapp.upkeep.tally import Steps


class Newer(Unsound):
    """The site belongs to a newer program. Nothing is wrong with it."""


def present() -> str | None:
    """Return the revision of the site's tables, None where there is no database yet, or nothing in it.

    Raises Newer where a newer program has made them, Unsound where they are gone: an emptied site is no new one.
    """
    if (file := own_file()) is not None and not file.exists():
        return None
    with db.engine.connect() as connection:
        names, found = set(inspect(connection).get_table_names()), queries.revision(connection)
    if queries.VERSION in names and not names & db.metadata.tables.keys():
        raise Unsound(
            "there was a site in it, and its tables were removed (flask db downgrade base does so, after a backup)."
        )
    if found is not None and found not in revisions.known():
        raise Newer(
            f"a newer version of quizapp has made it (schema {found}). Run that one, or a newer still."
        )
    return found


def bring_up(
    revision: str, *, data: Path, now: dt.datetime, steps: Steps, tell: Callable[[str], object]
) -> None:
    """Bring the tables up to `revision`, with a backup first if there is anything to lose."""
    if present() is None:
        tell("Creating the database …")
        if (file := own_file()) is not None and file.exists():
            file.chmod(0o600)
    else:
        _save(f"before-{revisions.newest()}", data=data, now=now, steps=steps, tell=tell)
        tell("Migrating the database …")
    with private():
        upgrade(revision=revision)


def bring_down(
    revision: str, *, data: Path, now: dt.datetime, steps: Steps, tell: Callable[[str], object]
) -> None:
    """Take the tables back to an older `revision`, with a backup first."""
    _save("before-downgrade", data=data, now=now, steps=steps, tell=tell)
    downgrade(revision=revision)


def _save(name: str, *, data: Path, now: dt.datetime, steps: Steps, tell: Callable[[str], object]) -> None:
    file = data / KEPT / f"{name}-{now:%Y%m%dT%H%M%S}.sqlite3"
    make_folder(file.parent)
    back_up(file, now=now, steps=steps)
    tell(f"Backup before migrating: {file}")
