"""Where a backup is put, and what it may not be put over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from quizapp.errors import Conflict, StorageUnavailable
from quizapp.upkeep.places import place, surplus

AT = dt.datetime(2026, 3, 3, 3, 30, tzinfo=dt.UTC)
DATED = "quizapp-20260303T033000Z.sqlite3"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    return folder


def placed(named: str, data: Path) -> Path:
    return place(named, data=data, database=data.parent / "disk" / "site.sqlite3", now=AT)


def test_a_name_is_taken_as_it_is_and_a_folder_gets_a_file_with_the_date(data: Path) -> None:
    outside = data.parent
    assert placed(f"{outside}/a.sqlite3", data) == outside / "a.sqlite3"
    assert placed(str(outside), data) == outside / DATED


def test_a_slash_at_the_end_means_a_folder_which_is_made_for_its_owner_alone(data: Path) -> None:
    new = data.parent / "new"
    assert placed(f"{new}/", data) == new / DATED
    assert new.stat().st_mode & 0o777 == 0o700
    with pytest.raises(StorageUnavailable, match="x/y cannot be made: No such file or directory"):
        placed(f"{data.parent}/x/y/", data)


def test_in_the_data_folder_backups_have_a_folder_of_their_own(data: Path) -> None:
    assert placed(f"{data}/backups", data) == data / "backups" / DATED
    assert placed(f"{data}/backups/a.sqlite3", data) == data / "backups" / "a.sqlite3"


@pytest.mark.parametrize(
    "named",
    [
        "data",
        "data/quizapp.sqlite3",
        "data/last_backup.json",
        "data/backups/../secret_key",
        "link/running",
        *(f"disk/site.sqlite3{side}" for side in ("", "-wal", "-shm", "-journal", ".gate")),
    ],
)
def test_no_backup_goes_over_the_sites_own_files_or_among_them(data: Path, named: str) -> None:
    with pytest.raises(Conflict, match="belongs to the site itself, or would lie among its files"):
        placed(f"{data.parent}/{named}", data)


def test_of_what_lies_in_a_folder_only_the_oldest_dated_backups_are_too_many(tmp_path: Path) -> None:
    dated = [tmp_path / f"quizapp-2026030{day}T033000Z.sqlite3" for day in range(1, 6)]
    for path in dated:
        path.touch()
    for other in (
        "quizapp-20260301.sqlite3",
        "quizapp-20260301T033000Z.sqlite3.gz",
        "before-0004.sqlite3",
        "notes",
    ):
        (tmp_path / other).touch()
    (tmp_path / "quizapp-20250101T000000Z.sqlite3").symlink_to(tmp_path / "notes")
    (tmp_path / "quizapp-20250102T000000Z.sqlite3").mkdir()
    assert surplus(tmp_path, 2, made=dated[4]) == dated[:3]
    assert surplus(tmp_path, 1, made=dated[0]) == dated[1:], (
        "the one just made stays, whatever the clock said"
    )
    assert surplus(tmp_path, 5, made=dated[4]) == surplus(tmp_path, 9, made=dated[4]) == []
