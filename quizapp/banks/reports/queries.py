"""Every SELECT about problem reports: as those see them who may change the bank, and as their reporters do.

Who reported is in no answer to an author.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, func, select

from quizapp.banks.authorship.queries import may_edit
from quizapp.banks.models import Bank, BankVersion, Card, Note, NoteRevision, ProblemReport
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.web.pagination import Page, page_of

VERSIONS_OFFERED = 50


def asked(shown: dict[str, Any]) -> str:
    """Return the prompt or stem that a reporter saw, in Markdown."""
    return str(shown.get("prompt") or shown.get("stem", ""))


@dataclass(frozen=True, slots=True)
class ReportedNote:
    """A note in an inbox: how many reports of it are in this state, and the latest of them."""

    bank_slug: str
    bank_title: str
    key: str
    reports: int
    message: str
    shown: dict[str, Any]
    reported_at: dt.datetime

    @property
    def text(self) -> str:
        return asked(self.shown)


def reported_notes(bank_ids: Collection[int], *, is_open: bool, page: int) -> Page[ReportedNote]:
    """Return a page of the notes of these banks that have open, or else closed, reports: latest report first."""
    latest = (
        select(func.max(ProblemReport.id).label("id"), func.count().label("reports"))
        .join(Note, Note.id == ProblemReport.note_id)
        .where(
            Note.bank_id.in_(bank_ids),
            ProblemReport.closed_at.is_(None) if is_open else ProblemReport.closed_at.is_not(None),
        )
        .group_by(ProblemReport.note_id)
        .subquery()
    )
    statement = (
        select(
            Bank.slug,
            Bank.title,
            Note.key,
            latest.c.reports,
            ProblemReport.message,
            ProblemReport.shown,
            ProblemReport.reported_at,
        )
        .join_from(latest, ProblemReport, ProblemReport.id == latest.c.id)
        .join(Note, Note.id == ProblemReport.note_id)
        .join(Bank, Bank.id == Note.bank_id)
        .order_by(latest.c.id.desc())
    )
    found = page_of(statement, page)
    return replace(found, items=[ReportedNote(*row) for row in found.items])


@dataclass(frozen=True, slots=True)
class NoteNow:
    """A note as it stands: `revision` came with version `version` of its bank."""

    id: int
    key: str
    revision: int
    version: int
    is_retired: bool


def note_now(bank_id: int, key: str) -> NoteNow:
    """Return the note of this written id. Raises NotFound."""
    row = db.session.execute(
        select(Note.id, Note.key, Note.revision, NoteRevision.bank_version, Note.retired_at.is_not(None))
        .join(NoteRevision, and_(NoteRevision.note_id == Note.id, NoteRevision.number == Note.revision))
        .where(Note.bank_id == bank_id, Note.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such note in this bank.")
    return NoteNow(*row)


@dataclass(frozen=True, slots=True)
class Report:
    """What one learner reported, and what became of it. The wording seen came with version `shown_in`."""

    id: int
    kind: str
    message: str
    shown: dict[str, Any]
    revision: int
    shown_in: int
    reported_at: dt.datetime
    reply: str | None
    replied_at: dt.datetime | None
    fixed_in: int | None
    closed_at: dt.datetime | None

    @property
    def text(self) -> str:
        return asked(self.shown)


_REPORT = (
    ProblemReport.id,
    ProblemReport.kind,
    ProblemReport.message,
    ProblemReport.shown,
    ProblemReport.revision,
    NoteRevision.bank_version,
    ProblemReport.reported_at,
    ProblemReport.reply,
    ProblemReport.replied_at,
    ProblemReport.fixed_in,
    ProblemReport.closed_at,
)
_SEEN_WORDING = and_(
    NoteRevision.note_id == ProblemReport.note_id, NoteRevision.number == ProblemReport.revision
)


def note_reports(note_id: int, *, page: int) -> Page[Report]:
    """Return a page of all that was reported about a note, open reports first, then the latest."""
    statement = (
        select(*_REPORT)
        .join(NoteRevision, _SEEN_WORDING)
        .where(ProblemReport.note_id == note_id)
        .order_by(ProblemReport.closed_at.is_not(None), ProblemReport.id.desc())
    )
    found = page_of(statement, page)
    return replace(found, items=[Report(*row) for row in found.items])


def versions_since(bank_id: int, number: int) -> list[tuple[int, dt.datetime]]:
    """Return the versions of a bank after `number`, newest first, with their times of publication."""
    rows = db.session.execute(
        select(BankVersion.number, BankVersion.published_at)
        .where(BankVersion.bank_id == bank_id, BankVersion.number > number)
        .order_by(BankVersion.number.desc())
        .limit(VERSIONS_OFFERED)
    )
    return [(version, published_at) for version, published_at in rows]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report belongs."""

    bank_id: int
    bank_slug: str
    bank_title: str
    note_key: str
    learner_id: int


def place_of(report_id: int, *, user_id: int, is_administrator: bool) -> Place:
    """Return where a report belongs. Raises NotFound, also where the user may not change its bank."""
    row = db.session.execute(
        select(Bank.id, Bank.slug, Bank.title, Note.key, ProblemReport.learner_id)
        .join_from(ProblemReport, Note, Note.id == ProblemReport.note_id)
        .join(Bank, Bank.id == Note.bank_id)
        .where(ProblemReport.id == report_id)
    ).one_or_none()
    if row is None or not may_edit(user_id, is_administrator, row[0]):
        raise NotFound("There is no such report about a bank of yours.")
    return Place(*row)


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report as its reporter sees it; `card_id` is None where it was about a question of a quiz."""

    report: Report
    bank_slug: str
    bank_title: str
    seen_at: dt.datetime | None
    card_id: int | None


def own_reports(learner_id: int, *, page: int) -> Page[OwnReport]:
    """Return a page of what a learner reported: what happened last comes first."""
    statement = (
        select(*_REPORT, Bank.slug, Bank.title, ProblemReport.seen_at, Card.id)
        .join(NoteRevision, _SEEN_WORDING)
        .join(Note, Note.id == ProblemReport.note_id)
        .join(Bank, Bank.id == Note.bank_id)
        .outerjoin(
            Card,
            and_(ProblemReport.kind == "card", Card.bank_id == Note.bank_id, Card.key == ProblemReport.key),
        )
        .where(ProblemReport.learner_id == learner_id)
        .order_by(
            func.coalesce(ProblemReport.replied_at, ProblemReport.reported_at).desc(), ProblemReport.id.desc()
        )
    )
    found = page_of(statement, page)
    known = len(_REPORT)
    return replace(found, items=[OwnReport(Report(*row[:known]), *row[known:]) for row in found.items])


_UNSEEN = and_(ProblemReport.replied_at.is_not(None), ProblemReport.seen_at.is_(None))


def unseen_answers(learner_id: int) -> int:
    """Return how many answers to the learner's reports they have not seen."""
    query = select(func.count()).where(ProblemReport.learner_id == learner_id, _UNSEEN)
    return db.session.scalars(query).one()


def report_count(learner_id: int) -> int:
    """Return how much a learner reported."""
    query = select(func.count()).where(ProblemReport.learner_id == learner_id)
    return db.session.scalars(query).one()
