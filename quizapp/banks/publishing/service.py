"""The use case of publishing: a checked bank becomes the current version, entirely or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Dialect, bindparam, delete, select, update

from quizapp import draw
from quizapp.banks.check import BankFile
from quizapp.banks.media import examine
from quizapp.banks.models import (
    Bank,
    BankMedium,
    BankVersion,
    Card,
    Item,
    Medium,
    Note,
    NoteRevision,
    NoteTag,
)
from quizapp.banks.norm import folded
from quizapp.banks.publishing import plan, queries
from quizapp.banks.publishing.derive import Derived
from quizapp.db import db
from quizapp.errors import Conflict
from quizapp.richtext import to_inline_plain, to_plain


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
    wanted = [(entry.note.id, entry.sha256) for entry in derived]
    published = queries.published_bank(bank.slug)
    if published is None:
        return plan.compare({}, wanted, version=1)
    row, version = published
    result = plan.compare(queries.published_notes(row.id), wanted, version=version.number + 1)
    same = version.sha256 == plan.fingerprint(source, media)
    touched = queries.note_ids(row.id, [*result.changed, *result.retired])
    return replace(result, same_file=same, learners=learners_of(touched) if touched else 0)


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
    made = plan_publication(bank, source=source, media=media, derived=derived, learners_of=learners_of)
    if made.same_file:
        return made
    if made.retires_many and not retire_many:
        raise RetiresMany(
            f"This would retire {len(made.retired)} notes, more than a fifth of the bank. Say that you mean it."
        )
    bank_id = _write_bank(bank, made.version, author_id, now)
    _write_version(
        bank,
        derived,
        bank_id=bank_id,
        number=made.version,
        source=source,
        sha256=plan.fingerprint(source, media),
        shipped=shipped,
        author_id=author_id,
        published_at=now,
        changes=made.counts,
    )
    _write_media(bank_id, made.version, media)
    note_ids = _write_notes(bank_id, made, derived, now)
    card_ids = _write_cards(bank_id, note_ids, derived, now)
    _write_items(bank.slug, bank_id, derived, note_ids=note_ids, card_ids=card_ids, now=now)
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
    drilled = sum(not card.hidden for entry in derived for card in entry.cards)
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
        for tag in entry.note.tags:
            count = counts.setdefault(tag, [0, 0])
            count[0] += sum(not card.hidden for card in entry.cards)
            count[1] += len(entry.items)
    return [[tag, *count] for tag, count in counts.items()]


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
    bank_id: int, made: plan.Plan, derived: Sequence[Derived], now: dt.datetime
) -> dict[str, int]:
    """Insert, revise, order and retire notes; return the id of each published note by its written id."""
    rows = {
        row.key: row
        for row in db.session.execute(
            select(Note.id, Note.key, Note.revision, Note.position, Note.type).where(Note.bank_id == bank_id)
        )
    }
    current = {key: note.sha256 for key, note in queries.published_notes(bank_id).items()}
    created, moved, revisions = [], [], []
    for position, entry in enumerate(derived):
        row = rows.get(entry.note.id)
        if row is None:
            created.append(
                {
                    "bank_id": bank_id,
                    "key": entry.note.id,
                    "type": entry.note.type,
                    "position": position,
                    "revision": 1,
                }
            )
            continue
        revision = row.revision + (current[row.key] != entry.sha256)
        moved.append(
            {
                "row_id": row.id,
                "type": entry.note.type,
                "position": position,
                "revision": revision,
                "retired_at": None,
            }
        )
        if revision != row.revision:
            revisions.append((row.id, revision, entry))
    _insert(Note, created)
    _update(Note, moved)
    _retire(Note, [rows[key].id for key in made.retired], now)
    ids = {
        key: note_id
        for note_id, key in db.session.execute(select(Note.id, Note.key).where(Note.bank_id == bank_id))
    }
    revisions += [(ids[entry.note.id], 1, entry) for entry in derived if entry.note.id not in rows]
    _insert(
        NoteRevision,
        [
            {
                "note_id": note_id,
                "number": number,
                "bank_version": made.version,
                "content": entry.content,
                "sha256": entry.sha256,
            }
            for note_id, number, entry in revisions
        ],
    )
    _write_tags([note_id for note_id, _, _ in revisions], [(ids[e.note.id], e.note.tags) for e in derived])
    return ids


def _write_tags(revised: Iterable[int], tagged: Iterable[tuple[int, Sequence[str]]]) -> None:
    touched = set(revised)
    forget = delete(NoteTag).where(NoteTag.note_id == bindparam("row_id"))
    if touched:
        db.session.connection().execute(forget, [{"row_id": note_id} for note_id in touched])
    _insert(
        NoteTag,
        [
            {"note_id": note_id, "tag": tag, "position": position}
            for note_id, tags in tagged
            if note_id in touched
            for position, tag in enumerate(dict.fromkeys(tags))
        ],
    )


def _write_cards(
    bank_id: int, note_ids: Mapping[str, int], derived: Sequence[Derived], now: dt.datetime
) -> dict[str, int]:
    wanted: dict[str, dict[str, Any]] = {}
    for entry in derived:
        for card in entry.cards:
            prompt = to_plain(card.prompt)
            answer = "; ".join(to_inline_plain(answer) for answer in card.answers)
            wanted[card.key] = {
                "bank_id": bank_id,
                "note_id": note_ids[entry.note.id],
                "key": card.key,
                "position": len(wanted),
                "hidden": card.hidden,
                "prompt": prompt,
                "answer": answer,
                "search": folded(f"{prompt}\n{answer}"),
                "retired_at": None,
            }
    return _sync(Card, bank_id, wanted, now)


def _write_items(
    slug: str,
    bank_id: int,
    derived: Sequence[Derived],
    *,
    note_ids: Mapping[str, int],
    card_ids: Mapping[str, int],
    now: dt.datetime,
) -> None:
    first_card = {entry.note.id: next((c.key for c in entry.cards if not c.hidden), "") for entry in derived}
    wanted = {}
    for entry in derived:
        for spec in entry.items:
            evidence = first_card[entry.note.about] if entry.note.about else spec.evidence
            wanted[spec.key] = {
                "bank_id": bank_id,
                "note_id": note_ids[entry.note.id],
                "card_id": card_ids[evidence],
                "key": spec.key,
                "type": spec.type,
                "draw_order": draw.number(0, slug, spec.key),
                "stem": to_plain(spec.stem),
                "retired_at": None,
            }
    _sync(Item, bank_id, wanted, now)


def _sync(
    table: type[Card] | type[Item], bank_id: int, wanted: Mapping[str, dict[str, Any]], now: dt.datetime
) -> dict[str, int]:
    """Make the bank's rows of `table` those `wanted` (by derived key), retire the rest; return ids by key."""
    fields = [name for name in next(iter(wanted.values()), {}) if name not in ("bank_id", "key")]
    columns = [getattr(table, name) for name in fields]
    known = {
        row.key: row
        for row in db.session.execute(select(table.id, table.key, *columns).where(table.bank_id == bank_id))
    }
    changed = [
        {"row_id": known[key].id, **{name: values[name] for name in fields}}
        for key, values in wanted.items()
        if key in known and any(getattr(known[key], name) != values[name] for name in fields)
    ]
    _insert(table, [values for key, values in wanted.items() if key not in known])
    _update(table, changed)
    gone = [
        row.id for key, row in known.items() if key not in wanted and getattr(row, "retired_at", None) is None
    ]
    _retire(table, gone, now)
    return {
        key: row_id
        for row_id, key in db.session.execute(select(table.id, table.key).where(table.bank_id == bank_id))
    }


def _insert(table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows of the same keys by the driver itself: a large bank has ten thousands of them, and to have each
    value of each found again by its name takes longer than to store them."""
    if not rows:
        return
    connection = db.session.connection()
    dialect, columns = connection.dialect, [table.__table__.c[name] for name in rows[0]]
    names = ", ".join(map(dialect.identifier_preparer.format_column, columns))
    marks = ", ".join(["?" if dialect.paramstyle == "qmark" else "%s"] * len(columns))
    values = zip(*(_bound(column, dialect, rows) for column in columns), strict=True)
    connection.exec_driver_sql(
        f"INSERT INTO {dialect.identifier_preparer.format_table(table.__table__)} ({names}) VALUES ({marks})",
        list(values),
    )


def _bound(column: Column[Any], dialect: Dialect, rows: Iterable[dict[str, Any]]) -> Iterable[Any]:
    """Return the values of one column of `rows` as the driver takes them."""
    values = [row[column.name] for row in rows]
    bound = column.type.dialect_impl(dialect).bind_processor(dialect)
    return values if bound is None else map(bound, values)


def _update(table: Any, rows: list[dict[str, Any]]) -> None:
    """Update rows by `row_id`; every other key is a column."""
    if rows:
        columns: Any = {name: bindparam(name) for name in rows[0] if name != "row_id"}
        statement = update(table.__table__).where(table.__table__.c.id == bindparam("row_id"))
        db.session.connection().execute(statement.values(columns), rows)


def _retire(table: Any, ids: Sequence[int], now: dt.datetime) -> None:
    _update(table, [{"row_id": row_id, "retired_at": now} for row_id in ids])
