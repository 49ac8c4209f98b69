"""Rows 4 and 8: what is begun out of very much begins at once."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable

from quizapp.accounts.viewer import LearnerSettings
from quizapp.db import db
from quizapp.quizzes.pool import service as pool
from quizapp.quizzes.pool.selection import Wish
from quizapp.study import queries
from quizapp.study import service as study
from quizapp.web import unit
from quizapp.web.clock import now
from tests.benchmarks.measuring import Bench, Measured, interleaved, p50, ratio, seconds, spread
from tests.benchmarks.peers import anki
from tests.benchmarks.sites import Shape, Site
from tests.factories.accounts import create_learner

MANY, FEW = Shape(cards=100_000), Shape(cards=100)
ITEMS = 50
BLOCK = 10  # quizzes

_seeds = itertools.count(1)


def first_card(bench: Bench) -> Measured:
    """Open a deck of 100,000 cards as a newcomer, on a fresh connection; Anki opens its collection anew."""
    site = bench.site(MANY)
    with anki("opening", MANY.cards) as peer:
        figures = interleaved(blocks=9, ours=lambda: _first_card(site), anki=peer)
    told = (
        f"start a drill of one bank of {MANY.cards:,} cards and commit, then find its first card: "
        f"{spread(figures['ours'], unit=1e-3)} ms; "
        f"Anki's first get_queued_cards: {spread(figures['anki'], unit=1e-3)} ms"
    )
    return Measured(ratio(figures, "ours", "anki"), told)


def _first_card(site: Site) -> float:
    with site.app.app_context():
        learner = create_learner()
        db.session.remove()
        db.engine.dispose()
        db.engine.connect().close()  # Anki's collection is open too before its clock runs

        def opened() -> None:
            at = now()
            sitting_id = unit.run(lambda: study.start_sitting(learner, now=at, bank_slugs=["bank-1"]))
            assert queries.next_turn(learner, sitting_id, at) is not None

        return seconds(opened)


def quiz_start(bench: Bench) -> Measured:
    """Start quizzes of 50 items out of large and small pools."""
    large, small = (_starting(bench.site(shape)) for shape in (MANY, FEW))
    figures = interleaved(large=large, small=small)
    told = (
        f"choose {ITEMS} items, store the attempt and commit; out of {MANY.cards:,}: "
        f"{spread(figures['large'], unit=1e-3)} ms, out of {FEW.cards}: {spread(figures['small'], unit=1e-3)} ms"
    )
    return Measured(ratio(figures, "large", "small"), told)


def _starting(site: Site) -> Callable[[], float]:
    with site.app.app_context():
        learner = create_learner()

    def block() -> float:
        with site.app.app_context():
            return p50(BLOCK, lambda: _start(learner))

    return block


def _start(learner: LearnerSettings) -> None:
    wish, seed, code = Wish(count=ITEMS, banks=("bank-1",)), next(_seeds), secrets.token_urlsafe(16)
    unit.run(lambda: pool.start_attempt(learner, wish, "practice", code=code, seed=seed, now=now()))
