"""Backups of the whole site, one verified file of SQLite each, and putting one back."""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, NullPool, create_engine, text
from sqlalchemy.exc import DatabaseError

from quizapp.db import GATE_SECONDS, db
from quizapp.errors import Conflict, NotFound, StorageUnavailable
from quizapp.gate import WriteGate
from quizapp.upkeep import files, queries, revisions
from quizapp.upkeep.copying.service import copy_rows, migrate, refuse_filled, snapshot, transaction
from quizapp.upkeep.record import Backup
from quizapp.upkeep.tally import HISTORY, Steps, Tallies, differing

PAGES_AT_ONCE = 2000
_DEFINITIONS = "the schema"  # among the names of tables


class Unsound(Conflict):
    """A file is no backup that could be put back, or not what it should be; the message says why."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A file that is a sound database of this program, and what it holds: as it was saved, if it is `sealed`."""

    revision: str
    tables: queries.Tables
    tallies: Tallies
    sealed: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, the revision of its tables now, and under which name the former database is kept."""

    backup: Verified
    revision: str
    kept: Path | None


def own_file() -> Path | None:
    """Return where the site's database is, None where it is none of SQLite."""
    return Path(str(db.engine.url.database)).absolute() if db.engine.dialect.name == "sqlite" else None


def require_site() -> None:
    """Raise NotFound where there is no site: nothing is made in its place."""
    file = own_file()
    where = f"in {file.parent}" if file else "in the database"
    if file is not None and not file.exists():
        raise NotFound(f"There is no site {where}. Is QUIZAPP_DATA set?")
    with db.engine.connect() as connection:
        if queries.revision(connection) is None:
            raise NotFound(f"There is no site {where}. Are QUIZAPP_DATA and QUIZAPP_DATABASE_URL set?")


def back_up(file: Path, *, now: dt.datetime, steps: Steps, replace: bool = False) -> tuple[Backup, Verified]:
    """Write what the site holds at this moment to `file`, while learners answer; return what it holds.

    The file appears when it was read back and found sound and equal. Raises NotFound where there is no site, Conflict
    where the file exists and is not to be replaced, StorageUnavailable where it cannot be written.
    """
    require_site()
    with files.whole(file, replace=replace) as partial:
        with snapshot() as source:
            here = queries.tallies(source, queries.layout(source).tables, steps, "Reading")
            if source.dialect.name == "sqlite":
                _copy_pages(source.connection.dbapi_connection, partial, steps)
            else:
                with transaction(_address(partial)) as target:
                    copy_rows(source, target, steps)
        _seal(partial, here)
        found = verify(partial, steps)
    return Backup(file, file.stat().st_size, now), found


def verify(file: Path, steps: Steps) -> Verified:
    """Read a backup through and return what it holds.

    Raises Unsound unless it is whole, has the tables that this program made at its revision, and they hold what was
    saved. A backup of an older version may not say what that was.
    """
    if file.is_dir():
        raise Unsound(f"{file} is a folder. Name one of the backups in it.")
    if not file.is_file():
        raise Unsound(f"There is no file {file}.")
    try:
        with _reading(file) as connection:
            revision = queries.revision(connection)
            if revision is None:
                raise Unsound(f"{file} is no backup of quizapp.")
            if revision not in revisions.known():
                raise Unsound(
                    f"A newer version of quizapp has made {file} (schema {revision}). Restore it with that one."
                )
            if damage := queries.damage(connection):
                raise Unsound(f"{file} is damaged: {damage}.")
            tables = queries.layout(connection).tables
            if differs := _unlike(revision, tables, queries.guards(connection)):
                raise Unsound(f"{file} is no whole site of schema {revision}: look at {', '.join(differs)}.")
            tallies = queries.tallies(connection, tables, steps, "Verifying")
            if (saved := queries.sealed(connection)) is not None:
                found = {**tallies, _DEFINITIONS: queries.definitions(connection)}
                if differs := differing(saved, found):
                    raise Unsound(f"{file} is damaged: not as it was saved is {', '.join(differs)}.")
            return Verified(revision, tables, tallies, saved is not None)
    except DatabaseError as error:
        raise Unsound(f"{file} is no sound database: {error.orig}.") from error


def _seal(partial: Path, held: Tallies) -> None:
    """Write into a backup what the site held in each table, and how the backup defines them."""
    with transaction(_address(partial)) as connection:
        _break_seal(connection)
        connection.execute(
            text(
                f'CREATE TABLE {queries.SEAL} (name TEXT PRIMARY KEY, "rows" INTEGER NOT NULL, checksum TEXT NOT NULL)'
            )
        )
        saved = {**held, _DEFINITIONS: queries.definitions(connection)}
        connection.execute(
            text(f"INSERT INTO {queries.SEAL} VALUES (:name, :rows, :checksum)"),
            [{"name": name, **asdict(tally)} for name, tally in saved.items()],
        )


def _break_seal(connection: Connection) -> None:
    """Forget what a backup held: what is made of it will hold something else soon."""
    connection.execute(text(f"DROP TABLE IF EXISTS {queries.SEAL}"))


def _unlike(revision: str, tables: queries.Tables, guards: set[str]) -> list[str]:
    """Return the tables, columns and guards that should be there and are not, or the other way round.

    Guards may be more: an index that somebody has added does no harm.
    """
    with transaction(URL.create("sqlite")) as connection:
        migrate(connection, revision)
        made = queries.layout(connection).tables
        lost = queries.guards(connection) - guards
        return sorted(made.keys() ^ tables.keys() or _columns(made) ^ _columns(tables) or lost)


def _columns(tables: queries.Tables) -> set[str]:
    return {f"{table.name}.{column.name}" for table in tables.values() for column in table.columns}


def restore(file: Path, *, data: Path, now: dt.datetime, steps: Steps) -> Restored:
    """Make what `file` holds the site's database; nobody else may use that meanwhile. Nothing is lost.

    On SQLite the former database is kept under another name beside it; on others it must be empty. A backup from an
    older version is migrated. Raises Unsound for one that is damaged, foreign or newer than this program, NotCopied
    where the database must be empty and is not.
    """
    if own_file() is None:
        with db.engine.connect() as connection:
            refuse_filled(connection)
    backup = verify(file, steps)
    newest, kept = revisions.newest(), None
    db.session.remove()
    db.engine.dispose()  # the file behind its connections will be another
    if (database := own_file()) is not None:
        kept = _put_in_place(file, database, backup, newest, now=now, steps=steps)
    else:
        _put_into_empty(file, backup, newest, data=data, steps=steps)
    with db.engine.connect() as connection:
        tables = _unchanged(backup, newest)
        placed = queries.revision(connection), queries.count(connection, tables)
    if placed != (newest, sum(backup.tallies[name].rows for name in tables)):
        raise Unsound(f"The database does not hold what {file} does. What it held before: {kept}.")
    return Restored(backup, newest, kept)


def rehearse(file: Path, steps: Steps) -> Restored:
    """Do with a backup all that `restore` does before it changes anything: read it through, and migrate a copy."""
    backup, newest = verify(file, steps), revisions.newest()
    if backup.revision != newest:
        with tempfile.TemporaryDirectory() as folder:
            _prepare(file, backup, newest, Path(folder, "backup.sqlite3"), steps)
    return Restored(backup, newest, None)


def _put_in_place(
    file: Path, database: Path, backup: Verified, newest: str, *, now: dt.datetime, steps: Steps
) -> Path | None:
    """Put the backup where the site's file of SQLite is, and return the name under which that is kept, if any."""
    kept = database.with_name(f"{database.stem}.replaced-{now:%Y%m%dT%H%M%S}{database.suffix}")
    was_there = database.exists()
    with ExitStack() as held, files.whole(database, replace=True) as partial:
        _prepare(file, backup, newest, partial, steps)
        files.give_to_owner(partial)
        gate = WriteGate(Path(f"{database}.gate"))
        gate.acquire(deadline=GATE_SECONDS)
        held.callback(gate.release)
        files.keep_aside(database, kept)
        try:
            if was_there and _close(database):
                if not kept.samefile(database):
                    _close(kept)  # a copy has a log of its own
                files.remove_sides(kept)
        except StorageUnavailable:
            kept.unlink()
            files.remove_sides(kept)
            raise
        files.remove_sides(database)  # a log must not meet a database that is not its own
    return kept if was_there else None


def _put_into_empty(file: Path, backup: Verified, newest: str, *, data: Path, steps: Steps) -> None:
    """Copy the backup into the site's database, which has no tables yet."""
    with tempfile.TemporaryDirectory(dir=data) as folder:
        partial = Path(folder, "backup.sqlite3")
        _prepare(file, backup, newest, partial, steps)
        with _reading(partial) as source, db.engine.begin() as target:
            copy_rows(source, target, steps)
            _check(target, backup, newest, steps)


def _prepare(file: Path, backup: Verified, newest: str, partial: Path, steps: Steps) -> None:
    """Make `partial` a copy of the backup, migrated to the newest revision."""
    with _reading(file) as source:
        _copy_pages(source.connection.dbapi_connection, partial, steps)
    with transaction(_address(partial)) as connection:
        _break_seal(connection)
        migrate(connection, newest)
        _check(connection, backup, newest, steps)


def _check(connection: Connection, backup: Verified, newest: str, steps: Steps) -> None:
    tables = _unchanged(backup, newest)
    found = queries.tallies(connection, tables, steps, "Checking")
    if differs := differing(found, {name: backup.tallies[name] for name in tables}):
        raise Unsound(
            f"What was put back is not what the backup holds: {', '.join(differs)}. Nothing was changed."
        )


def _unchanged(backup: Verified, newest: str) -> queries.Tables:
    """Return the tables that must be as they were in the backup: all, but of an older one only the history."""
    return {
        name: table for name, table in backup.tables.items() if name in HISTORY or backup.revision == newest
    }


def _close(database: Path) -> bool:
    """Bring all of a database into its one file, and return whether it let itself be opened at all.

    Raises StorageUnavailable while another program has it open.
    """
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute(
                f"DROP TABLE IF EXISTS {queries.SEAL}"
            )  # of a backup put here by hand, and written to
    except sqlite3.OperationalError as error:
        raise StorageUnavailable(
            f"{database} is in use ({error}). Stop the server and every other program that has it open."
        ) from error
    except sqlite3.DatabaseError:
        return False
    return True


def _copy_pages(source: Any, partial: Path, steps: Steps) -> None:
    """Copy a database of SQLite as its connection sees it, which may be in the middle of a reading transaction."""
    [pages] = source.execute("PRAGMA page_count").fetchone()
    with closing(sqlite3.connect(partial)) as copy, steps("Copying", pages) as advance:
        left = pages

        def progress(_status: int, remaining: int, _total: int) -> None:
            nonlocal left
            advance(left - remaining)
            left = remaining

        try:
            source.backup(copy, pages=PAGES_AT_ONCE, progress=progress)
            copy.execute("PRAGMA journal_mode=DELETE")  # nothing beside it
        except sqlite3.Error as error:
            raise StorageUnavailable(f"The copy cannot be made: {error}.") from error


@contextmanager
def _reading(file: Path) -> Iterator[Connection]:
    """Give a file of SQLite to read, which is not written to."""
    address = f"{file.absolute().as_uri()}?mode=ro"
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool
    )
    with engine.connect() as connection:
        yield connection


def _address(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))
