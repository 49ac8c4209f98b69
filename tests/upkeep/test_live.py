"""The drill on the real server: a backup while learners answer, more answers, and the backup restored."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from quizapp.memory.kinds import ReviewKind
from tests.durability.learner import Learner, Tally
from tests.server import PATIENCE_SECONDS, Server

LEARNERS = 6
BEFORE, AFTER = 60, 30  # answers sent before the backup begins, and after it is done


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    site = Server(tmp_path / "site")
    site.start_and_wait()
    yield site
    if site.process.poll() is None:
        site.kill()


@contextmanager
def studying(learners: list[Learner]) -> Iterator[None]:
    """Let learners answer until the block ends."""
    stop = threading.Event()
    with ThreadPoolExecutor(len(learners)) as pool:
        done = [pool.submit(learner.study, stop) for learner in learners]
        try:
            yield
        finally:
            stop.set()
            for each in done:
                each.result(PATIENCE_SECONDS)


def acknowledged(learners: list[Learner]) -> dict[str, str]:
    """Return what the server has said yes to until now: key → what was said."""
    return {sent.key: sent.said for learner in learners for sent in list(learner.ledger) if sent.acknowledged}


def recorded(database: Path) -> dict[str, str]:
    """Return the answers in a sound database, each of which is there once."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        ratings = connection.execute(
            "SELECT lower(hex(answer_key)), rating FROM review WHERE kind = ?", (ReviewKind.DRILL,)
        ).fetchall()
        responses = connection.execute("SELECT lower(hex(answer_key)), answer FROM response").fetchall()
    answers = [(key, str(rating)) for key, rating in ratings]
    answers += [(key, *json.loads(answer)) for key, answer in responses]
    assert set(Counter(key for key, _ in answers).values()) == {1}
    return dict(answers)


def test_what_was_answered_before_a_backup_is_there_once_after_restoring_it_and_the_rest_is_kept(
    server: Server, tmp_path: Path
) -> None:
    file, tally = tmp_path / "a.sqlite3", Tally()
    learners = [
        Learner(server.port, seed=n, resends=False, tally=tally, is_up=server.answers)
        for n in range(LEARNERS)
    ]
    for learner in learners:
        learner.begin()
    with studying(learners):
        assert tally.reached(BEFORE)
        before = acknowledged(learners)
        made = server.flask("backup", str(file))
        assert made.returncode == 0, made.stderr
        assert tally.reached(tally.sent + AFTER)
        refused = server.flask("restore", str(file))
        assert "Stop it first" in refused.stderr
    for learner in learners:
        learner.client.close()
    said = {sent.key: sent.said for learner in learners for sent in learner.ledger}
    assert server.stop() == 0

    restored = server.flask("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    present = recorded(server.data / "quizapp.sqlite3")
    assert before.items() <= present.items() <= said.items()
    [kept] = server.data.glob("quizapp.replaced-*.sqlite3")
    assert acknowledged(learners).items() <= recorded(kept).items() <= said.items()
    assert len(present) < len(recorded(kept))
    checked = server.flask("memory", "rebuild", "--check")
    assert checked.returncode == 0, checked.stdout
    server.start_and_wait()
    assert "Baclofen" in server.page("/")
