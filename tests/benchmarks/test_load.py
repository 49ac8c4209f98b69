"""A class for twenty seconds: small, so that any machine keeps up. How fast it went is told by the command alone."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.benchmarks import load
from tests.server import served

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
        assert "0 errors" in load.report(phase, outcome)[1]


def _answer_keys(database: Path) -> list[str]:
    """Return the key of each answer, of a card or of a question; the schema lets none come twice."""
    drilled = "SELECT lower(hex(answer_key)) FROM review WHERE item_id IS NULL"
    responded = "SELECT lower(hex(answer_key)) FROM response"
    with closing(sqlite3.connect(database)) as connection:
        keys = [key for (key,) in connection.execute(f"{drilled} UNION ALL {responded}")]
    assert len(keys) == len(set(keys))
    return keys
