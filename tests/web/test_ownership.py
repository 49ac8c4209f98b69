"""What root leaves behind in the data folder of another user."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from quizapp.config import Settings

OTHER = 65534

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may make files of another user")


@pytest.fixture
def data(make_app: Callable[..., Flask]) -> tuple[Flask, Path]:
    """A site whose data folder belongs to somebody else, and that folder."""
    site = make_app()
    settings: Settings = site.extensions["settings"]
    os.chown(settings.data, OTHER, OTHER)
    return site, settings.data


def of_root(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.lstat().st_uid == 0}


@pytest.mark.parametrize(
    "command",
    [
        ("backup", "backups/"),
        ("backup", "/dev/null"),
        ("users", "code", "--uses", "3"),
        ("copy-to", "nowhere"),
    ],
    ids=" ".join,
)
def test_nothing_of_what_a_command_made_is_roots_even_where_it_failed(
    data: tuple[Flask, Path], command: tuple[str, ...]
) -> None:
    site, folder = data
    site.test_cli_runner().invoke(args=[word.replace("backups/", f"{folder}/backups/") for word in command])
    assert of_root(folder) == set()


def test_what_is_not_of_this_program_or_has_a_second_name_stays_whose_it_is(
    data: tuple[Flask, Path], tmp_path: Path
) -> None:
    site, folder = data
    (folder / "settings.env").write_text("QUIZAPP_METRICS=a-secret-of-the-machine")
    (tmp_path / "precious").write_text("precious")
    (folder / "backups").mkdir()
    (folder / "backups" / "a.sqlite3").hardlink_to(tmp_path / "precious")
    (folder / "backups" / "b.sqlite3").symlink_to(tmp_path / "precious")
    site.test_cli_runner().invoke(args=["users", "list"])
    assert of_root(folder) == {"settings.env", "a.sqlite3"}
    assert (tmp_path / "precious").stat().st_uid == 0
