"""Row 5: one answer and the next card, without the web around them, beside Anki's."""

from __future__ import annotations

import datetime as dt
import secrets
import statistics
import time

from quizapp.memory.kinds import Rating
from quizapp.study import queries
from quizapp.study import service as study
from quizapp.study.queries import Turn
from quizapp.web import unit
from quizapp.web.clock import now
from tests.benchmarks.floor import WARMING, Floor
from tests.benchmarks.measuring import Bench, Measured, interleaved, ratio, spread
from tests.benchmarks.peers import anki
from tests.benchmarks.sites import Shape, Site

SITE = Shape(cards=1_000, banks=10, learners=1)
BLOCK = 200
ANKI_CARDS = 5_000
HOLIDAY = dt.timedelta(days=7)


class Drill:
    """A learner who answers Good to whatever comes; when nothing is left, a week passes."""

    def __init__(self, site: Site) -> None:
        assert site.learner is not None
        self._learner = site.learner
        self._now = now()
        self._sitting_id = 0
        self._turn: Turn | None = None

    def answer(self) -> float:
        """Return how long one answer, with the next card found, took."""
        while self._turn is None:
            self._now += HOLIDAY
            self._sitting_id = unit.run(lambda: study.start_sitting(self._learner, now=self._now))
            self._turn = queries.next_turn(self._learner, self._sitting_id, self._now)
        turn, key = self._turn, secrets.token_bytes(16)
        began = time.perf_counter()
        _, self._turn = unit.run(
            lambda: study.answer_card(
                self._learner,
                self._sitting_id,
                turn.face.card_id,
                Rating.GOOD,
                answer_key=key,
                seen=turn.state.last_seq,
                now=self._now,
                offered_on=turn.previews[Rating.GOOD].due_on,
                thinking_ms=4000,
            )
        )
        taken = time.perf_counter() - began
        self._now += dt.timedelta(seconds=20)
        return taken

    def block(self) -> float:
        return statistics.median(self.answer() for _ in range(BLOCK))


def answer(bench: Bench) -> Measured:
    """Answer in process: record, schedule, count, commit, find the next card with its four offers."""
    site, floor = bench.site(SITE), Floor(bench.folder("cycle"))
    with site.app.app_context(), anki("answering", ANKI_CARDS) as peer:
        drill = Drill(site)
        for _ in range(WARMING):
            drill.answer()
        figures = interleaved(blocks=7, ours=drill.block, anki=peer, floor=floor.block)
    told = (
        f"answer committed and next card found: {spread(figures['ours'], unit=1e-6)} µs "
        f"= {ratio(figures, 'ours', 'floor'):.2f} F; Anki's get and answer, FSRS on: "
        f"{spread(figures['anki'], unit=1e-6)} µs = {ratio(figures, 'anki', 'floor'):.2f} F"
    )
    return Measured(ratio(figures, "ours", "anki"), told)
