"""The use case of publishing: a checked bank becomes the current version, entirely or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, select, update

from quizapp import bulk
from quizapp.banks.check import BankFile
from quizapp.banks.media import examine
from quizapp.banks.models import Bank, BankMedium, BankVersion, Card, Item, Medium, Note, NoteTag
from quizapp.banks.publishing import plan, queries
from quizapp.banks.publishing.derive import CardRow, Derived
from quizapp.banks.publishing.plan import PublishedNote
from quizapp.banks.reader import paused_collection
from quizapp.db import db
from quizapp.errors import Conflict


class RetiresMany(Conflict):
    """The publication would retire more than a fifth of the notes, and nobody said that this is meant."""

    code = "retires_many"


def plan_publication(
    bank: BankFile,
    *,
    source: bytes,
    media: Mapping[str, bytes],
    derived: Iterable[Derived],
    learners_of: Callable[[Sequence[int]], int],
) -> plan.Plan:
    """Return what publishing `bank` would change now. `learners_of` counts those who have begun any of some notes."""
    return _plan(bank.slug, plan.fingerprint(source, media), derived, learners_of)[0]


def _plan(
    slug: str, sha256: str, derived: Iterable[Derived], learners_of: Callable[[Sequence[int]], int]
) -> tuple[plan.Plan, dict[str, PublishedNote]]:
    """Return the plan, and what it is made from: every note that the bank ever had, by written id."""
    wanted = [(entry.note.id, entry.sha256) for entry in derived]
    published = queries.published_bank(slug)
    if published is None:
        return plan.compare({}, wanted, version=1), {}
    row, version = published
    known = queries.published_notes(row.id)
    made = plan.compare(known, wanted, version=version.number + 1)
    touched = [known[key].id for key in (*made.changed, *made.retired)]
    learners = learners_of(touched) if touched else 0
    return replace(made, same_file=version.sha256 == sha256, learners=learners), known


def publish_bank(
    bank: BankFile,
    *,
    source: bytes,
    derived: Sequence[Derived],
    media: Mapping[str, bytes],
    learners_of: Callable[[Sequence[int]], int],
    author_id: int | None,
    shipped: bool,
    retire_many: bool,
    now: dt.datetime,
) -> plan.Plan:
    """Make `bank` the current version, and return what that changed; the same file again changes nothing.

    Raises RetiresMany unless `retire_many` where more than a fifth of the notes would go.
    """
    with paused_collection():
        sha256 = plan.fingerprint(source, media)
        made, known = _plan(bank.slug, sha256, derived, learners_of)
        if made.same_file:
            return made
        if made.retires_many and not retire_many:
            raise RetiresMany(
                f"This would retire {len(made.retired)} notes, more than a fifth of the bank. "
                "Say that you mean it."
            )
        bank_id = _write_bank(bank, made.version, author_id, now)
        _write_version(
            bank,
            derived,
            bank_id=bank_id,
            number=made.version,
            source=source,
            sha256=sha256,
            shipped=shipped,
            author_id=author_id,
            published_at=now,
            changes=made.counts,
        )
        _write_media(bank_id, made.version, media)
        note_ids = _write_notes(bank_id, made.version, known, derived)
        _retire(Note, [known[key].id for key in made.retired], now)
        card_ids = _write_cards(bank_id, note_ids, derived, now)
        _write_items(bank_id, note_ids, card_ids, derived, now)
        return made


def _write_bank(bank: BankFile, version: int, author_id: int | None, now: dt.datetime) -> int:
    row = db.session.execute(select(Bank).where(Bank.slug == bank.slug)).scalar_one_or_none()
    if row is None:
        row = Bank(slug=bank.slug, owner_id=author_id, created_at=now)
        db.session.add(row)
    row.title, row.description, row.version = bank.title, bank.description, version
    db.session.flush()
    return row.id


def _write_version(
    bank: BankFile, derived: Sequence[Derived], *, changes: Mapping[str, int], **columns: Any
) -> None:
    drilled = sum(entry.drilled for entry in derived)
    items = sum(len(entry.items) for entry in derived)
    db.session.add(
        BankVersion(
            **columns,
            language=bank.language,
            license=bank.license,
            notice=bank.notice,
            authors=list(bank.authors),
            sources={name: dict(fields) for name, fields in bank.sources.items()},
            pools={name: [_option(choice) for choice in pool] for name, pool in bank.pools.items()},
            counts={**changes, "notes": len(derived), "cards": drilled, "items": items},
            tags=_tag_counts(derived),
        )
    )
    db.session.flush()


def _option(choice: Any) -> dict[str, Any]:
    return {"text": choice.text, "why": choice.why, "harm": choice.harm, "note": choice.note}


def _tag_counts(derived: Iterable[Derived]) -> list[list[Any]]:
    counts: dict[str, list[int]] = {}
    for entry in derived:
        drilled, items = entry.drilled, len(entry.items)
        for tag in entry.note.tags:
            found = counts.setdefault(tag, [0, 0])
            found[0] += drilled
            found[1] += items
    return [[tag, *found] for tag, found in counts.items()]


def _write_media(bank_id: int, version: int, media: Mapping[str, bytes]) -> None:
    for path, content in media.items():
        sha256 = hashlib.sha256(content).hexdigest()
        if db.session.get(Medium, sha256) is None:
            found = examine(content)
            assert not isinstance(found, str)  # a checked bank has only media that can be shown
            db.session.add(Medium(sha256=sha256, kind=found.kind, content=content))
            db.session.flush()
        db.session.add(BankMedium(bank_id=bank_id, version=version, path=path, sha256=sha256))
    db.session.flush()


def _write_notes(
    bank_id: int, version: int, known: Mapping[str, PublishedNote], derived: Sequence[Derived]
) -> dict[str, int]:
    """Insert, revise and order notes; return the id of each by its written id."""
    connection = db.session.connection()
    new = [(position, entry) for position, entry in enumerate(derived) if entry.note.id not in known]
    ids = bulk.new_ids(connection, _table(Note), len(new))
    bulk.insert(
        connection,
        "note",
        ("id", "bank_id", "key", "type", "position", "revision"),
        (
            (note_id, bank_id, entry.note.id, entry.note.type, position, 1)
            for note_id, (position, entry) in zip(ids, new, strict=True)
        ),
    )
    moved, revised = [], []
    for position, entry in enumerate(derived):
        if (note := known.get(entry.note.id)) is None:
            continue
        revision = note.revision + (note.sha256 != entry.sha256)
        if revision != note.revision:
            revised.append((note.id, revision, entry))
        if (entry.note.type, position, revision, False) != (
            note.type,
            note.position,
            note.revision,
            note.retired,
        ):
            moved.append((entry.note.type, position, revision, None, note.id))
    bulk.update(connection, "note", ("type", "position", "revision", "retired_at"), moved)
    written = [*revised, *((note_id, 1, entry) for note_id, (_, entry) in zip(ids, new, strict=True))]
    bulk.insert(
        connection,
        "note_revision",
        ("note_id", "number", "bank_version", "content", "sha256"),
        ((note_id, number, version, entry.text, entry.sha256) for note_id, number, entry in written),
    )
    if revised:
        forget = delete(NoteTag).where(NoteTag.note_id == bindparam("row_id"))
        connection.execute(forget, [{"row_id": note_id} for note_id, _, _ in revised])
    bulk.insert(
        connection,
        "note_tag",
        ("note_id", "tag", "position"),
        (
            (note_id, tag, position)
            for note_id, _, entry in written
            for position, tag in enumerate(dict.fromkeys(entry.note.tags))
        ),
    )
    numbered = {key: note.id for key, note in known.items()}
    numbered.update((entry.note.id, note_id) for note_id, (_, entry) in zip(ids, new, strict=True))
    return numbered


def _write_cards(
    bank_id: int, note_ids: Mapping[str, int], derived: Sequence[Derived], now: dt.datetime
) -> dict[str, int]:
    position = count()
    return _sync(
        Card,
        bank_id,
        (*CardRow._fields, "note_id", "position"),
        [(*card, note_ids[entry.note.id], next(position)) for entry in derived for card in entry.cards],
        now,
    )


def _write_items(
    bank_id: int,
    note_ids: Mapping[str, int],
    card_ids: Mapping[str, int],
    derived: Sequence[Derived],
    now: dt.datetime,
) -> None:
    _sync(
        Item,
        bank_id,
        ("key", "type", "draw_order", "note_id", "card_id"),
        [
            (key, kind, draw_order, note_ids[entry.note.id], card_ids[evidence])
            for entry in derived
            for key, kind, draw_order, evidence in entry.items
        ],
        now,
    )


def _sync(
    model: type[Card] | type[Item],
    bank_id: int,
    columns: Sequence[str],
    wanted: Sequence[tuple[Any, ...]],
    now: dt.datetime,
) -> dict[str, int]:
    """Make the bank's rows of `model` those `wanted`, the rest retired, and return ids by derived key.

    Each of `wanted` has a value for each of `columns`, of which the first is the key.
    """
    connection, table = db.session.connection(), _table(model)
    query = select(table.c.id, *(table.c[name] for name in columns), table.c.retired_at)
    known = {row[1]: row for row in connection.execute(query.where(table.c.bank_id == bank_id))}
    new = [row for row in wanted if row[0] not in known]
    new_ids = bulk.new_ids(connection, table, len(new))
    bulk.insert(
        connection,
        table.name,
        ("id", "bank_id", *columns),
        ((row_id, bank_id, *row) for row_id, row in zip(new_ids, new, strict=True)),
    )
    numbered = {key: row.id for key, row in known.items()}
    changed = [
        (*row[1:], None, numbered[row[0]])
        for row in wanted
        if row[0] in known and known[row[0]][1:] != (*row, None)
    ]
    bulk.update(connection, table.name, (*columns[1:], "retired_at"), changed)
    gone = known.keys() - {row[0] for row in wanted} if known else ()
    _retire(model, [numbered[key] for key in gone if known[key].retired_at is None], now)
    numbered.update((row[0], row_id) for row_id, row in zip(new_ids, new, strict=True))
    return numbered


def _retire(model: type[Note | Card | Item], ids: Sequence[int], now: dt.datetime) -> None:
    if ids:
        table = _table(model)
        statement = update(table).where(table.c.id == bindparam("row_id")).values(retired_at=now)
        db.session.connection().execute(statement, [{"row_id": row_id} for row_id in ids])


def _table(model: type[Note | Card | Item]) -> Table:
    return cast(Table, model.__table__)
