"""Rows 6 and 7: a bank of 10,000 notes is read and published."""

from __future__ import annotations

import itertools

import yaml

from quizapp.banks import check
from quizapp.banks.publishing import service
from quizapp.banks.publishing.derive import derive
from quizapp.db import db
from quizapp.memory import queries as memory
from quizapp.web import unit
from quizapp.web.clock import now
from tests.benchmarks.measuring import Bench, Measured, cpu_seconds, interleaved, ratio, seconds, spread
from tests.benchmarks.peers import anki
from tests.benchmarks.sites import NOTE, NUMBER, Shape
from tests.factories.banks import bank_yaml

NOTES = 10_000

_banks = itertools.count(1)


def load(_bench: Bench) -> Measured:
    """Load a bank, and check it for everything, beside what the YAML library alone takes to make plain data of it."""
    source = _source("bank")
    figures = interleaved(
        loaded=lambda: cpu_seconds(lambda: check.load(source, file="bank.yaml")),
        checked=lambda: cpu_seconds(lambda: check.check(source, file="bank.yaml")),
        yaml=lambda: cpu_seconds(lambda: yaml.load(source, Loader=yaml.CSafeLoader)),
    )
    told = (
        f"{NOTES:,} notes, {len(source) / 1e6:.1f} MB; CPU: read and validated, every place known, "
        f"{spread(figures['loaded'])} s; with all hints on craft {spread(figures['checked'])} s; "
        f"yaml.load(CSafeLoader) {spread(figures['yaml'])} s"
    )
    return Measured((ratio(figures, "loaded", "yaml"), ratio(figures, "checked", "yaml")), told)


def publication(bench: Bench) -> Measured:
    """Publish a checked bank, half of its notes with a card in each direction; Anki imports as many notes from CSV."""
    site = bench.site(Shape(cards=100))
    rows = bench.folder("publication") / "notes.tsv"
    rows.write_text(
        "".join(f"Which receptor does drug {n} of this bank activate?\tReceptor {n}\n" for n in range(NOTES))
    )
    whole: list[float] = []

    def published() -> float:
        source = _source(f"published-{next(_banks)}")
        prepared = []

        def prepare() -> None:
            bank = check.check(source, file="bank.yaml").bank
            assert bank is not None
            prepared.append((bank, derive(bank)))

        preparing = seconds(prepare)
        ((bank, derived),) = prepared
        with site.app.app_context():
            storing = seconds(
                lambda: unit.run(
                    lambda: service.publish_bank(
                        bank,
                        source=source,
                        derived=derived,
                        media={},
                        learners_of=memory.learners_of,
                        author_id=None,
                        shipped=False,
                        retire_many=False,
                        now=now(),
                    )
                )
            )
            db.session.remove()
        cards = sum(len(entry.cards) for entry in derived)
        whole.append(cards / (preparing + storing))
        return cards / storing

    with anki("importing", rows) as peer:
        figures = interleaved(ours=published, anki=peer)
    told = (
        f"publish_bank, cards and items committed: {spread(figures['ours'])} cards/s "
        f"(from the file's bytes: {spread(whole[1:])}); Anki's import_csv: {spread(figures['anki'])} cards/s"
    )
    return Measured(ratio(figures, "ours", "anki"), told)


def _source(slug: str) -> bytes:
    """Return the file of a bank; a note in it has one and a half cards on average, as in the shipped banks about."""
    both = NOTE + "  reverse: Which drug activates R000000?\n  reverse_answer: Drug 000000\n"
    notes = (
        (both if number % 2 else NOTE).replace(NUMBER, f"{number:0{len(NUMBER)}}") for number in range(NOTES)
    )
    return bank_yaml("".join(notes), bank=slug)
