"""What the database tells about itself."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from quizapp.db import db

# engine → (its name, its version, the size of the database in bytes)
_ENGINES = {
    "sqlite": (
        "SQLite",
        "SELECT sqlite_version()",
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    ),
    "postgresql": (
        "PostgreSQL",
        "SELECT current_setting('server_version')",
        "SELECT pg_database_size(current_database())",
    ),
}


@dataclass(frozen=True, slots=True)
class Database:
    """The database behind this site; `size` is in bytes, `revision` that of its tables."""

    engine: str
    version: str
    size: int
    revision: str


def database() -> Database:
    """Return what engine this is, how much it holds and how far it was migrated."""
    engine, version, size = _ENGINES[db.engine.dialect.name]
    asked = (version, size, "SELECT version_num FROM alembic_version")
    told, bytes_, revision = (db.session.scalars(text(statement)).one() for statement in asked)
    return Database(engine, told, bytes_, revision)
