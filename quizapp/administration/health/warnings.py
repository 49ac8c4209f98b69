"""What somebody who runs the site should know about, each in a sentence (Markdown) that says what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.administration.health.machine import Disk
from quizapp.config import Settings
from quizapp.limits import MIB
from quizapp.upkeep.record import Backup, Unknown

OLD_BACKUP = dt.timedelta(days=7)
LONG_WAIT = dt.timedelta(minutes=1)
LITTLE_ROOM = 1024 * MIB
USUAL_LOG, LARGE_LOG = 16 * MIB, 256 * MIB  # of SQLite: it is emptied into the file at 4000 pages
_BACK_UP = (
    "Make one each night, as the user that the site runs as, onto another machine, while it runs: "
    "`flask --app wsgi backup FOLDER`"
)
SOUND_SQLITE = (3, 51, 3)  # the first without the WAL-reset bug


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known. `waiting_since`: a job waits since then, and nobody works on any. `log`: bytes of SQLite's log."""

    settings: Settings
    engine: str
    version: str
    revision: str
    newest_revision: str | None
    backup: Backup | Unknown | None
    disk: Disk
    log: int | None
    waiting_since: dt.datetime | None
    now: dt.datetime


def warnings(facts: Facts) -> list[str]:
    """Return what needs attention, the most urgent first."""
    return [*_urgent(facts), *_of_settings(facts.settings)]


def _urgent(facts: Facts) -> Iterator[str]:
    if facts.revision != facts.newest_revision:
        yield (
            f"The database is at revision {facts.revision}, this program wants {facts.newest_revision}. "
            "Stop the site, back the database up, and run: `flask --app wsgi db upgrade`"
        )
    if facts.disk.free < LITTLE_ROOM:
        yield (
            f"Only {facts.disk.free // MIB} MiB are free on the disk of the data folder. "
            "When it is full, nothing more is saved."
        )
    if facts.log is not None and facts.log > LARGE_LOG:
        yield (
            f"The write-ahead log of the database is {facts.log // MIB} MiB large; usual are {USUAL_LOG // MIB}. It "
            "grows while another program (a shell, a copy) reads the file and does not let go: end that, then restart "
            "the site, which empties it. After one large piece of work a restart alone does."
        )
    if facts.waiting_since is not None and facts.now - facts.waiting_since > LONG_WAIT:
        yield (
            "Jobs wait and nobody does them. Start a runner beside the server: "
            "`flask --app wsgi jobs run` (`python wsgi.py` starts one by itself)."
        )
    if facts.engine == "SQLite" and _numbers(facts.version) < SOUND_SQLITE:
        yield (
            f"SQLite {facts.version} can lose saved rows when two programs write and checkpoint one database at the "
            "same time. This program takes turns and is safe; let no other one (replication, a shell) write to the "
            "file before SQLite 3.51.3 is installed."
        )
    if facts.engine == "SQLite" and facts.backup is None:
        yield f"No backup was ever made. {_BACK_UP}"
    elif isinstance(facts.backup, Unknown):
        yield f"When the last backup was made is unknown: {facts.backup.why}. {_BACK_UP}"
    elif facts.backup is not None and facts.now - facts.backup.made_at > OLD_BACKUP:
        yield f"The last backup is {(facts.now - facts.backup.made_at).days} days old. {_BACK_UP}"


def _of_settings(settings: Settings) -> Iterator[str]:
    if settings.registration == "open" and not settings.hosts:
        yield (
            "Anybody may register, and the site answers to any host name. "
            "Set `QUIZAPP_HOSTS` to its name, so that links in mails cannot be made to lead elsewhere."
        )
    if settings.mail_url is None:
        yield (
            "No mail server is set (`QUIZAPP_MAIL_URL`). Who forgets a password needs a link from you: "
            "open their user page and make one."
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
