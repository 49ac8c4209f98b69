"""What a draft would change in what is published, and what is published of the notes it touches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from quizapp import limits
from quizapp.banks.bankfile import BankFile, bank_file
from quizapp.banks.check import Checked, load
from quizapp.banks.models import Bank, BankVersion, Card, Note, NoteRevision
from quizapp.banks.publishing import queries as published
from quizapp.banks.publishing import service as publishing
from quizapp.banks.publishing.derive import Derived
from quizapp.banks.publishing.plan import Plan
from quizapp.banks.work import TakesLong
from quizapp.db import db
from quizapp.memory import queries as memory
from quizapp.teaching.drafts import queries as drafts
from quizapp.teaching.drafts import service as drafts_service
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.teaching.models import DraftCheck
from quizapp.teaching.plans.excerpt import excerpts
from quizapp.teaching.plans.found import Found, NoteLine, from_json, planned


def found(
    draft: DraftRow,
    checked: Checked,
    derived: Sequence[Derived],
    media: Mapping[str, bytes],
    *,
    user_id: int,
    is_administrator: bool,
) -> Found:
    """Return what checking a draft found; `derived` is empty where it has errors."""
    problems = tuple(excerpts(draft.source, checked.problems))
    bank = checked.bank
    if bank is None:
        return Found(problems, None)
    if not drafts_service.is_free_for(user_id, is_administrator, bank.slug):
        return Found(problems, None, taken=bank.slug)
    plan = publishing.plan_publication(
        bank, source=draft.source, media=media, derived=derived, learners_of=memory.learners_of
    )
    known = published.published_bank(bank.slug)
    retired = _retired_lines(known[0].id, plan.retired) if known else {}
    archived = known is not None and known[0].retired_at is not None
    return Found(
        problems,
        planned(
            plan,
            derived,
            retired,
            bank=bank,
            is_new=known is None,
            archived=archived,
            same_content=known is not None and _says_the_same(known[1], plan, bank, media),
        ),
    )


def _says_the_same(version: BankVersion, plan: Plan, bank: BankFile, media: Mapping[str, bytes]) -> bool:
    """Return whether other bytes than the version's say the same of the bank, in its notes and beside them."""
    if plan.same_file or plan.new or plan.changed or plan.retired:
        return False
    try:
        before = load(version.source, file="", most=limits.READ_AT_ONCE_STEPS)
    except TakesLong:
        return False
    return (
        before.head is not None
        and bank_file(before.head, [note for _, note in before.notes]) == bank
        and drafts.version_media(version.bank_id, version.number) == media
    )


def stored_check(draft: DraftRow, *, user_id: int, is_administrator: bool) -> Found | None:
    """Return what a job found in a large draft, if the draft and its bank are still as they were then.

    Who asks now may not be who asked then, or may no longer change the bank.
    """
    data = db.session.scalar(
        select(DraftCheck.found).where(DraftCheck.draft_id == draft.id, DraftCheck.edits == draft.edits)
    )
    if data is None:
        return None
    result = from_json(data)
    slug = result.taken or (result.planned.slug if result.planned else "")
    free = drafts_service.is_free_for(user_id, is_administrator, slug)
    if not free:
        return replace(result, planned=None, taken=slug)
    if result.taken:
        return None
    if result.planned is not None:
        version = db.session.scalar(select(Bank.version).where(Bank.slug == result.planned.slug)) or 0
        if version + 1 != result.planned.version:
            return None
    return result


def published_contents(slug: str, keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the published contents of these notes of a bank, by written id."""
    query = (
        select(Note.key, NoteRevision.content)
        .join(NoteRevision, (NoteRevision.note_id == Note.id) & (NoteRevision.number == Note.revision))
        .join(Bank, Bank.id == Note.bank_id)
        .where(Bank.slug == slug, Note.key.in_(keys))
    )
    return dict(db.session.execute(query).all()) if keys else {}


def _retired_lines(bank_id: int, keys: Collection[str]) -> dict[str, NoteLine]:
    wanted, lines = set(keys), {}
    query = (
        select(Note.key, Note.type, Card.prompt)
        .outerjoin(Card, (Card.note_id == Note.id) & Card.retired_at.is_(None))
        .where(Note.bank_id == bank_id, Note.retired_at.is_(None))
        .order_by(Note.position, Note.id, Card.position)
    )
    for key, kind, prompt in db.session.execute(query) if wanted else ():
        if key in wanted and key not in lines:
            lines[key] = NoteLine(key, kind, prompt or key)
    return lines
