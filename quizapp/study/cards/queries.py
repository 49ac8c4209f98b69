"""Cards as a list to search through, with what one learner remembers of each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, or_, select

from quizapp.banks.models import Bank, Card
from quizapp.banks.norm import folded
from quizapp.banks.offering.queries import offered
from quizapp.banks.queries import tag_notes
from quizapp.memory.kinds import Phase
from quizapp.memory.models import CardMemory
from quizapp.memory.queries import MEMORY_FIELDS
from quizapp.memory.scheduler import LEECH_LAPSES, NEW_MEMORY, Memory
from quizapp.study.standing import Standing, standing
from quizapp.web.pagination import Page, page_of

_card = cast(Table, Card.__table__)
_bank = cast(Table, Bank.__table__)
_memory = cast(Table, CardMemory.__table__)


@dataclass(frozen=True, slots=True)
class CardFilter:
    """Which cards to list; what is empty leaves all in. `sort` is "written", "due" or "weak"."""

    bank: str = ""
    text: str = ""
    tag: str = ""
    standing: Standing | None = None
    sort: str = "written"


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card in a list; prompt and answer are plain text. `recall` is the probability now, None if unseen."""

    card_id: int
    prompt: str
    answer: str
    bank_title: str
    memory: Memory
    standing: Standing
    recall: float | None


def cards(learner_id: int | None, chosen: CardFilter, *, today: dt.date, page: int) -> Page[CardRow]:
    """Return a page of the cards that `chosen` leaves in; for a visitor all are new."""
    statement = (
        select(
            _card.c.id,
            _card.c.prompt,
            _card.c.answer,
            _bank.c.title,
            *(_memory.c[name] for name in MEMORY_FIELDS),
        )
        .join_from(_card, _bank, _bank.c.id == _card.c.bank_id)
        .outerjoin(_memory, and_(_memory.c.learner_id == (learner_id or 0), _memory.c.card_id == _card.c.id))
        .where(_card.c.hidden.is_(False), _card.c.retired_at.is_(None), _bank.c.id.in_(offered(learner_id)))
    )
    if chosen.bank:
        statement = statement.where(_bank.c.slug == chosen.bank)
    if chosen.text:
        statement = statement.where(_card.c.search.contains(folded(chosen.text), autoescape=True))
    if chosen.tag:
        statement = statement.where(_card.c.note_id.in_(tag_notes(chosen.tag)))
    if chosen.standing is not None:
        statement = statement.where(_stands(chosen.standing, today))
    found = page_of(_sorted(statement, chosen.sort), page)
    return replace(found, items=[_row(row, today) for row in found.items])


def _stands(wanted: Standing, today: dt.date) -> ColumnElement[bool]:
    """Return the condition that is true where `standing.standing` says `wanted`."""
    active = and_(
        _memory.c.suspended.is_(False), or_(_memory.c.buried_on.is_(None), _memory.c.buried_on != today)
    )
    later = and_(active, or_(_memory.c.due_on.is_(None), _memory.c.due_on > today))
    conditions = {
        Standing.NEW: or_(_memory.c.card_id.is_(None), and_(active, _memory.c.phase == Phase.NEW)),
        Standing.LEARNING: and_(later, _memory.c.phase.in_((Phase.LEARNING, Phase.RELEARNING))),
        Standing.REVIEW: and_(later, _memory.c.phase == Phase.REVIEW),
        Standing.DUE: and_(active, _memory.c.phase != Phase.NEW, _memory.c.due_on <= today),
        Standing.BURIED: and_(_memory.c.suspended.is_(False), _memory.c.buried_on == today),
        Standing.SUSPENDED: and_(_memory.c.suspended, _memory.c.lapses < LEECH_LAPSES),
        Standing.LEECH: and_(_memory.c.suspended, _memory.c.lapses >= LEECH_LAPSES),
    }
    return conditions[wanted]


def _sorted(statement: Select[Any], sort: str) -> Select[Any]:
    written = (_card.c.bank_id, _card.c.position, _card.c.id)  # as the index has it
    if sort == "due":
        return statement.order_by(_memory.c.due_on.is_(None), _memory.c.due_on, *written)
    if sort == "weak":
        return statement.order_by(
            _memory.c.difficulty.is_(None), _memory.c.lapses.desc(), _memory.c.difficulty.desc(), *written
        )
    return statement.order_by(*written)


def _row(row: Any, today: dt.date) -> CardRow:
    card_id, prompt, answer, bank_title, phase, *rest = row
    known = NEW_MEMORY if phase is None else Memory(Phase(phase), *rest)
    return CardRow(card_id, prompt, answer, bank_title, known, standing(known, today), known.recall_on(today))
