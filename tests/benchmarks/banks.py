"""Rows 6 and 7: a bank of 10,000 notes is read and published."""

from __future__ import annotations

import itertools

import yaml

from quizapp.banks.check import check
from quizapp.banks.publishing import service
from quizapp.banks.publishing.derive import derive
from quizapp.db import db
from quizapp.memory import queries as memory
from quizapp.web import unit
from quizapp.web.clock import now
from tests.benchmarks.measuring import Bench, Measured, interleaved, ratio, seconds, spread
from tests.benchmarks.peers import anki
from tests.benchmarks.sites import NOTE, NUMBER, Shape
from tests.factories.banks import bank_yaml

NOTES = 10_000

_banks = itertools.count(1)


def load(_bench: Bench) -> Measured:
    """Read and check a bank, beside what the YAML library alone takes to make plain data of it."""
    source = _source("bank")

    def loaded() -> float:
        return seconds(lambda: yaml.load(source, Loader=yaml.CSafeLoader))

    def checked() -> float:
        return seconds(lambda: check(source, file="bank.yaml"))

    figures = interleaved(ours=checked, yaml=loaded)
    told = (
        f"read, every problem sought, places known, {NOTES:,} notes, {len(source) / 1e6:.1f} MB: "
        f"{spread(figures['ours'])} s; yaml.load(CSafeLoader): {spread(figures['yaml'])} s"
    )
    return Measured(ratio(figures, "ours", "yaml"), told)


def publication(bench: Bench) -> Measured:
    """Publish a checked bank whose notes yield a card and an item each; Anki imports as many notes from CSV."""
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
            bank = check(source, file="bank.yaml").bank
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
        whole.append(NOTES / (preparing + storing))
        return NOTES / storing

    with anki("importing", rows) as peer:
        figures = interleaved(ours=published, anki=peer)
    told = (
        f"publish_bank, cards and items committed: {spread(figures['ours'])} cards/s "
        f"(from the file's bytes: {spread(whole[1:])}); Anki's import_csv: {spread(figures['anki'])} cards/s"
    )
    return Measured(ratio(figures, "ours", "anki"), told)


def _source(slug: str) -> bytes:
    notes = "".join(NOTE.replace(NUMBER, f"{number:0{len(NUMBER)}}") for number in range(NOTES))
    return bank_yaml(notes, bank=slug)
