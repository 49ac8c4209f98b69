"""`python wsgi.py` as a new user runs it: from nothing to a page, and back down."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.durability.client import Client
from tests.server import PATIENCE_SECONDS, ROOT, Server, children, command_of, free_port, served, within

pytestmark = pytest.mark.usefixtures("database")


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
    return [pid for pid in children(server) if "jobs" in command_of(pid)]


@pytest.mark.postgresql_only("two machines cannot share a file")
def test_two_that_start_at_once_on_one_server_of_postgresql_make_its_database_once(
    tmp_path: Path,
) -> None:
    sites = [Server(tmp_path / "one"), Server(tmp_path / "two")]
    sites[1].settings["QUIZAPP_DATABASE_URL"] = sites[0].environ["QUIZAPP_DATABASE_URL"]
    for site in sites:
        site.start()
    try:
        assert all(within(PATIENCE_SECONDS, site.is_ready) for site in sites)
        with sites[0].database() as connection:
            shipped, slugs = connection.exec_driver_sql(
                "SELECT count(*), count(DISTINCT bank_id) FROM bank_version"
            ).one()
        assert shipped == slugs > 0
    finally:
        ended = [site.stop() for site in sites]
    assert ended == [0, 0]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
def test_jobs_are_done_beside_the_server_by_a_runner_that_outlives_neither(tmp_path: Path) -> None:
    with served(tmp_path) as site:
        server = site.process.pid
        assert within(PATIENCE_SECONDS, lambda: len(runners(server)) == 1)
        [first] = runners(server)
        os.kill(first, signal.SIGKILL)
        assert within(PATIENCE_SECONDS, lambda: runners(server) not in ([], [first]))
        [second] = runners(server)
        with site.database() as database:
            database.exec_driver_sql(
                "INSERT INTO job (code, kind, title, arguments, state, tries, done, total, message, created_at)"
                " VALUES ('a', 'paint', 'Paint', '{}', 'waiting', 0, 0, 0, '', 0)"
            )
        assert within(PATIENCE_SECONDS, lambda: has_failed_job(site))
    assert site.process.returncode == 0
    assert not Path(f"/proc/{second}").exists()


def test_a_runner_ends_though_its_server_ended_before_it_began(tmp_path: Path) -> None:
    site = Server(tmp_path)
    site.flask("db", "upgrade")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert site.flask("jobs", "run", "--with-parent", str(ended.pid)).returncode == 0


def has_failed_job(site: Server) -> bool:
    with site.database() as database:
        return database.exec_driver_sql("SELECT message FROM job WHERE state = 'failed'").first() is not None


def test_an_older_database_is_backed_up_and_migrated(tmp_path: Path) -> None:
    with served(tmp_path) as first:
        pass
    assert first.flask("db", "downgrade", "0001", "--yes").returncode == 0
    with served(tmp_path) as site:
        assert "Baclofen" in site.page("/")
    [backup] = (tmp_path / "backups").glob("before-0*")
    assert f"Backup before migrating: {backup}" in site.printed
    kept = sqlite3.connect(backup)
    assert kept.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    kept.close()


def test_a_second_server_on_the_same_folder_or_port_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with served(tmp_path / "one") as site:
        for folder, port, told in (
            (tmp_path / "one", free_port(), "another quizapp is running on"),
            (
                tmp_path / "one",
                site.port,
                f"at 127.0.0.1:{site.port} (process {site.process.pid}). Stop it first",
            ),
            (tmp_path / "two", site.port, "cannot be listened on"),
        ):
            second = Server(folder, port)
            second.start()
            assert second.ended() == 1
            assert told in second.printed
            assert "Traceback" not in second.printed
            assert "/link/" not in second.printed
            assert "Waiting" not in second.printed
        assert "Baclofen" in site.page("/")


@pytest.fixture
def site_with_administrator(tmp_path: Path) -> Iterator[Server]:
    site = Server(tmp_path / "site")
    assert site.flask("db", "upgrade").returncode == 0
    assert site.flask("users", "add", "a@example.org", "--role", "administrator").returncode == 0
    site.start_and_wait()
    yield site
    if site.process.poll() is None:
        site.stop()


def drill(site: Server, answers: int) -> None:
    client = Client(site.port)
    client.get("/study")
    begun = client.submit("/study/start", {"bank": "baclofen-dosing", "more": "1"})
    place = begun.location
    for _ in range(answers):
        form = client.get(place).form("/review")
        assert form is not None
        place = client.submit(form.action, {**form.fields, "rating": "3"}).location
    client.close()


LINE = re.compile(r"[\d-]{10}T[\d:.]{12}\+00:00 (\w+) (\w+)((?: \w+=(?:\"[^\"]*\"|\S+))*)")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
def test_start_reload_and_stop_are_lines_of_the_log_and_so_is_what_gunicorn_says(tmp_path: Path) -> None:
    with served(tmp_path) as site:
        [first] = site.workers()
        os.kill(first, signal.SIGKILL)
        assert within(PATIENCE_SECONDS, lambda: site.workers() not in ([], [first]))
        site.process.send_signal(signal.SIGHUP)
        assert within(PATIENCE_SECONDS, lambda: "server_reloaded" in site.printed)
    logged = site.printed.partition("First administrator")[2].splitlines()[1:]
    lines = [LINE.fullmatch(line) for line in logged]
    assert all(lines), site.printed
    told = {line[2]: (line[1], line[3]) for line in lines if line}
    kind = site.environ["QUIZAPP_DATABASE_URL"].partition(":")[0]
    assert re.fullmatch(
        rf" address={site.address} database={kind} schema=\d+ python=3[\d.]+ workers=1 pid={site.process.pid}",
        told["server_started"][1],
    )
    assert told["gunicorn"] == (
        "error",
        f' message="Worker (pid:{first}) was sent SIGKILL! Perhaps out of memory?"',
    )
    assert told["server_reloaded"] == ("info", " workers=1")
    assert told["server_stopped"] == ("info", " status=0")


@pytest.mark.sqlite_only("a log that is put into its file")
def test_what_is_answered_gets_into_the_file_while_the_site_is_served_and_whole_when_it_stops(
    site_with_administrator: Server, tmp_path: Path
) -> None:
    """So no process of it holds a read open, and the file alone is a copy once it was stopped."""
    site = site_with_administrator
    drill(site, 5)
    with closing(sqlite3.connect(site.data / "quizapp.sqlite3")) as other:
        busy, left, _ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert (busy, left) == (0, 0)
    drill(site, 5)
    assert site.stop(signal.SIGTERM) == 0
    copy = shutil.copy(site.data / "quizapp.sqlite3", tmp_path / "copy.sqlite3")
    with closing(sqlite3.connect(copy)) as alone:
        assert alone.execute("SELECT count(*) FROM review").fetchone() == (10,)


@pytest.mark.sqlite_only("a log that is put into its file")
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
def test_the_file_is_whole_after_a_stop_even_if_nobody_else_could_close_it(
    site_with_administrator: Server, tmp_path: Path
) -> None:
    site = site_with_administrator
    drill(site, 5)
    left = children(site.process.pid)
    for child in left:
        os.kill(child, signal.SIGKILL)
    assert site.stop(signal.SIGTERM) == 0
    copy = shutil.copy(site.data / "quizapp.sqlite3", tmp_path / "copy.sqlite3")
    with closing(sqlite3.connect(copy)) as alone:
        assert alone.execute("SELECT count(*) FROM review").fetchone() == (5,)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
def test_a_start_right_after_a_kill_waits_for_the_port(tmp_path: Path) -> None:
    with served(tmp_path) as site:
        orphans = children(site.process.pid)
        for child in orphans:
            os.kill(child, signal.SIGSTOP)  # so that they certainly hold the port yet
        os.kill(site.process.pid, signal.SIGKILL)
        site.ended()
        again = Server(tmp_path, site.port)
        again.start()
        try:
            assert within(PATIENCE_SECONDS, lambda: "Waiting for what is left of a server" in again.printed)
        finally:
            for child in orphans:
                os.kill(child, signal.SIGCONT)
        assert within(
            PATIENCE_SECONDS, lambda: "quizapp is at" in again.printed
        )  # an orphan answers till it ends
        assert within(PATIENCE_SECONDS, again.is_ready)
        assert again.stop() == 0


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
def test_a_start_right_after_a_stop_waits_for_the_port(tmp_path: Path) -> None:
    with served(tmp_path) as site:
        busy = site.workers()
        for worker in busy:
            os.kill(worker, signal.SIGSTOP)  # as one that has yet something to answer
        site.process.send_signal(signal.SIGTERM)
        assert within(PATIENCE_SECONDS, lambda: (tmp_path / "running").read_text() == "stopping\n")
        again = Server(tmp_path, site.port)
        again.start()
        try:
            assert within(PATIENCE_SECONDS, lambda: "Waiting for what is left of a server" in again.printed)
        finally:
            for worker in busy:
                os.kill(worker, signal.SIGCONT)
        assert site.ended() == 0
        assert within(PATIENCE_SECONDS, again.is_ready)
        assert again.stop() == 0
        assert (tmp_path / "running").read_text() == ""


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
