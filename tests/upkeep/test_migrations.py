"""Migrations on a database with rows in every table, down and up again; and that they build what the models say.

Down to 0001 every row stays: what later versions add to it guards and orders rows, and what they drop from it can be
had from other rows. Further down there are no tables, so nothing can stay; `python wsgi.py` never goes down, and makes
a backup before it goes up.
"""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from quizapp.db import db
from quizapp.upkeep import queries
from quizapp.upkeep.copying import service
from quizapp.upkeep.copying.service import alembic_for, migrate, transaction
from quizapp.upkeep.tally import Tallies, differing
from tests.upkeep.conftest import silent

FIRST = "0001"


@pytest.fixture
def copy(filled: Flask, empty: URL) -> URL:
    """The address of a copy of a filled site, of each engine."""
    service.copy_to(empty.render_as_string(hide_password=False), silent)
    return empty


def held(connection: Connection) -> Tallies:
    return queries.tallies(connection, queries.layout(connection).tables, silent, "")


def tell(connection: Connection) -> tuple[Tallies, list[object]]:
    """Return what the tables hold, and in what they differ from the models."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return held(connection), compare_metadata(context, db.metadata)


def test_down_to_the_first_tables_and_up_again_every_row_and_the_whole_history_stay(copy: URL) -> None:
    with transaction(copy) as connection:
        before, differences = tell(connection)
        assert differences == []
        command.downgrade(alembic_for(connection), FIRST)
        assert queries.revision(connection) == FIRST
        assert differing(before, held(connection)) == ["item"]
        stems = text("SELECT count(*) FROM item JOIN card ON card.id = item.card_id AND prompt = stem")
        assert connection.scalar(stems) == before["item"].rows
    with transaction(copy) as connection:
        migrate(connection, "head")
        assert tell(connection) == (before, [])
    with pytest.raises(DBAPIError, match="append-only"), transaction(copy) as connection:
        connection.execute(text("UPDATE response SET fraction = 0"))


def test_below_the_first_tables_nothing_is_left_and_from_there_all_is_built_again(copy: URL) -> None:
    with transaction(copy) as connection:
        command.downgrade(alembic_for(connection), "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    with transaction(copy) as connection:
        migrate(connection, "head")
        found, differences = tell(connection)
    assert differences == []
    assert {tally.rows for tally in found.values()} == {0}


def test_a_migration_that_fails_changes_nothing(copy: URL) -> None:
    with transaction(copy) as connection:
        before = held(connection)
        command.downgrade(alembic_for(connection), FIRST)
        connection.execute(text("CREATE TABLE guard (id INTEGER)"))
        connection.execute(text(OBSTACLE[connection.dialect.name]))
    with pytest.raises(DBAPIError, match="already exists"), transaction(copy) as connection:
        migrate(connection, "head")
    with transaction(copy) as connection:
        assert queries.revision(connection) == FIRST
        assert differing(before, held(connection)) == ["guard", "item"]


OBSTACLE = {  # what the last statements of 0002 make
    "sqlite": "CREATE TRIGGER attempt_item_no_replace AFTER INSERT ON guard BEGIN SELECT 1; END",
    "postgresql": "CREATE TRIGGER attempt_item_no_delete BEFORE DELETE ON attempt_item"
    " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
}


@pytest.mark.sqlite_only("it does not check references when it commits")
def test_a_migration_that_leaves_a_reference_to_nothing_is_taken_back(
    filled: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with db.engine.connect() as connection:
        before = held(connection)
    db.session.remove()
    downgrade(revision=FIRST)
    with db.engine.connect().execution_options(writes=True) as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        connection.execute(text("UPDATE problem_report SET note_id = 999"))
        connection.commit()
        raw.execute("PRAGMA foreign_keys=ON")
    with pytest.raises(SystemExit):
        upgrade()  # without the backup before it, which would refuse this already
    assert "the migration left dangling references: [('problem_report'" in caplog.text
    with db.engine.connect() as connection:
        assert queries.revision(connection) == FIRST
        assert held(connection)["review"] == before["review"]


def test_what_the_program_checks_of_its_own_tables_agrees(filled: Flask) -> None:
    done = filled.test_cli_runner().invoke(args=["db", "check"])
    assert done.exit_code == 0, done.output
