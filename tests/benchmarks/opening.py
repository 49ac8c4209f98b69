"""Rows 4 and 8: what is begun out of very much begins at once."""

from __future__ import annotations

import datetime as dt
import itertools
import secrets
from collections.abc import Callable

from sqlalchemy import insert, literal, select

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.models import Card
from quizapp.db import Day, db
from quizapp.memory.kinds import Phase, Queue
from quizapp.memory.models import CardMemory
from quizapp.quizzes.pool import service as pool
from quizapp.quizzes.pool.selection import Wish
from quizapp.study import queries
from quizapp.study import service as study
from quizapp.study_day import ONE_DAY, Moment
from quizapp.web import unit
from quizapp.web.clock import now
from tests.benchmarks.measuring import Bench, Measured, interleaved, p50, ratio, spread
from tests.benchmarks.peers import anki
from tests.benchmarks.sites import Shape, Site
from tests.factories.accounts import create_learner

MANY, FEW = Shape(cards=100_000), Shape(cards=100)
ITEMS = 50
OPENINGS, BLOCK = 10, 10

_seeds = itertools.count(1)


def first_card(bench: Bench) -> Measured:
    """Open a deck of 100,000 cards, all of them due, beside the first queue that Anki builds of such a deck."""
    site = bench.site(MANY)
    with site.app.app_context():
        learner = create_learner()
        unit.run(lambda: _know_everything(learner))
        with anki("opening", MANY.cards) as peer:
            figures = interleaved(blocks=9, ours=lambda: p50(OPENINGS, lambda: _open(learner)), anki=peer)
    told = (
        f"start a drill of one bank of {MANY.cards:,} cards, all due, commit, and find its first card: "
        f"{spread(figures['ours'], unit=1e-3)} ms; "
        f"Anki's first get_queued_cards: {spread(figures['anki'], unit=1e-3)} ms"
    )
    return Measured(ratio(figures, "ours", "anki"), told)


def _know_everything(learner: LearnerSettings) -> None:
    """Let a learner have learned every card of the site, each due since another of the last hundred days."""
    today = Moment.at(now(), learner.zone, learner.day_start).on
    known = {
        "learner_id": literal(learner.id),
        "card_id": Card.id,
        "last_seq": literal(0),
        "queue": literal(int(Queue.REVIEW)),
        "phase": literal(int(Phase.REVIEW)),
        "stability": literal(30.0),
        "difficulty": literal(5.0),
        "due_on": literal(today.toordinal() - dt.date(1970, 1, 1).toordinal()) - Card.id % 100,
        "last_on": literal(today - 130 * ONE_DAY, Day()),
        "repetitions": literal(3),
        "lapses": literal(0),
        "suspended": literal(False),
    }
    db.session.execute(insert(CardMemory).from_select(list(known), select(*known.values())))


def _open(learner: LearnerSettings) -> None:
    at = now()
    sitting_id = unit.run(lambda: study.start_sitting(learner, now=at, bank_slugs=["bank-1"]))
    assert queries.next_turn(learner, sitting_id, at) is not None
    db.session.rollback()


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
