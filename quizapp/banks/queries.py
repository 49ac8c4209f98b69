"""Every SELECT about content. What a note says is parsed once and remembered under the hash of its content."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from cachetools import LRUCache
from sqlalchemy import bindparam, select

from quizapp.banks import notes
from quizapp.banks.items.base import Choice, ItemSpec
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
from quizapp.banks.notes.base import CardSpec, Shared
from quizapp.banks.notes.common import Note as ParsedNote
from quizapp.banks.offering.queries import offered
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.prepared import Prepared, in_places, places, several


@dataclass(frozen=True, slots=True)
class BankRow:
    """A published bank as a learner chooses it; `tags` are (tag, drilled cards, items) in the file's order."""

    id: int
    slug: str
    title: str
    description: str
    version: int
    notes: int
    cards: int
    items: int
    tags: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Cite:
    """Where a note's statement comes from: a source of the bank, the place in it, the author's own fact id."""

    source: str
    title: str
    author: str = ""
    published: str = ""
    url: str = ""
    at: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What cards and items of one note have in common, as shown after the answer. Texts are Markdown."""

    bank_id: int
    bank_slug: str
    bank_title: str
    note_id: int
    note_key: str
    note_type: str
    revision: int
    explanation: str
    caveat: str
    cites: tuple[Cite, ...]
    tags: tuple[str, ...]
    image_url: str
    alt: str
    credit: str


@dataclass(frozen=True, slots=True)
class CardFace:
    """One card, both sides."""

    card_id: int
    key: str
    hidden: bool
    retired: bool
    prompt: str
    answers: tuple[str, ...]
    accept: tuple[str, ...]
    about: About


@dataclass(frozen=True, slots=True)
class ItemSource:
    """One item, ready to be drawn from a seed."""

    item_id: int
    key: str
    card_id: int
    spec: ItemSpec
    about: About


class _FaceRow(NamedTuple):
    """All that is read about a card to show it; the columns of `_FACES`."""

    id: int
    key: str
    hidden: bool
    retired_at: dt.datetime | None
    bank_id: int
    bank_slug: str
    bank_title: str
    version: int
    version_sha256: str
    note_id: int
    note_key: str
    note_type: str
    revision: int
    content_sha256: str


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A note's content, read: its cards and the fields shown with them."""

    note: ParsedNote
    cards: dict[str, CardSpec]


@dataclass(frozen=True, slots=True)
class _Version:
    shared: Shared
    media: dict[str, str]


class _Memo:
    """A bounded memory shared by the threads of this process, for values that never change under their key."""

    def __init__(self, size: int) -> None:
        self._values: LRUCache[Any, Any] = LRUCache(size)
        self._lock = threading.Lock()

    def get(self, key: Any) -> Any:
        with self._lock:
            return self._values.get(key)

    def put(self, key: Any, value: Any) -> None:
        with self._lock:
            self._values[key] = value


_notes = _Memo(8192)
_versions = _Memo(256)
_faces = _Memo(8192)  # under all that is read about a card: what it shows follows from that alone

_CARD_COLUMNS = (Card.id, Card.key, Card.hidden, Card.retired_at)
_ABOUT_COLUMNS = (
    Bank.id.label("bank_id"),
    Bank.slug.label("bank_slug"),
    Bank.title.label("bank_title"),
    BankVersion.number.label("version"),
    BankVersion.sha256.label("version_sha256"),
    Note.id.label("note_id"),
    Note.key.label("note_key"),
    Note.type.label("note_type"),
    Note.revision,
    NoteRevision.sha256.label("content_sha256"),
)
_FACES = (
    select(*_CARD_COLUMNS, *_ABOUT_COLUMNS)
    .join_from(Card, Note, Card.note_id == Note.id)
    .join(NoteRevision, (NoteRevision.note_id == Note.id) & (NoteRevision.number == Note.revision))
    .join(Bank, Bank.id == Card.bank_id)
    .join(BankVersion, (BankVersion.bank_id == Bank.id) & (BankVersion.number == Bank.version))
)
_SOURCES = (
    select(Item.id, Item.key, Item.card_id, *_ABOUT_COLUMNS)
    .join_from(Item, Note, Item.note_id == Note.id)
    .join(NoteRevision, (NoteRevision.note_id == Note.id) & (NoteRevision.number == Note.revision))
    .join(Bank, Bank.id == Item.bank_id)
    .join(BankVersion, (BankVersion.bank_id == Bank.id) & (BankVersion.number == Bank.version))
    .where(Item.id.in_(bindparam("ids", expanding=True)))
)
_CONTENTS = select(NoteRevision.sha256, NoteRevision.content).where(
    NoteRevision.note_id.in_(bindparam("ids", expanding=True)),
    NoteRevision.sha256.in_(bindparam("hashes", expanding=True)),
)


@cache
def _faces_of(card_places: int) -> Prepared:
    return Prepared(_FACES.where(Card.id.in_(several("card", card_places))))


def card_faces(card_ids: Iterable[int]) -> dict[int, CardFace]:
    """Return the cards of these ids, by id; unknown ids are left out, retired cards are not."""
    ids = list(card_ids)
    found = _faces_of(places(ids)).all(**in_places("card", ids)) if ids else []
    rows = [_FaceRow(*row) for row in found]
    faces = {row.id: _faces.get(row) for row in rows}
    fresh = [row for row in rows if faces[row.id] is None]
    parsed, versions = _parsed(fresh), _bank_versions(fresh)
    for row in fresh:
        note = parsed[row.content_sha256]
        spec = note.cards.get(row.key)  # None for a card that the note's current wording no longer yields
        faces[row.id] = CardFace(
            card_id=row.id,
            key=row.key,
            hidden=row.hidden,
            retired=row.retired_at is not None or spec is None,
            prompt=spec.prompt if spec else "",
            answers=spec.answers if spec else (),
            accept=spec.accept if spec else (),
            about=_about(row, note.note, versions[row.version_sha256], row.key),
        )
        _faces.put(row, faces[row.id])
    return faces


def card_face(card_id: int) -> CardFace:
    """Return one card. Raises NotFound."""
    face = card_faces([card_id]).get(card_id)
    if face is None:
        raise NotFound("This card does not exist.")
    return face


def item_sources(item_ids: Iterable[int]) -> dict[int, ItemSource]:
    """Return the items of these ids, by id; unknown ids and those no longer derived are left out."""
    ids = list(item_ids)
    rows = db.session.execute(_SOURCES, {"ids": ids}).all() if ids else []
    parsed, versions = _parsed(rows), _bank_versions(rows)
    sources = {}
    for row in rows:
        note, version = parsed[row.content_sha256].note, versions[row.version_sha256]
        spec = next((spec for spec in note.items(version.shared) if spec.key == row.key), None)
        if spec is not None:
            about = _about(row, note, version, row.key)
            sources[row.id] = ItemSource(row.id, row.key, row.card_id, spec, about)
    return sources


def _parsed(rows: Sequence[Any]) -> dict[str, _Parsed]:
    """Return the parsed notes of `rows` by content hash, reading from the database only what is not remembered."""
    found = {row.content_sha256: _notes.get(row.content_sha256) for row in rows}
    missing = [sha256 for sha256, value in found.items() if value is None]
    if missing:
        note_ids = [row.note_id for row in rows if found[row.content_sha256] is None]
        for sha256, content in db.session.execute(_CONTENTS, {"ids": note_ids, "hashes": missing}):
            note = notes.load(content)
            found[sha256] = _Parsed(note, {card.key: card for card in note.cards()})
            _notes.put(sha256, found[sha256])
    return found


def _bank_versions(rows: Sequence[Any]) -> dict[str, _Version]:
    """Return what the banks of `rows` share, by the hash of their file."""
    found: dict[str, _Version] = {}
    for row in rows:
        if row.version_sha256 in found:
            continue
        version = _versions.get(row.version_sha256)
        if version is None:
            version = _read_version(row.bank_id, row.version)
            _versions.put(row.version_sha256, version)
        found[row.version_sha256] = version
    return found


def _read_version(bank_id: int, number: int) -> _Version:
    row = db.session.execute(
        select(BankVersion.pools, BankVersion.sources).where(
            BankVersion.bank_id == bank_id, BankVersion.number == number
        )
    ).one()
    media = db.session.execute(
        select(BankMedium.path, BankMedium.sha256).where(
            BankMedium.bank_id == bank_id, BankMedium.version == number
        )
    )
    pools = {name: tuple(Choice(**option) for option in options) for name, options in row.pools.items()}
    return _Version(Shared(pools=pools, sources=row.sources), dict(media.all()))


def _about(row: Any, note: ParsedNote, version: _Version, key: str) -> About:
    told = note.told(key)
    return About(
        bank_id=row.bank_id,
        bank_slug=row.bank_slug,
        bank_title=row.bank_title,
        note_id=row.note_id,
        note_key=row.note_key,
        note_type=row.note_type,
        revision=row.revision,
        explanation=told.explanation,
        caveat=told.caveat,
        cites=tuple(_cite(cite, version.shared) for cite in told.cites),
        tags=tuple(note.tags),
        image_url=f"/media/{version.media[note.image]}" if note.image in version.media else "",
        alt=note.alt,
        credit=note.credit,
    )


def _cite(cite: Any, shared: Shared) -> Cite:
    source = shared.sources.get(cite.source, {})
    return Cite(
        source=cite.source,
        title=source.get("title") or cite.source,
        author=source.get("author", ""),
        published=source.get("published", ""),
        url=source.get("url", ""),
        at=cite.at,
        fact=cite.fact,
    )


_BANKS = (
    select(
        Bank.id,
        Bank.slug,
        Bank.title,
        Bank.description,
        Bank.version,
        BankVersion.counts,
        BankVersion.tags,
    )
    .join(BankVersion, (BankVersion.bank_id == Bank.id) & (BankVersion.number == Bank.version))
    .order_by(Bank.title, Bank.id)
)
_OFFERED = _BANKS.where(Bank.id.in_(offered(bindparam("learner_id"))))
_OFFERED_OF_SLUG = _OFFERED.where(Bank.slug == bindparam("slug"))


def banks(learner_id: int | None) -> list[BankRow]:
    """Return the banks offered to a learner (None: a visitor) by title, with their counts as of publication."""
    return [_bank_row(row) for row in _offered_banks(_OFFERED, learner_id)]


def every_bank() -> list[BankRow]:
    """Return the banks that are not archived by title, whoever may see them."""
    return [_bank_row(row) for row in db.session.execute(_BANKS.where(Bank.retired_at.is_(None)))]


def bank(learner_id: int | None, slug: str) -> BankRow:
    """Return one bank offered to a learner (None: a visitor). Raises NotFound."""
    row = _offered_banks(_OFFERED_OF_SLUG, learner_id, slug=slug).one_or_none()
    if row is None:
        raise NotFound("There is no bank at this address.")
    return _bank_row(row)


def _offered_banks(statement: Any, learner_id: int | None, **values: str) -> Any:
    return db.session.connection().execute(statement, {"learner_id": learner_id or 0, **values})


def _bank_row(row: Any) -> BankRow:
    counts = row.counts
    return BankRow(
        id=row.id,
        slug=row.slug,
        title=row.title,
        description=row.description,
        version=row.version,
        notes=counts["notes"],
        cards=counts["cards"],
        items=counts["items"],
        tags=tuple((tag, cards, items) for tag, cards, items in row.tags),
    )


def bank_version(bank_id: int, number: int) -> BankVersion:
    """Return one publication, with its bytes. Raises NotFound."""
    version = db.session.get(BankVersion, (bank_id, number))
    if version is None:
        raise NotFound("There is no such version.")
    return version


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One publication as a list shows it."""

    number: int
    published_at: dt.datetime
    shipped: bool
    counts: dict[str, int]
    license: str
    notice: str
    authors: tuple[str, ...]
    sources: dict[str, dict[str, str]]


def bank_versions(bank_id: int) -> list[VersionRow]:
    """Return the publications of a bank, newest first."""
    columns = (
        BankVersion.number,
        BankVersion.published_at,
        BankVersion.shipped,
        BankVersion.counts,
        BankVersion.license,
        BankVersion.notice,
        BankVersion.authors,
        BankVersion.sources,
    )
    query = select(*columns).where(BankVersion.bank_id == bank_id).order_by(BankVersion.number.desc())
    return [
        VersionRow(
            number=row.number,
            published_at=row.published_at,
            shipped=row.shipped,
            counts=row.counts,
            license=row.license,
            notice=row.notice,
            authors=tuple(row.authors),
            sources=row.sources,
        )
        for row in db.session.execute(query)
    ]


def medium(sha256: str) -> Medium:
    """Return a picture by the hash of its bytes. Raises NotFound."""
    found = db.session.get(Medium, sha256)
    if found is None:
        raise NotFound("There is no picture at this address.")
    return found


def tag_notes(tag: str) -> Any:
    """Return a subquery of the note ids that carry `tag`, for use in IN (…)."""
    return select(NoteTag.note_id).where(NoteTag.tag == tag)
