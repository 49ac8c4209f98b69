"""A site that may not read or write what it needs is refused with a sentence that names it, and stays as it was.

Permissions do not bind root: where the suite runs as root, the program is started without the capabilities that
lift them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server import PATIENCE_SECONDS, ROOT, Server

FOLDER = "Name a folder that quizapp may write to."
REMEDY = "Put that right, then start again."
PASSING = {
    "running",
    "quizapp.sqlite3-shm",
    "quizapp.sqlite3-wal",
}  # what says nothing of what the site holds


@pytest.fixture
def site(sound: Path, tmp_path: Path, launcher: tuple[str, ...]) -> Iterator[Server]:
    """A copy of it, about to be started."""
    site = Server(Path(shutil.copytree(sound, tmp_path / "parent" / "site")), launcher=launcher)
    yield site
    if site.process.poll() is None:
        site.kill()
    for folder in (site.data.parent, site.data):
        if folder.exists():
            folder.chmod(0o700)  # so that it can be tidied up


def read_only_folder(data: Path) -> Path:
    for path in (*data.rglob("*"), data):
        path.chmod(0o500 if path.is_dir() else 0o400)
    return data / "running"


def new_read_only_folder(data: Path) -> Path:
    shutil.rmtree(data)
    data.mkdir(mode=0o500)
    return data / "secret_key"


def new_folder_in_a_read_only_one(data: Path) -> Path:
    shutil.rmtree(data)
    data.parent.chmod(0o500)
    return data


def read_only_folder_at_an_upgrade(data: Path) -> Path:
    shutil.rmtree(data / "static")
    (data / "static").mkdir(mode=0o500)
    return data / "static"


def folder_that_is_closed(data: Path) -> Path:
    data.chmod(0)
    return data / "secret_key"


def file_instead(data: Path) -> Path:
    shutil.rmtree(data)
    data.write_text("These are notes.\n")
    return data


def closed(name: str, mode: int = 0) -> Callable[[Path], Path]:
    def close(data: Path) -> Path:
        (data / name).chmod(mode)
        return data / name

    return close


def state(data: Path) -> dict[str, tuple[int, int, int]]:
    """Return what tells whether a file was changed, of each that lies there; needs no right to read it."""
    paths = (path for path in (data, *data.rglob("*")) if path.is_file() and path.name not in PASSING)
    return {str(path): ((found := path.stat()).st_ino, found.st_size, found.st_mtime_ns) for path in paths}


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        pytest.param(read_only_folder, "Permission denied", id="read-only"),
        pytest.param(new_read_only_folder, FOLDER, id="read-only and new"),
        pytest.param(new_folder_in_a_read_only_one, FOLDER, id="to be made in a read-only one"),
        pytest.param(read_only_folder_at_an_upgrade, "Permission denied", id="read-only at an upgrade"),
        pytest.param(folder_that_is_closed, FOLDER, id="closed"),
        pytest.param(file_instead, FOLDER, id="a file"),
        pytest.param(closed("secret_key"), FOLDER, id="key"),
        pytest.param(closed("quizapp.sqlite3"), REMEDY, id="database"),
        pytest.param(closed("quizapp.sqlite3", 0o400), REMEDY, id="read-only database"),
        pytest.param(closed("quizapp.sqlite3.gate", 0o400), REMEDY, id="gate"),
    ],
)
def test_what_may_not_be_used_is_named_and_left_alone(
    site: Server, spoil: Callable[[Path], Path], told: str
) -> None:
    named, before = spoil(site.data), state(site.data)
    site.start()
    assert site.ended() == 1, site.printed
    assert str(named) in site.printed
    assert told in site.printed
    assert "Traceback" not in site.printed
    assert "/link/" not in site.printed
    assert state(site.data) == before


def test_once_it_may_be_used_the_same_site_starts(site: Server) -> None:
    database = closed("quizapp.sqlite3")(site.data)
    site.start()
    assert site.ended() == 1
    database.chmod(0o600)
    site.start_and_wait()
    assert "Baclofen" in site.page("/")
    assert site.stop() == 0


@pytest.mark.parametrize(
    ("kept", "named"), [((), "secret_key"), (("secret_key",), "static")], ids=["new", "upgrade"]
)
def test_a_disk_that_takes_nothing_more_is_told_with_the_place(
    sound: Path, tmp_path: Path, kept: tuple[str, ...], named: str
) -> None:
    """Here no file may grow; what is printed goes into a pipe."""
    for name in kept:
        shutil.copy(sound / name, tmp_path)
    ended = subprocess.run(
        ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", sys.executable, "wsgi.py"],
        cwd=ROOT,
        env={**os.environ, "QUIZAPP_DATA": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        text=True,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ended.returncode == 1
    assert str(tmp_path / named) in ended.stderr
    assert "File too large" in ended.stderr
    assert "None" not in ended.stderr
    assert "Traceback" not in ended.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == list(kept)
