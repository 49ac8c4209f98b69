"""Runs migrations on the app's own engine, or on the connection that the caller hands over and commits.

SQLite rebuilds a table to alter it; with foreign keys enforced, dropping the old copy would cascade into histories.
Enforcement is therefore off outside the transaction and checked before it is turned on again.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from quizapp.db import Day, UtcTime, take_turns

migrate = current_app.extensions["migrate"]
engine = migrate.db.engine


def render_item(kind, thing, autogen_context):
    """Write our column types by what they are in the database, so that old migrations need none of our code."""
    if kind == "type" and isinstance(thing, UtcTime):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(thing, Day):
        return "sa.Integer()"
    return False


def migrate_on(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=migrate.db.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            take_turns(connection, "migrations")  # of two that start at once, the second finds it done
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration left dangling references: {broken[:5]}")


def run() -> None:
    if (given := context.config.attributes.get("connection")) is not None:
        migrate_on(given)  # where it is SQLite, its owner has left foreign keys unenforced
        return
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(writes=True) as connection:
        raw = connection.connection.dbapi_connection
        if sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():  # ours, or Alembic would commit before the check of references
                migrate_on(connection)
        finally:
            if sqlite:
                raw.execute("PRAGMA foreign_keys=ON")


run()
