"""The floor, 1 F: what SQLite alone takes to record an answer durably and find the next card."""

from __future__ import annotations

import itertools
import random
import sqlite3
from pathlib import Path

from tests.benchmarks.measuring import p50

LEARNERS, CARDS = 10, 1000
BLOCK = 300
WARMING = 1500  # transactions, until the write-ahead log has its full length

_SCHEMA = """
CREATE TABLE memory (learner_id INTEGER, card_id INTEGER, stability REAL, difficulty REAL, due_on INTEGER,
                     repetitions INTEGER, PRIMARY KEY (learner_id, card_id)) WITHOUT ROWID;
CREATE INDEX memory_due ON memory (learner_id, due_on);
CREATE TABLE review (learner_id INTEGER, seq INTEGER, card_id INTEGER, rating INTEGER, reviewed_at INTEGER,
                     stability REAL, difficulty REAL, due_on INTEGER, PRIMARY KEY (learner_id, seq)) WITHOUT ROWID;
"""


class Floor:
    """A database with nothing in it but what an answer needs."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(_SCHEMA)
        self._connection.execute("BEGIN IMMEDIATE")
        dice = random.Random(1)
        self._connection.executemany(
            "INSERT INTO memory VALUES (?, ?, 3.5, 5.0, ?, 1)",
            [(learner, card, dice.randrange(300)) for learner in range(LEARNERS) for card in range(CARDS)],
        )
        self._connection.execute("COMMIT")
        self._seq = itertools.count(1)
        self._card_id = 1
        for _ in range(WARMING):
            self.answer()

    def answer(self) -> None:
        """Record one answer, and find the next card."""
        execute, learner_id, seq = self._connection.execute, 1, next(self._seq)
        execute("BEGIN IMMEDIATE")
        stability, difficulty, due_on, _ = execute(
            "SELECT stability, difficulty, due_on, repetitions FROM memory WHERE learner_id = ? AND card_id = ?",
            (learner_id, self._card_id),
        ).fetchone()
        execute(
            "UPDATE memory SET stability = ?, difficulty = ?, due_on = ?, repetitions = repetitions + 1 "
            "WHERE learner_id = ? AND card_id = ?",
            (stability + 0.1, difficulty, due_on + 300, learner_id, self._card_id),
        )
        execute(
            "INSERT INTO review VALUES (?, ?, ?, 3, ?, ?, ?, ?)",
            (
                learner_id,
                seq,
                self._card_id,
                1_700_000_000_000 + seq,
                stability + 0.1,
                difficulty,
                due_on + 300,
            ),
        )
        (self._card_id,) = execute(
            "SELECT card_id FROM memory WHERE learner_id = ? ORDER BY due_on LIMIT 1", (learner_id,)
        ).fetchone()
        execute("COMMIT")

    def block(self) -> float:
        """Return the median of a block of answers, in seconds."""
        return p50(BLOCK, self.answer)
