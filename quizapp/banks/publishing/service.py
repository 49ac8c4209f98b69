"""The use case of publishing: a checked bank becomes the current version, entirely or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, delete, select, update

from quizapp import bulk
from quizapp.banks.check import BankFile
from quizapp.banks.media import examine
from quizapp.banks.models import Bank, BankMedium, BankVersion, Card, Item, Medium, Note, NoteTag
from quizapp.banks.publishing import plan, queries
from quizapp.banks.publishing.derive import CardRow, Derived, ItemRow
from quizapp.banks.publishing.plan import PublishedNote
from quizapp.banks.reader import paused_collection
from quizapp.db import db
from quizapp.errors import Conflict

Revision = tuple[int, int, Derived]  # the note's id, the number of the revision, what it says


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
    wanted = [(entry.key, entry.sha256) for entry in derived]
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
        for tag in entry.tags:
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
) -> Sequence[int]:
    """Insert, revise and order notes; return the id of each of `derived`."""
    connection = db.session.connection()
    new = [entry for entry in derived if entry.key not in known]
    keys = [entry.key for entry in new]
    ids = bulk.new_ids(connection, _table(Note), len(new))
    places, kinds = [entry.position for entry in new], [entry.type for entry in new]
    bulk.insert(
        connection,
        "note",
        ("id", "bank_id", "key", "type", "position", "revision"),
        zip(ids, repeat(bank_id), keys, kinds, places, repeat(1)),
    )
    revised = _revise(connection, known, derived) if known else []
    _write_contents(connection, version, [*revised, *zip(ids, repeat(1), new)])
    numbered = {key: note.id for key, note in known.items()} | dict(zip(keys, ids, strict=True))
    return [numbered[entry.key] for entry in derived] if known else ids


def _revise(
    connection: Connection, known: Mapping[str, PublishedNote], derived: Sequence[Derived]
) -> list[Revision]:
    """Bring known notes to what `derived` says of them, without tags; return those whose content is another."""
    moved, revised = [], []
    for entry in derived:
        if (note := known.get(entry.key)) is None:
            continue
        changed = note.sha256 != entry.sha256
        if changed:
            revised.append((note.id, note.revision + 1, entry))
        if changed or note.retired or (note.type, note.position) != (entry.type, entry.position):
            moved.append((entry.type, entry.position, note.revision + changed, None, note.id))
    bulk.update(connection, "note", ("type", "position", "revision", "retired_at"), moved)
    if revised:
        forget = delete(NoteTag).where(NoteTag.note_id == bindparam("row_id"))
        connection.execute(forget, [{"row_id": note_id} for note_id, _, _ in revised])
    return revised


def _write_contents(connection: Connection, version: int, revisions: Sequence[Revision]) -> None:
    bulk.insert(
        connection,
        "note_revision",
        ("note_id", "number", "bank_version", "content", "sha256"),
        ((note_id, number, version, entry.text, entry.sha256) for note_id, number, entry in revisions),
    )
    bulk.insert(
        connection,
        "note_tag",
        ("note_id", "tag", "position"),
        (
            (note_id, tag, position)
            for note_id, _, entry in revisions
            for position, tag in enumerate(entry.tags)
        ),
    )


def _write_cards(
    bank_id: int, note_ids: Sequence[int], derived: Sequence[Derived], now: dt.datetime
) -> Sequence[int]:
    """Make the cards those of `derived`; return their ids by their positions."""
    columns = ("note_id", *CardRow._fields)
    owned = zip(note_ids, derived, strict=True)
    wanted = [((note_id,), card) for note_id, entry in owned for card in entry.cards]
    return _sync(Card, bank_id, columns, wanted, now)


def _write_items(
    bank_id: int,
    note_ids: Sequence[int],
    card_ids: Sequence[int],
    derived: Sequence[Derived],
    now: dt.datetime,
) -> None:
    columns = ("note_id", "card_id", *ItemRow._fields)
    owned = zip(note_ids, derived, strict=True)
    wanted = [
        ((note_id, card_ids[evidence]), item)
        for note_id, entry in owned
        for item, evidence in zip(entry.items, entry.evidence, strict=True)
    ]
    _sync(Item, bank_id, columns, wanted, now)


def _sync(
    model: type[Card] | type[Item],
    bank_id: int,
    columns: Sequence[str],
    wanted: Sequence[tuple[tuple[int, ...], CardRow | ItemRow]],
    now: dt.datetime,
) -> Sequence[int]:
    """Make the bank's rows of `model` those `wanted`, the rest retired; return the id of each.

    Each of `wanted` is the ids of what a row belongs to, and the row; together they have a value for each of `columns`.
    """
    connection, table = db.session.connection(), _table(model)
    query = select(table.c.key, table.c.id, *(table.c[name] for name in columns), table.c.retired_at)
    known = {row[0]: row[1:] for row in connection.execute(query.where(table.c.bank_id == bank_id))}
    new = [pair for pair in wanted if pair[1].key not in known] if known else wanted
    ids = bulk.new_ids(connection, table, len(new))
    bulk.insert(
        connection,
        table.name,
        ("id", "bank_id", *columns),
        zip(ids, repeat(bank_id)),
        map(itemgetter(0), new),
        map(itemgetter(1), new),
    )
    if not known:
        return ids
    changed = [
        (*owners, *row, None, known[row.key][0])
        for owners, row in wanted
        if row.key in known and known[row.key][1:] != (*owners, *row, None)
    ]
    bulk.update(connection, table.name, (*columns, "retired_at"), changed)
    gone = known.keys() - {row.key for _, row in wanted}
    _retire(model, [known[key][0] for key in gone if known[key][-1] is None], now)
    numbered = {key: columns[0] for key, columns in known.items()}
    numbered.update((row.key, row_id) for row_id, (_, row) in zip(ids, new, strict=True))
    return [numbered[row.key] for _, row in wanted]


def _retire(model: type[Note | Card | Item], ids: Sequence[int], now: dt.datetime) -> None:
    if ids:
        table = _table(model)
        statement = update(table).where(table.c.id == bindparam("row_id")).values(retired_at=now)
        db.session.connection().execute(statement, [{"row_id": row_id} for row_id in ids])


def _table(model: type[Note | Card | Item]) -> Table:
    return cast(Table, model.__table__)
