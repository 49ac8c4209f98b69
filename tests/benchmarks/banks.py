"""Rows 6 and 7: a bank of 10,000 notes is read and published."""

from __future__ import annotations

import itertools
import time

import yaml

from quizapp.banks import check
from quizapp.banks.notes.fact import Fact
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
FIELDS = "Question,Answer,Reverse,Reverse answer,Distractors,Explanation,Source"

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
    """Publish a bank, half of its notes with a card in each direction; Anki imports the same notes from CSV.

    The clock runs for what learners wait for, the plan and all rows, committed. What goes before is told beside it:
    finding what the notes yield, which waits for nobody, and reading and checking, which row 6 measures. The second
    figure is beside Anki's import of as many notes that hold no more than a question and an answer.
    """
    site = bench.site(Shape(cards=100))
    folder = bench.folder("publication")
    bare, same = folder / "bare.tsv", folder / "same.tsv"
    bare.write_text(
        "".join(f"Which receptor does drug {n} of this bank activate?\tReceptor {n}\n" for n in range(NOTES))
    )
    same.write_text(_same_notes())
    derived_too: list[float] = []
    whole: list[float] = []

    def published() -> float:
        source = _source(f"published-{next(_banks)}")
        began = time.perf_counter()
        bank = check.check(source, file="bank.yaml").bank
        checked = time.perf_counter()
        assert bank is not None
        derived = derive(bank)
        prepared = time.perf_counter()
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
        derived_too.append(cards / (prepared - checked + storing))
        whole.append(cards / (prepared - began + storing))
        return cards / storing

    with anki("importing", same, FIELDS) as of_same, anki("importing", bare) as of_bare:
        figures = interleaved(ours=published, same=of_same, bare=of_bare)
    told = (
        f"plan and rows of checked and derived notes, committed: {spread(figures['ours'])} cards/s (deriving too: "
        f"{spread(derived_too[1:])}; from the file's bytes: {spread(whole[1:])}); Anki's import_csv of the same "
        f"texts, cards and tags: {spread(figures['same'])}, of a question and an answer: {spread(figures['bare'])}"
    )
    return Measured((ratio(figures, "ours", "same"), ratio(figures, "ours", "bare")), told)


def _same_notes() -> str:
    """Return the notes of `_source` as a file for Anki's import: the same texts, cards and tags."""
    bank = check.check(_source("same"), file="bank.yaml").bank
    assert bank is not None
    lines = ["#separator:tab", "#notetype:Fact", f"#tags column:{len(FIELDS.split(',')) + 1}"]
    for note in bank.notes:
        assert isinstance(note, Fact)
        wrong = "; ".join(f"{option.text}: {option.why}" for option in note.distractors)
        cited = "; ".join(f"{cite.source}, {cite.at}, {cite.fact}" for cite in note.cite)
        texts = (
            note.question,
            note.answer,
            note.reverse,
            note.reverse_answer,
            wrong,
            note.explanation,
            cited,
        )
        lines.append("\t".join((*texts, " ".join(note.tags))))
    return "\n".join(lines) + "\n"


def _source(slug: str) -> bytes:
    """Return the file of a bank; a note in it has one and a half cards on average, as in the shipped banks about."""
    both = NOTE + "  reverse: Which drug activates R000000?\n  reverse_answer: Drug 000000\n"
    notes = (
        (both if number % 2 else NOTE).replace(NUMBER, f"{number:0{len(NUMBER)}}") for number in range(NOTES)
    )
    return bank_yaml("".join(notes), bank=slug)
