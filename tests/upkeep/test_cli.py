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
from tests.server import Server
from tests.upkeep.conftest import execute, migrate_down, silent, sqlite_at


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


def address_of(site: Flask) -> str:
    settings: Settings = site.extensions["settings"]
    return settings.database_url


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


def test_a_quiet_backup_says_nothing_when_all_is_well(site: Flask, tmp_path: Path) -> None:
    done = run(site, "backup", "--quiet", str(tmp_path / "a.sqlite3"))
    assert (done.exit_code, done.output) == (0, "")
    again = run(site, "backup", "--quiet", str(tmp_path / "a.sqlite3"))
    assert again.exit_code == 1
    assert "exists already" in again.stderr


def test_old_backups_are_removed_from_a_folder_when_the_new_one_is_saved(site: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    old = [folder / f"quizapp-2025010{day}T000000Z.sqlite3" for day in (1, 2)]
    for path in (*old, folder / "notes"):
        path.touch()
    refused = run(site, "backup", "--keep", "2", str(folder / "a.sqlite3"))
    assert (refused.exit_code, "--keep wants a folder" in refused.output) == (2, True)
    done = run(site, "backup", "--keep", "2", str(folder))
    assert f"Removed: {old[0]}\n" in done.output
    assert not old[0].exists()
    assert old[1].exists()
    assert len(list(folder.iterdir())) == 3


def test_whether_a_backup_can_be_restored_is_found_out_while_the_site_runs(
    site: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "a.sqlite3"
    run(site, "backup", str(file))
    with running(data_of(site)):
        done = run(site, "restore", "--dry-run", str(file))
        assert done.exit_code == 0, done.output
        assert f"Verified, and not restored: {file}, schema " in done.output
        with site.app_context():
            execute(file, "DROP TABLE backup_checksum")
            migrate_down(sqlite_at(file), "0001")
        older = run(site, "restore", "--dry-run", str(file))
        assert ", migrated from 0001. It was made before checksums were kept" in older.output
        execute(file, "UPDATE alembic_version SET version_num = '9999'")
        assert run(site, "restore", "--dry-run", str(file)).exit_code == 1
    assert list(data_of(site).glob("*.replaced-*")) == []


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


def test_a_site_that_another_kind_of_server_has_open_is_not_copied(
    site: Flask, tmp_path: Path, empty: URL
) -> None:
    address = empty.render_as_string(hide_password=False)
    with site_in(data_of(site), database_url=address_of(site)) as other:
        other.test_client().get("/readyz")  # as under gunicorn, its connection stays
        refused = run(site, "copy-to", address)
        assert refused.exit_code == 1
        assert "Error: The site is in use (" in refused.output
    assert run(site, "copy-to", address).exit_code == 0


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
def test_a_copy_in_a_file_is_its_owners_alone(site: Flask, empty: URL) -> None:
    assert run(site, "copy-to", empty.render_as_string(hide_password=False)).exit_code == 0
    assert Path(empty.database or "").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("command", [("restore", "a.sqlite3"), ("copy-to", "sqlite:///b.sqlite3")])
def test_nothing_is_restored_or_moved_under_a_running_server(site: Flask, command: tuple[str, str]) -> None:
    with running(data_of(site)):
        refused = run(site, *command)
    assert refused.exit_code == 1
    assert f"Error: quizapp is running on {data_of(site)}. Stop it first" in refused.output


@pytest.mark.parametrize(
    "command", [("restore", "a.sqlite3"), ("copy-to", "sqlite:///b.sqlite3"), ("db", "upgrade")]
)
def test_where_the_data_folder_cannot_be_written_this_is_told(site: Flask, command: tuple[str, ...]) -> None:
    (data_of(site) / "running").mkdir()
    refused = run(site, *command)
    assert refused.exit_code == 1
    assert (
        f"Error: Whether quizapp is running cannot be told: {data_of(site) / 'running'}: Is a dir"
        in refused.output
    )


@pytest.mark.sqlite_only("the tests' own PostgreSQL listens in a folder of root")
def test_a_backup_without_permission_ends_with_a_sentence(
    site: Flask, launcher: tuple[str, ...], tmp_path: Path
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0)
    administrator = Server(data_of(site), launcher=launcher)
    for place in (f"{locked}/a.sqlite3", f"{locked}/new/", str(locked)):
        refused = administrator.flask("backup", place)
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr
        assert refused.stderr.splitlines()[-1].startswith("Error: ")
        assert refused.stderr.splitlines()[-1].endswith("Permission denied.")
    locked.chmod(0o700)  # so that it can be tidied up


def test_a_backup_can_be_made_under_a_running_server(site: Flask, tmp_path: Path) -> None:
    with running(data_of(site)):
        assert run(site, "backup", str(tmp_path / "a.sqlite3")).exit_code == 0
