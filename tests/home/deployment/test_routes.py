"""What the deployment page shows is what the program has, and its files work."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.config import SETTINGS
from quizapp.home.deployment import files
from tests.reader import Reader

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 60


def test_every_command_and_setting_that_it_names_exists(app: Flask, client: FlaskClient) -> None:
    text = Reader(client).get("/help/deployment").soup.main.get_text()
    settings = set(re.findall(r"QUIZAPP_[A-Z]+(?:_[A-Z]+)*", text))
    assert settings
    assert settings <= set(SETTINGS)
    commands = re.findall(r"flask --app wsgi ([a-z-]+)(?: ([a-z-]+))?", text)
    assert commands
    for name, sub in commands:
        command = app.cli.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None, name
        if hasattr(command, "commands"):
            assert sub in command.commands, f"{name} {sub}"


def test_help_leads_to_it(client: FlaskClient) -> None:
    assert Reader(client).get("/help").soup.find("a", href="/help/deployment")


def parsed(unit: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit)
    return parser


def test_the_service_starts_what_is_there_and_its_socket_listens_where_the_proxy_asks() -> None:
    service, its_socket = parsed(files.SERVICE), parsed(files.SOCKET)
    folder = service["Service"]["WorkingDirectory"]
    program, argument = service["Service"]["ExecStart"].split()
    assert program.startswith(f"{folder}/.venv/")
    assert (ROOT / argument).is_file()
    assert f"proxy_pass http://{its_socket['Socket']['ListenStream']};" in files.PROXY


def test_a_start_may_take_as_long_as_its_migration() -> None:
    """systemd would kill it after 90 seconds, in the middle of it."""
    assert parsed(files.SERVICE)["Service"]["TimeoutStartSec"] == "infinity"


@pytest.mark.parametrize("unit", [files.SERVICE, files.BACKUP_SERVICE], ids=["service", "backup"])
def test_what_systemd_runs_may_do_no_more_than_it_needs(unit: str) -> None:
    """strace of a server that answers, reloads and stops, and of a backup, has shown no other calls and families."""
    service = parsed(unit)["Service"]
    assert service["SystemCallFilter"] == "@system-service"
    assert (
        service["SystemCallErrorNumber"] == "EPERM"
    )  # so that a call unknown to it is refused, and does not kill
    assert service["RestrictAddressFamilies"].split() == ["AF_UNIX", "AF_INET", "AF_INET6"]


def test_copying_the_database_file_alone_is_warned_of(client: FlaskClient) -> None:
    backups = Reader(client).get("/help/deployment").soup.find(id="backups").parent.get_text()
    assert "quizapp.sqlite3-wal and quizapp.sqlite3-shm beside it belong to it" in backups


def test_the_health_of_the_container_is_asked_as_the_site_answers(make_app: Callable[..., Flask]) -> None:
    [address] = re.findall(r"urlopen\('http://([^/']+)/", files.CONTAINER)
    client = make_app(hosts=("study.example.org",)).test_client()
    assert client.get("/readyz", headers={"Host": address}).status_code == 200


def test_the_backup_each_night_is_of_the_site_that_the_service_serves_and_as_its_user(app: Flask) -> None:
    service, backup, timer = map(parsed, (files.SERVICE, files.BACKUP_SERVICE, files.BACKUP_TIMER))
    for key in ("User", "WorkingDirectory", "Environment", "EnvironmentFile"):
        assert backup["Service"][key] == service["Service"][key]
    program, *command, folder = backup["Service"]["ExecStart"].split()
    assert program == f"{service['Service']['WorkingDirectory']}/.venv/bin/flask"
    assert command[:3] == ["--app", "wsgi", "backup"]
    made = app.cli.commands["backup"].make_context("backup", [*command[3:], folder])
    assert made.params == {"file": folder, "replace": False, "keep": 14, "quiet": True}
    data = backup["Service"]["Environment"].removeprefix("QUIZAPP_DATA=")
    assert set(backup["Service"]["ReadWritePaths"].split()) == {data, folder}
    assert timer["Install"]["WantedBy"] == "timers.target"


# What systemd does: the socket as file 3, told to this very process.
HANDING_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.executable, [sys.executable, "wsgi.py"])
"""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the container file copies, and nothing else."""
    folder = tmp_path_factory.mktemp("image")
    for source, target in re.findall(r"^COPY (\S+) (\S+)$", files.CONTAINER, re.M):
        place = folder / target
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, place)
    return folder


def test_what_the_container_holds_runs_and_a_restart_keeps_its_port(image: Path, tmp_path: Path) -> None:
    """The port stays open in between, as systemd keeps it: who asks meanwhile waits, and is answered."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        environ = {**os.environ, "QUIZAPP_DATA": str(tmp_path / "data")}
        printed = tmp_path / "printed"
        handing_over = [sys.executable, "-c", HANDING_OVER, str(listener.fileno())]

        def started() -> subprocess.Popen[bytes]:
            with printed.open("wb") as out:
                pass_on = [listener.fileno()]
                return subprocess.Popen(handing_over, cwd=image, env=environ, pass_fds=pass_on, stdout=out)

        for _ in range(2):
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as early:
                early.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                server = started()
                try:
                    assert early.recv(100).startswith(b"HTTP/1.1 200 OK")
                finally:
                    server.terminate()
                    assert server.wait(PATIENCE_SECONDS) == 0
            assert f"quizapp is at http://127.0.0.1:{port} " in printed.read_text()
