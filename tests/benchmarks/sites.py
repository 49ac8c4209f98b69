"""Sites of any size, built in moments: rows straight into a migrated database, as the program would write them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, text

from quizapp import config, draw
from quizapp.accounts.models import Learner
from quizapp.accounts.viewer import LearnerSettings
from quizapp.app import create_app
from quizapp.banks import queries as banks
from quizapp.banks.check import check
from quizapp.banks.items import ITEM_TYPES
from quizapp.banks.models import Bank, BankVersion, Card, Item, Note, NoteRevision, NoteTag
from quizapp.banks.norm import folded
from quizapp.banks.publishing.derive import derive
from quizapp.banks.publishing.plan import fingerprint
from quizapp.db import db
from quizapp.memory import days
from quizapp.memory.entry import Entry
from quizapp.memory.fold import fold
from quizapp.memory.models import CardMemory, LearnerDay, Review
from quizapp.memory.queries import DAY_FIELDS, ENTRY_FIELDS, MEMORY_FIELDS
from quizapp.quizzes.models import Attempt, AttemptBank, AttemptItem, ItemResponse
from quizapp.quizzes.pool.selection import Wish
from quizapp.quizzes.scoring import scores_by
from quizapp.study_day import study_day
from quizapp.web import unit
from quizapp.web.clock import now
from tests.benchmarks.histories import QUIZ_ITEMS, History
from tests.factories.accounts import create_user, learner_of
from tests.factories.banks import bank_yaml

ANSWERS, KEEN_ANSWERS = 10_000, 50_000
KNOWN_CARDS = 1_000  # that learners come to know, on any site; the keen one five times as many
COPIES_AT_ONCE = 25
ROWS_AT_ONCE = 20_000
TAGS = ("mechanism", "dosing", "kinetics", "safety")

NUMBER = "000000"
NOTE = """
- id: note-000000
  question: Which receptor does drug 000000 of trial t000000 activate?
  answer: R000000
  distractors:
    - {text: GABA type A, why: Benzodiazepines act there.}
    - {text: NMDA type B, why: Ketamine blocks it.}
    - {text: AMPA type C, why: Drug 000000 does not bind it.}
  explanation: Drug 000000 is an agonist at its receptor, as its label says.
  cite: {source: label, at: Pharmacology, fact: F-000000}
  tags: [mechanism]
"""

Rows = Iterable[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a site is. Each card is a note of its own with one item, all with ids from 1.

    Each of `learners` has given `ANSWERS` answers, and one more has given `KEEN_ANSWERS` if `keen`.
    """

    cards: int
    banks: int = 1
    learners: int = 0
    keen: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """A site that nobody serves. `folder` is what QUIZAPP_DATA names; `learner` and `keen` sign in as users."""

    folder: Path
    app: Flask
    shape: Shape
    learner: LearnerSettings | None
    keen: LearnerSettings | None


def build(shape: Shape, folder: Path) -> Site:
    """Return a new site of this shape in `folder`."""
    app = create_app(config.read({"QUIZAPP_DATA": str(folder)}))
    with app.app_context():
        upgrade()
        for bank_id in range(1, shape.banks + 1):
            _write_bank(bank_id, shape.cards // shape.banks)
        learner = keen = None
        if shape.keen:
            keen = _write_learner("keen@example.org", KEEN_ANSWERS, 5 * KNOWN_CARDS, shape)
        if shape.learners:
            learner = _write_learner("ana@example.org", ANSWERS, KNOWN_CARDS, shape)
            _copy(learner.id, shape.learners - 1, shape)
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return Site(folder, app, shape, learner, keen)


def _write_bank(bank_id: int, size: int) -> None:
    """Publish a bank, its notes alike but for their numbers."""
    slug, created = f"bank-{bank_id}", now() - dt.timedelta(days=3000)
    count = {
        "new": size,
        "changed": 0,
        "retired": 0,
        "unchanged": 0,
        "notes": size,
        "cards": size,
        "items": size,
    }
    bank = {"id": bank_id, "slug": slug, "title": f"Bank {bank_id}", "description": "", "version": 1}
    version = {
        "bank_id": bank_id,
        "number": 1,
        "source": b"",
        "sha256": fingerprint(slug.encode(), {}),
        "shipped": False,
        "published_at": created,
        "language": "en",
        "license": "",
        "notice": "",
        "authors": [],
        "sources": {"label": {"title": "A label"}},
        "pools": {},
        "counts": count,
        "tags": [[tag, size // len(TAGS), size // len(TAGS)] for tag in TAGS],
    }
    _insert(Bank, [bank | {"created_at": created}])
    _insert(BankVersion, [version])
    first = (bank_id - 1) * size + 1
    note = _one_note()
    for table, row in (
        (Note, _note),
        (NoteRevision, _revision),
        (NoteTag, _tag),
        (Card, _card),
        (Item, _item),
    ):
        _insert(table, (row(_numbered(note, first + place), bank_id, place) for place in range(size)))


def _one_note() -> str:
    """Return, as text, the content and the texts of the one note that all others are made of."""
    checked = check(bank_yaml(NOTE), file="bank.yaml").bank
    assert checked is not None
    (derived,) = derive(checked)
    (card,) = derived.cards
    texts = {"prompt": card.prompt, "answer": card.answer}
    return json.dumps({"number": NUMBER, "content": derived.content, **texts})


def _numbered(note: str, number: int) -> dict[str, Any]:
    return {"id": number} | json.loads(note.replace(NUMBER, f"{number:0{len(NUMBER)}}"))


def _note(note: dict[str, Any], bank_id: int, place: int) -> dict[str, Any]:
    key = note["content"]["id"]
    return {
        "id": note["id"],
        "bank_id": bank_id,
        "key": key,
        "type": "fact",
        "position": place,
        "revision": 1,
    }


def _revision(note: dict[str, Any], _bank_id: int, _place: int) -> dict[str, Any]:
    content = note["content"]
    return {
        "note_id": note["id"],
        "number": 1,
        "bank_version": 1,
        "content": content,
        "sha256": fingerprint(json.dumps(content).encode(), {}),
    }


def _tag(note: dict[str, Any], _bank_id: int, place: int) -> dict[str, Any]:
    return {"note_id": note["id"], "tag": TAGS[place % len(TAGS)], "position": 0}


def _card(note: dict[str, Any], bank_id: int, place: int) -> dict[str, Any]:
    prompt, answer = note["prompt"], note["answer"]
    return {
        "id": note["id"],
        "bank_id": bank_id,
        "note_id": note["id"],
        "key": note["content"]["id"],
        "position": place,
        "hidden": False,
        "prompt": prompt,
        "answer": answer,
        "search": folded(f"{prompt}\n{answer}"),
    }


def _item(note: dict[str, Any], bank_id: int, _place: int) -> dict[str, Any]:
    key = note["content"]["id"]
    return {
        "id": note["id"],
        "bank_id": bank_id,
        "note_id": note["id"],
        "card_id": note["id"],
        "key": key,
        "type": "single",
        "draw_order": draw.number(0, f"bank-{bank_id}", key),
    }


def _write_learner(email: str, answers: int, known: int, shape: Shape) -> LearnerSettings:
    """Add a user who has given so many answers, about so many cards: the first ones of each bank."""
    learner = learner_of(create_user(email))
    today = study_day(now(), learner.zone, learner.day_start)
    size = shape.cards // shape.banks
    each = min(size, known // shape.banks)
    met = [bank * size + place + 1 for place in range(each) for bank in range(shape.banks)]
    history = History(answers=answers, card_ids=met, today=today)
    own = {"learner_id": learner.id}
    _insert(
        Review,
        (
            own | _fields(entry, ENTRY_FIELDS) | _fields(entry.memory, MEMORY_FIELDS)
            for entry in history.entries
        ),
    )
    by_card = sorted(history.entries, key=attrgetter("card_id"))
    cards = {card_id: fold(list(entries)) for card_id, entries in groupby(by_card, attrgetter("card_id"))}
    _insert(
        CardMemory,
        (
            own
            | {"card_id": card_id, "last_seq": card.last_seq, "queue": card.memory.queue}
            | _fields(card.memory, MEMORY_FIELDS)
            for card_id, card in cards.items()
        ),
    )
    held = days.total(*(card.days for card in cards.values()))
    _insert(LearnerDay, (own | {"day": day} | _fields(counts, DAY_FIELDS) for day, counts in held.items()))
    for number, quiz in enumerate(history.quizzes, start=1):
        _write_quiz(learner.id, number, quiz)
    return learner


def _write_quiz(learner_id: int, number: int, quiz: list[Entry]) -> None:
    """Store the finished attempt in which these answers were given."""
    sources = banks.item_sources({entry.card_id for entry in quiz})
    asked = [(place, entry, sources[entry.card_id]) for place, entry in enumerate(quiz, start=1)]
    first, last = quiz[0], quiz[-1]
    own = {"learner_id": learner_id, "attempt_id": number}
    attempt = {
        "learner_id": learner_id,
        "id": number,
        "code": f"{learner_id:011}{number:011}",
        "mode": "practice",
        "title": f"Quiz {number}",
        "selection": Wish(count=len(quiz)).to_json(),
        "seed": number,
        "item_count": len(quiz),
        "started_at": first.reviewed_at,
        "started_on": first.study_on,
        "finished_at": last.reviewed_at,
        "points": sum(entry.fraction or 0.0 for entry in quiz),
        "answered": len(quiz),
        "duration_ms": sum(entry.thinking_ms or 0 for entry in quiz),
    }
    items, responses = [], []
    for place, entry, source in asked:
        variant = ITEM_TYPES[source.spec.type].draw(source.spec, number)
        assert variant is not None
        items.append(
            own
            | {
                "position": place,
                "item_id": source.item_id,
                "card_id": source.card_id,
                "bank_id": source.about.bank_id,
                "revision": 1,
                "type": source.spec.type,
                "seed": number,
                "snapshot": {**variant, "key": source.key, "about": asdict(source.about)},
            }
        )
        chosen = next(option for option in variant["options"] if option["right"] == bool(entry.fraction))
        responses.append(
            own
            | {
                "seq": (number - 1) * QUIZ_ITEMS + place,
                "position": place,
                "answer_key": entry.answer_key,
                "answer": [chosen["id"]],
                "fraction": entry.fraction,
                "responded_at": entry.reviewed_at,
                "thinking_ms": entry.thinking_ms,
            }
        )
    shares = scores_by(asked, lambda one: [one[2].about.bank_id], lambda one: one[1].fraction)
    _insert(Attempt, [attempt])
    _insert(AttemptItem, items)
    _insert(ItemResponse, responses)
    _insert(
        AttemptBank,
        [
            own | {"bank_id": bank_id, "items": share.items, "points": share.points}
            for bank_id, share in shares.items()
        ],
    )


def _copy(learner_id: int, times: int, shape: Shape) -> None:
    """Add guests who have answered as this learner has, each about other cards; of their quizzes only the head."""
    at = now()
    guest = {"created_at": at, "seen_at": at, "time_zone": "UTC"}
    for first in range(learner_id + 1, learner_id + 1 + times, COPIES_AT_ONCE):
        ids = range(first, min(first + COPIES_AT_ONCE, learner_id + 1 + times))
        _insert(Learner, [guest | {"id": number} for number in ids])
        for table in (Review, CardMemory, LearnerDay, Attempt, AttemptBank):
            columns = [column.name for column in table.__table__.columns]
            other = {
                "learner_id": "learner.id",
                "card_id": f"(card_id - 1 + learner.id) % {shape.cards} + 1",
                "item_id": f"(item_id - 1 + learner.id) % {shape.cards} + 1",
                "code": "printf('%011d%011d', learner.id, source.id)",
            }
            told = ", ".join(other.get(name, f"source.{name}") for name in columns)
            _run(
                f"INSERT INTO {table.__tablename__} ({', '.join(columns)}) SELECT {told} "
                f"FROM learner CROSS JOIN {table.__tablename__} AS source "
                f"WHERE source.learner_id = {learner_id} AND learner.id BETWEEN {ids[0]} AND {ids[-1]}"
            )


def _fields(value: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def _insert(table: Any, rows: Rows) -> None:
    """Insert rows, so many in one transaction."""
    waiting = iter(rows)
    while some := list(islice(waiting, ROWS_AT_ONCE)):
        unit.run(partial(db.session.execute, insert(table.__table__), some))


def _run(statement: str) -> None:
    unit.run(lambda: db.session.execute(text(statement)))
