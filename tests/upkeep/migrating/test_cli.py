"""`flask db upgrade` and `downgrade`: saved first, asked for, and never under a running server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import inspect, text

from quizapp.config import Settings
from quizapp.db import db
from quizapp.upkeep import service
from quizapp.upkeep.presence import running
from quizapp.upkeep.record import last_backup
from tests.conftest import site_in
from tests.factories.accounts import create_learner
from tests.factories.memory import create_cards, drill
from tests.server import Server
from tests.upkeep.conftest import silent


@pytest.fixture
def site(make_app: Callable[..., Flask]) -> Flask:
    """A site with one answer."""
    app = make_app()
    with app.app_context():
        drill(create_learner(), create_cards()[0])
        db.session.remove()
    return app


def data_of(site: Flask) -> Path:
    settings: Settings = site.extensions["settings"]
    return settings.data


def run(site: Flask, *command: str, typed: str | None = None) -> Result:
    return site.test_cli_runner().invoke(args=command, input=typed)


def saved(site: Flask, pattern: str) -> int:
    """Return how many answers are in the one backup that was made."""
    [file] = (data_of(site) / "backups").glob(pattern)
    with site.app_context():
        return service.verify(file, silent).tallies["review"].rows


def answers(site: Flask) -> int | None:
    with site.app_context(), closing(db.engine.connect()) as connection:
        return connection.scalar(text("SELECT count(*) FROM review"))


def test_an_older_schema_is_asked_for_and_everything_is_saved_before(site: Flask) -> None:
    refused = run(site, "db", "downgrade", "base", typed="n\n")
    assert refused.exit_code == 1
    assert "erases everything: people, banks, every answer. Go on?" in refused.output
    assert answers(site) == 1
    done = run(site, "db", "downgrade", "base", typed="y\n")
    assert done.exit_code == 0, done.output
    assert f"Backup before migrating: {data_of(site) / 'backups'}/before-downgrade-" in done.output
    assert saved(site, "before-downgrade-*") == 1


def test_one_step_down_and_up_again_keeps_every_answer_and_a_backup_of_each_time(site: Flask) -> None:
    assert run(site, "db", "downgrade", "--yes").exit_code == 0
    assert run(site, "db", "upgrade").exit_code == 0
    assert answers(site) == saved(site, "before-downgrade-*") == saved(site, "before-0*") == 1
    assert "The database is up to date." in run(site, "db", "upgrade").output


def test_a_backup_before_migrating_is_not_taken_for_one_that_somebody_made(site: Flask) -> None:
    run(site, "db", "downgrade", "--yes")
    assert last_backup(data_of(site)) is None


@pytest.mark.parametrize("command", ["upgrade", "downgrade"])
def test_no_table_is_changed_under_a_running_server(site: Flask, command: str) -> None:
    with running(data_of(site)):
        refused = run(site, "db", command)
    assert refused.exit_code == 1
    assert f"Error: quizapp is running on {data_of(site)}. Stop it first" in refused.output


def test_a_new_site_is_made_without_a_backup_and_is_its_owners_alone(tmp_path: Path) -> None:
    data = tmp_path / "new"
    data.mkdir()
    with site_in(data) as new:
        done = run(new, "db", "upgrade")
        assert done.exit_code == 0, done.output
        assert answers(new) == 0
        assert not (data / "backups").exists()
        public = [path.name for path in data.glob("quizapp.*") if path.stat().st_mode & 0o077]
        assert public == []


def test_what_is_left_of_a_site_is_no_new_one(site: Flask) -> None:
    run(site, "db", "downgrade", "base", "--yes")
    refused = run(site, "db", "upgrade")
    assert refused.exit_code == 1
    assert "its tables were removed" in refused.output
    with site.app_context():
        assert not inspect(db.engine).has_table("review")


def test_the_server_does_not_start_on_what_is_left_of_a_site(tmp_path: Path) -> None:
    server = Server(tmp_path / "site")
    assert server.flask("db", "upgrade").returncode == 0
    assert server.flask("db", "downgrade", "base", "--yes").returncode == 0
    server.start()
    assert server.ended() == 1
    assert "its tables were removed (flask db downgrade base does so, after a backup)" in server.printed
    assert "Nothing was changed. Restore the newest backup" in server.printed
