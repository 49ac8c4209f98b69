"""`python wsgi.py` as a new user runs it: from nothing to a page, and back down."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60


@dataclass
class Served:
    """A running site: its address, its process, and what it printed once it has stopped."""

    address: str
    process: subprocess.Popen[str]
    printed: str = ""

    def page(self, path: str) -> str:
        with urllib.request.urlopen(f"{self.address}{path}", timeout=10) as answer:
            return str(answer.read().decode())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path, port: int) -> subprocess.Popen[str]:
    environ = {**os.environ, "QUIZAPP_DATA": str(data), "QUIZAPP_PORT": str(port)}
    return subprocess.Popen(
        [sys.executable, "wsgi.py"],
        cwd=ROOT,
        env=environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@contextmanager
def served(data: Path) -> Iterator[Served]:
    port = free_port()
    site = Served(f"http://127.0.0.1:{port}", start(data, port))
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                site.page("/readyz")
                break
            except OSError:
                assert site.process.poll() is None, site.process.communicate()[0]
                assert time.monotonic() < until, "it did not come up"
                time.sleep(0.1)
        yield site
    finally:
        site.process.send_signal(signal.SIGINT)
        site.printed = site.process.communicate(timeout=PATIENCE_SECONDS)[0]


def test_the_program_sets_itself_up_serves_stops_cleanly_and_starts_again(tmp_path: Path) -> None:
    with served(tmp_path) as first:
        assert "Start drilling" in first.page("/")
    assert first.process.returncode == 0
    assert "Published: baclofen-vs-flexeril.yaml, dosing.yaml, history.yaml" in first.printed
    assert re.search(rf"First administrator .*: {first.address}/link/[\w-]+", first.printed)
    assert (tmp_path / "running").read_text() == ""
    with served(tmp_path) as second:
        assert "Baclofen – withdrawal" in second.page("/")
    assert "Published:" not in second.printed


def runners(server: int) -> list[int]:
    """Return the processes that `server` started to do jobs."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:  # it has ended meanwhile
            continue
        if b"jobs" in words and int(parent) == server:
            found.append(int(folder.name))
    return found


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.1)
    return condition()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
def test_jobs_are_done_beside_the_server_by_a_runner_that_outlives_neither(tmp_path: Path) -> None:
    with served(tmp_path) as site:
        server = site.process.pid
        assert within(PATIENCE_SECONDS, lambda: len(runners(server)) == 1)
        [first] = runners(server)
        os.kill(first, signal.SIGKILL)
        assert within(PATIENCE_SECONDS, lambda: runners(server) not in ([], [first]))
        [second] = runners(server)
        database = sqlite3.connect(tmp_path / "quizapp.sqlite3")
        database.execute(
            "INSERT INTO job (code, kind, title, arguments, state, tries, done, total, message, created_at)"
            " VALUES ('a', 'paint', 'Paint', '{}', 'waiting', 0, 0, 0, '', 0)"
        )
        database.commit()
        ended = "SELECT message FROM job WHERE state = 'failed'"
        assert within(PATIENCE_SECONDS, lambda: database.execute(ended).fetchone() is not None)
        database.close()
    assert site.process.returncode == 0
    assert not Path(f"/proc/{second}").exists()


def test_an_older_database_is_backed_up_and_migrated(tmp_path: Path) -> None:
    with served(tmp_path):
        pass
    database = sqlite3.connect(tmp_path / "quizapp.sqlite3")
    for log in ("review", "response", "attempt_item"):
        for action in ("update", "delete", "replace"):
            database.execute(f"DROP TRIGGER {log}_no_{action}")
    database.execute("UPDATE alembic_version SET version_num = '0001'")
    database.commit()
    database.close()
    with served(tmp_path) as site:
        assert "Baclofen" in site.page("/")
    [backup] = (tmp_path / "backups").iterdir()
    assert f"Backup before migrating: {backup}" in site.printed
    kept = sqlite3.connect(backup)
    assert kept.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    kept.close()


def test_a_damaged_database_after_a_crash_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with served(tmp_path):
        pass
    file = tmp_path / "quizapp.sqlite3"
    content = bytearray(file.read_bytes())
    content[4096:40960] = b"\xff" * (40960 - 4096)
    file.write_bytes(content)
    (tmp_path / "running").write_text("running\n")  # as a killed server leaves it
    process = start(tmp_path, free_port())
    printed = process.communicate(timeout=PATIENCE_SECONDS)[0]
    assert process.returncode == 1
    assert "cannot be used" in printed
    assert "Restore the newest backup" in printed
    assert "Traceback" not in printed


def test_a_second_server_on_the_same_folder_or_port_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with served(tmp_path / "one") as site:
        port = int(site.address.rpartition(":")[2])
        for folder, other_port, told in (
            (tmp_path / "one", free_port(), "another quizapp is running on"),
            (tmp_path / "two", port, "cannot be listened on"),
        ):
            second = start(folder, other_port)
            printed = second.communicate(timeout=PATIENCE_SECONDS)[0]
            assert second.returncode == 1
            assert told in printed
            assert "Traceback" not in printed
            assert "/link/" not in printed
        assert "Baclofen" in site.page("/")


def test_a_setting_that_cannot_be_used_ends_the_program_with_a_sentence(tmp_path: Path) -> None:
    environ = {**os.environ, "QUIZAPP_DATA": str(tmp_path), "QUIZAPP_TIMEZONE": "Nowhere"}
    ended = subprocess.run(  # noqa: PLW1510
        [sys.executable, "wsgi.py"],
        cwd=ROOT,
        env=environ,
        text=True,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
    )
    assert ended.returncode == 1
    assert ended.stderr == "QUIZAPP_TIMEZONE: 'Nowhere' is no IANA time zone such as Europe/Zurich.\n"
