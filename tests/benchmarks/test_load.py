"""A class for twenty seconds: small, so that any machine keeps up. How fast it went is told by the command alone."""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.benchmarks import load
from tests.benchmarks.classroom import PATIENCE_SECONDS, Learner, Record
from tests.server import Server, served

LEARNERS = 20
PHASES = (load.Phase("now and then", 2.0, {}), load.Phase("a rush", 0.5, {}))


def test_a_class_meets_no_error_and_each_answer_is_stored_once(tmp_path: Path) -> None:
    with served(tmp_path / "site") as site:
        outcomes = asyncio.run(load.attend(site, LEARNERS, PHASES, seconds=10))
        assert [line for outcome in outcomes for line in outcome.record.told] == []
        assert site.stop() == 0
    acknowledged = {key for outcome in outcomes for key in outcome.record.acknowledged}
    assert len(acknowledged) == sum(len(outcome.record.answers) for outcome in outcomes)
    assert acknowledged == set(_answer_keys(site.data / "quizapp.sqlite3"))
    for phase, outcome in zip(PHASES, outcomes, strict=True):
        assert f" {outcome.record.put_off} errors" in load.report(phase, outcome)[1]


def test_an_answer_that_a_busy_server_puts_off_is_sent_again_and_stored_once(tmp_path: Path) -> None:
    with served(tmp_path / "site") as site:
        record = asyncio.run(_answer_while_busy(site))
        assert site.stop() == 0
    assert record.put_off > 0
    assert record.told == []
    assert len(record.answers) == 1
    assert record.acknowledged == set(_answer_keys(site.data / "quizapp.sqlite3"))


async def _answer_while_busy(site: Server) -> Record:
    """Let a learner answer while somebody else writes, for as long as it takes until the server puts them off."""
    record = Record()
    learner = Learner(site.port, record, seed=1)
    await learner.begin()
    async with asyncio.timeout(PATIENCE_SECONDS):
        with (site.data / "quizapp.sqlite3.gate").open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            begun = time.monotonic()
            answering = asyncio.create_task(learner.study(first=begun, every=60, until=begun + 1))
            while not record.put_off:
                await asyncio.sleep(0.05)
        await answering
    await learner.leave()
    return record


def _answer_keys(database: Path) -> list[str]:
    """Return the key of each answer, of a card or of a question; the schema lets none come twice."""
    drilled = "SELECT lower(hex(answer_key)) FROM review WHERE item_id IS NULL"
    responded = "SELECT lower(hex(answer_key)) FROM response"
    with closing(sqlite3.connect(database)) as connection:
        keys = [key for (key,) in connection.execute(f"{drilled} UNION ALL {responded}")]
    assert len(keys) == len(set(keys))
    return keys
