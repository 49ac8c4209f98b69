"""A site that is asked to stop or to start its workers anew lets nobody down who has sent something."""

from __future__ import annotations

import fcntl
import signal
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.durability.client import Client, Form
from tests.server import Server, children, command_of, served, within

BANK = "baclofen-dosing"
LEARNERS = 4
RELOADS = 3
ANSWERS_BETWEEN = 40


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Server]:
    with served(tmp_path / "site") as server:
        yield server


class Drill:
    """A learner who answers one card after the other, on one kept-alive connection or on ever new ones."""

    def __init__(self, site: Server, *, keeps_alive: bool = True) -> None:
        self.client, self.answered, self._keeps_alive = Client(site.port), 0, keeps_alive
        self.client.get("/study")
        self._begin()

    def answer(self) -> None:
        """Answer the card on the table. Raises NoReply if the server lets the learner down."""
        if self._form is None:
            self._begin()
        assert self._form is not None
        reply = self.client.submit(self._form.action, {**self._form.fields, "rating": "1"})
        assert reply.status == 303, reply
        self.answered += 1
        if not self._keeps_alive:
            self.client.close()
        self._form = self.client.get(reply.location).form("/review")

    def _begin(self) -> None:
        begun = self.client.submit("/study/start", {"bank": BANK, "more": "1"})
        self._form: Form | None = self.client.get(begun.location).form("/review")


def recorded(site: Server) -> int:
    with closing(sqlite3.connect(site.data / "quizapp.sqlite3")) as connection:
        return int(connection.execute("SELECT count(*) FROM review").fetchone()[0])


def test_workers_are_started_anew_without_losing_a_request(site: Server) -> None:
    drills = [Drill(site, keeps_alive=number % 2 == 0) for number in range(LEARNERS)]
    stop = threading.Event()

    def go_on(drill: Drill) -> None:
        while not stop.is_set():
            drill.answer()

    def answered() -> int:
        return sum(drill.answered for drill in drills)

    with ThreadPoolExecutor(LEARNERS) as pool:
        going = [pool.submit(go_on, drill) for drill in drills]
        try:
            for _ in range(RELOADS):
                old, goal = site.workers(), answered() + ANSWERS_BETWEEN
                site.process.send_signal(signal.SIGHUP)
                anew = within(60, lambda old=old: site.workers() and not set(site.workers()) & set(old))
                assert anew, site.printed
                assert within(60, lambda goal=goal: answered() >= goal or any(one.done() for one in going))
        finally:
            stop.set()
            for one in going:
                one.result()
    for drill in drills:
        drill.client.close()
    assert recorded(site) == answered()


def test_what_is_running_is_finished_before_the_site_stops(site: Server) -> None:
    drill = Drill(site)
    with closing(sqlite3.connect(site.data / "quizapp.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as pool:
            answering = pool.submit(drill.answer)  # waits for the other writer, inside of the server
            assert within(60, lambda: _is_held(site.data / "quizapp.sqlite3.gate") or answering.done())
            site.process.send_signal(signal.SIGTERM)
            within(2, lambda: not any("jobs" in command_of(pid) for pid in children(site.process.pid)))
            other.execute("ROLLBACK")
            answering.result()
    drill.client.close()
    assert site.ended() == 0
    assert recorded(site) == 1
    assert (site.data / "running").read_text() == ""


def _is_held(gate: Path) -> bool:
    with gate.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
