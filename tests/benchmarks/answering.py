"""Rows 1 to 3: "answer this card, get the next one" over HTTP, as signed-in learners do it at the real server.

All learners drill the same cards, as a class does. They have been away, so that all they know is due.
"""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

from sqlalchemy import text

from quizapp import config
from quizapp.app import create_app
from quizapp.db import db
from quizapp.memory.models import CardMemory, LearnerDay, Review
from quizapp.web import unit
from tests.benchmarks.drilling import Block, Desk, Drillers
from tests.benchmarks.floor import Floor
from tests.benchmarks.measuring import Bench, Measured, interleaved, ratio, spread
from tests.benchmarks.sites import Shape
from tests.durability.client import Client
from tests.factories.accounts import PASSWORD, create_user, learner_of
from tests.server import Server, served

ANSWERS = 100  # in one block, by each learner: a long sitting
AT_ONCE = 8
SMALL = Shape(cards=1_000, learners=1)
FULL = Shape(cards=100_000, banks=10, learners=100)
HUGE = Shape(cards=1_000_000, banks=10, learners=1_000)

_DAYS_AWAY = 120
_DAYS, _INSTANTS = ("day", "study_on", "due_on", "last_on", "buried_on"), ("reviewed_at", "due_at")
_DAY_MS = 24 * 3600 * 1000


@dataclass
class School:
    """A running site with learners signed in, and what their blocks have come to."""

    server: Server
    browsers: list[Client]
    drillers: Drillers
    blocks: list[Block] = field(default_factory=list)
    cpu_seconds: float = 0.0

    def block(self) -> float:
        """Let the learners drill for one block in a new sitting, and return the median of an answer in seconds."""
        desks = [_new_drill(browser) for browser in self.browsers]
        before = self.server.cpu_seconds()
        self.blocks.append(self.drillers.block(desks, ANSWERS))
        self.cpu_seconds += self.server.cpu_seconds() - before
        return statistics.median(self.blocks[-1].seconds)

    def tail(self) -> float:
        """Return the 99th percentile over the median of the answers of all blocks but the first."""
        seconds = sorted(second for block in self.blocks[1:] for second in block.seconds)
        return seconds[len(seconds) * 99 // 100] / statistics.median(seconds)

    @property
    def errors(self) -> int:
        return sum(block.errors for block in self.blocks)

    def told(self) -> str:
        answers = sum(len(block.seconds) for block in self.blocks)
        return f"{self.cpu_seconds / answers * 1e6:.0f} µs of processor time an answer"


def one_connection(bench: Bench) -> Measured:
    """Row 1: the median of an answer over one connection, in F."""
    with school(bench, SMALL, learners=1) as class_:
        figures = interleaved(F=Floor(bench.folder("floor-1")).block, answer=class_.block)
    told = f"{spread(figures['answer'], unit=1e-6)} µs, 1 F = {spread(figures['F'], unit=1e-6)} µs; {class_.told()}"
    return Measured(ratio(figures, "answer", "F"), told)


def many_connections(bench: Bench) -> Measured:
    """Row 2: how far the slowest hundredth of the answers is from the median, with eight learners at once."""
    with school(bench, SMALL, learners=AT_ONCE) as class_:
        figures = interleaved(answer=class_.block)
    told = f"median {spread(figures['answer'], unit=1e-3)} ms; {class_.told()}"
    return Measured((class_.tail(), class_.errors), told)


def on_large_sites(bench: Bench) -> Measured:
    """Row 3: row 1's answer on a large site, over that on a small one."""
    with ExitStack() as both:
        large = both.enter_context(school(bench, HUGE if bench.large else FULL, learners=1))
        small = both.enter_context(school(bench, SMALL, learners=1))
        figures = interleaved(large=large.block, small=small.block)
    told = f"{spread(figures['large'], unit=1e-6)} µs / {spread(figures['small'], unit=1e-6)} µs"
    return Measured(ratio(figures, "large", "small"), told)


@contextmanager
def school(bench: Bench, shape: Shape, *, learners: int) -> Iterator[School]:
    """Serve a copy of a site, to which so many learners have come back."""
    site = bench.site(shape)
    assert site.learner is not None
    data = bench.folder("schools") / f"{shape.cards}-{learners}"
    shutil.copytree(site.folder, data)
    app = create_app(config.read({"QUIZAPP_DATA": str(data)}))
    with app.app_context():
        emails = [_enrol(site.learner.id, number) for number in range(learners)]
        db.session.remove()
        db.engine.dispose()
    with served(data) as server:
        drillers = Drillers(server.port)
        try:
            yield School(server, [_signed_in(server.port, email) for email in emails], drillers)
        finally:
            drillers.end()
            shutil.rmtree(data, ignore_errors=True)


def _enrol(known_to: int, number: int) -> str:
    """Add a user who has done what another learner did, so many days earlier, and return their address."""
    email = f"learner-{number}@example.org"
    learner_id = learner_of(create_user(email)).id
    shifts = dict.fromkeys(_DAYS, _DAYS_AWAY) | dict.fromkeys(_INSTANTS, _DAYS_AWAY * _DAY_MS)
    for model in (Review, CardMemory, LearnerDay):
        names = [column.name for column in model.__table__.columns]
        told = [f"{name} - {shifts[name]}" if name in shifts else name for name in names]
        told[names.index("learner_id")] = str(learner_id)
        table, into, values = model.__tablename__, ", ".join(names), ", ".join(told)
        copy = f"INSERT INTO {table} ({into}) SELECT {values} FROM {table} WHERE learner_id = {known_to}"
        unit.run(partial(db.session.execute, text(copy)))
    return email


def _signed_in(port: int, email: str) -> Client:
    browser = Client(port)
    browser.get("/login")
    answer = browser.post("/login", {"email": email, "password": PASSWORD})
    assert answer.status == HTTPStatus.SEE_OTHER, answer.text
    browser.close()
    return browser


def _new_drill(browser: Client) -> Desk:
    """Begin a drill of everything due."""
    browser.get("/study")
    drill = browser.post("/study/start", {}).location
    browser.close()  # until the next block, which may be longer than the server keeps it open
    return Desk(drill, "; ".join(f"{name}={value}" for name, value in browser.cookies.items()))
