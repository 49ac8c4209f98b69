"""The commands as an administrator types them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import URL

from quizapp.config import Settings
from quizapp.upkeep import service
from quizapp.upkeep.presence import running
from quizapp.upkeep.record import Backup, last_backup
from tests.conftest import site_in
from tests.factories.accounts import create_learner
from tests.factories.memory import create_cards, drill
from tests.upkeep.conftest import silent


@pytest.fixture
def site(make_app: Callable[..., Flask]) -> Flask:
    """A site with one answer."""
    app = make_app()
    with app.app_context():
        drill(create_learner(), create_cards()[0])
    return app


def data_of(site: Flask) -> Path:
    settings: Settings = site.extensions["settings"]
    return settings.data


def run(site: Flask, *command: str) -> Result:
    return site.test_cli_runner().invoke(args=command)


def test_a_backup_into_a_folder_gets_a_name_with_its_date_and_says_what_it_holds(
    site: Flask, tmp_path: Path
) -> None:
    done = run(site, "backup", str(tmp_path))
    assert done.exit_code == 0, done.output
    [file] = tmp_path.glob("quizapp-*Z.sqlite3")
    assert re.search(r"^review +1 rows  [0-9a-f]{16}$", done.output, re.MULTILINE)
    assert f"Saved and verified: {file}, " in done.output
    assert f"Not in it: the secret key ({data_of(site) / 'secret_key'})" in done.output
    with site.app_context():
        assert service.verify(file, silent).tallies["review"].rows == 1
    backup = last_backup(data_of(site))
    assert isinstance(backup, Backup)
    assert backup.file == file


def test_a_file_that_exists_is_replaced_only_if_told(site: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    assert run(site, "backup", str(file)).exit_code == 0
    again = run(site, "backup", str(file))
    assert (again.exit_code, "--replace" in again.output) == (1, True)
    assert run(site, "backup", str(file), "--replace").exit_code == 0


def test_the_sites_own_files_are_never_replaced(site: Flask) -> None:
    for name in ("quizapp.sqlite3", "quizapp.sqlite3.gate", "new.sqlite3"):
        refused = run(site, "backup", "--replace", str(data_of(site) / name))
        assert refused.exit_code == 1
        assert "belongs to the site itself" in refused.output
    assert run(site, "backup", f"{data_of(site)}/backups").exit_code == 0


def test_a_backup_that_cannot_be_noted_is_saved_all_the_same(site: Flask, tmp_path: Path) -> None:
    (data_of(site) / "last_backup.json").mkdir()  # as good as a full disk
    done = run(site, "backup", str(tmp_path / "a.sqlite3"))
    assert done.exit_code == 0
    assert "Warning: the backup is saved, but the site will not know of it." in done.stderr
    assert f"Saved and verified: {tmp_path / 'a.sqlite3'}, " in done.stdout


@pytest.mark.sqlite_only("on PostgreSQL a backup goes into an empty database")
def test_restoring_says_what_became_of_the_former_database_and_how_to_go_back(
    site: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "a.sqlite3"
    run(site, "backup", str(file))
    done = run(site, "restore", str(file))
    assert done.exit_code == 0, done.output
    [kept] = data_of(site).glob("quizapp.replaced-*.sqlite3")
    assert f"Restored and verified: {file}" in done.output
    assert f"To go back to it: flask --app wsgi restore {kept}\n" in done.output
    assert run(site, "restore", str(kept)).exit_code == 0


def test_copying_shows_both_sides(site: Flask, empty: URL) -> None:
    done = run(site, "copy-to", empty.render_as_string(hide_password=False))
    assert done.exit_code == 0, done.output
    assert re.search(r"^review +1 rows  ([0-9a-f]{16}) +1 rows  \1$", done.output, re.MULTILINE)
    assert "Every table holds the same here and there." in done.output


@pytest.mark.parametrize(
    "command",
    [("backup", "{}/a.sqlite3"), ("copy-to", "sqlite:///{}/b.sqlite3"), ("db", "downgrade")],
    ids=" ".join,
)
def test_where_there_is_no_site_this_is_told_and_nothing_is_made(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    data = tmp_path / "wrong"
    data.mkdir()
    address = "sqlite:///{}"
    with site_in(data, database_url=address.format(data / "quizapp.sqlite3")) as wrong:
        before = set(data.iterdir())
        refused = run(wrong, *(word.format(tmp_path) for word in command))
        assert refused.exit_code == 1
        assert f"Error: There is no site in {data}. Is QUIZAPP_DATA set?" in refused.output
        assert set(data.iterdir()) - before <= {data / "running"}
        assert set(tmp_path.iterdir()) == {data}


def test_a_database_without_tables_is_no_site(tmp_path: Path, empty: URL) -> None:
    data = tmp_path / "wrong"
    data.mkdir()
    with site_in(data, database_url=empty.render_as_string(hide_password=False)) as wrong:
        run(wrong, "users", "list")
        for command in (("backup", f"{tmp_path}/a.sqlite3"), ("copy-to", f"sqlite:///{tmp_path}/b.sqlite3")):
            refused = run(wrong, *command)
            assert refused.exit_code == 1
            assert "Error: There is no site in " in refused.output
            assert "Are QUIZAPP_DATA and QUIZAPP_DATABASE_URL set?" in refused.output
        assert "names another place" in run(wrong, "users", "list").output


@pytest.mark.parametrize("command", [("restore", "a.sqlite3"), ("copy-to", "sqlite:///b.sqlite3")])
def test_nothing_is_restored_or_moved_under_a_running_server(site: Flask, command: tuple[str, str]) -> None:
    with running(data_of(site)):
        refused = run(site, *command)
    assert refused.exit_code == 1
    assert f"Error: quizapp is running on {data_of(site)}. Stop it first" in refused.output


def test_a_backup_can_be_made_under_a_running_server(site: Flask, tmp_path: Path) -> None:
    with running(data_of(site)):
        assert run(site, "backup", str(tmp_path / "a.sqlite3")).exit_code == 0
