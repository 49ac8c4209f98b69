"""The real server, `python wsgi.py`, on a data folder and a port of its own: started, killed, stopped."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine

from tests import databases

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60
BOUND = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")  # so that permissions bind root too


def free_port() -> int:
    """Return a port that nobody listens on, out of the range from which systems give ports to connections:
    so it is still free when a server that was killed comes back to it."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def within(seconds: float, condition: Callable[[], object]) -> bool:
    """Return whether `condition` comes true, asked again and again for at most so long."""
    until = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < until:
        time.sleep(0.05)
    return bool(met)


def children(pid: int) -> list[int]:
    """Return the processes that a process started (found in /proc)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return sorted(found)


def command_of(pid: int) -> list[str]:
    """Return the command line of a process, nothing of one that has ended."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    return []


def _cpu_seconds(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # user and system time
    return 0.0


@dataclass
class Server:
    """A site in `data`. It leads a process group of its own, so that it can be killed whole."""

    data: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    launcher: tuple[str, ...] = ()  # a command that runs the program in its turn
    _process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def _output(self) -> Path:
        return self.data.with_name(
            f"{self.data.name}.printed"
        )  # beside the data: what is in there is the product's

    @property
    def environ(self) -> dict[str, str]:
        own = {
            "QUIZAPP_DATA": str(self.data),
            "QUIZAPP_DATABASE_URL": databases.chosen.address(self.data),
            "QUIZAPP_PORT": str(self.port),
        }
        return {**os.environ, **own, **self.settings}

    @contextmanager
    def database(self) -> Iterator[Connection]:
        """Look into its database, or change it, as another program does."""
        engine = create_engine(self.environ["QUIZAPP_DATABASE_URL"], poolclass=NullPool)
        with engine.begin() as connection:
            yield connection

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it was never started"
        return self._process

    @property
    def printed(self) -> str:
        """What it has printed since it was last started."""
        return self._output.read_text()

    def start(self) -> None:
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [*self.launcher, sys.executable, "wsgi.py"],
                cwd=ROOT,
                env=self.environ,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def answers(self) -> bool:
        """Return whether it is up and can reach its database."""
        try:
            return self.page("/readyz") == "ready\n"
        except (OSError, http.client.HTTPException):
            return False

    def is_ready(self) -> bool:
        assert self.process.poll() is None, f"it ended:\n{self.printed}"
        return self.answers()

    def start_and_wait(self, seconds: float = PATIENCE_SECONDS) -> None:
        self.start()
        assert within(seconds, self.is_ready), f"it did not come up:\n{self.printed}"

    def page(self, path: str) -> str:
        with urllib.request.urlopen(f"{self.address}{path}", timeout=PATIENCE_SECONDS) as answer:
            return str(answer.read().decode())

    def workers(self) -> list[int]:
        """Return the processes that answer requests."""
        return [pid for pid in children(self.process.pid) if "jobs" not in command_of(pid)]

    def cpu_seconds(self) -> float:
        """Return the processor time that it and its processes have taken since it was started."""
        return sum(map(_cpu_seconds, [self.process.pid, *children(self.process.pid)]))

    def kill(self) -> None:
        """End it at once and whole, as a power cut would: nothing of it can tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE_SECONDS)

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Ask it to end, and return its exit status."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE_SECONDS)

    def ended(self) -> int:
        """Wait for it to end by itself, and return its exit status."""
        return self.process.wait(PATIENCE_SECONDS)

    def flask(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run `flask --app wsgi …` on its data."""
        return subprocess.run(
            [*self.launcher, sys.executable, "-m", "flask", "--app", "wsgi", *command],
            cwd=ROOT,
            env=self.environ,
            text=True,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )


@contextmanager
def served(data: Path, **settings: str) -> Iterator[Server]:
    """Serve the site in `data` until the block ends."""
    site = Server(data, settings=settings)
    try:
        site.start_and_wait()
        yield site
    finally:
        if site.process.poll() is None:
            site.stop()
