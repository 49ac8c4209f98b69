"""Everything that is kept about one learner, read row by row in the order in which it happened.

What a quiz keeps back until the answer is given is kept back here too: an export tells no key of an open attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, select

from quizapp.accounts.models import Learner, LoginSession, User
from quizapp.banks.items import ITEM_TYPES
from quizapp.banks.items.options import right_ids
from quizapp.banks.models import Bank, Card, Item, Note, ProblemReport
from quizapp.db import db
from quizapp.home.export.fields import ACCOUNT, SECTIONS
from quizapp.memory.kinds import Phase, ReviewKind
from quizapp.memory.models import CardMemory, LearnerDay, Review
from quizapp.quizzes.models import Attempt, AttemptFlag, AttemptItem, ItemResponse
from quizapp.quizzes.modes import MODES
from quizapp.richtext import to_inline_plain, to_plain
from quizapp.study.models import Sitting
from quizapp.web.access import Role

ROWS_AT_ONCE = 500

Row = dict[str, Any]

_learner_id: Any = bindparam("learner_id")
_of_item = and_(Attempt.learner_id == AttemptItem.learner_id, Attempt.id == AttemptItem.attempt_id)


def _at_item(other: Any) -> Any:
    return and_(
        other.learner_id == AttemptItem.learner_id,
        other.attempt_id == AttemptItem.attempt_id,
        other.position == AttemptItem.position,
    )


def account(learner_id: int) -> Row:
    """Return who the learner is and what they chose."""
    columns = [getattr(User if name in {"email", "role"} else Learner, name) for name in ACCOUNT]
    query = select(*columns).outerjoin_from(Learner, User, User.id == Learner.user_id)
    row = dict(db.session.execute(query.where(Learner.id == learner_id)).one()._mapping)
    return row | {"role": Role(Role.GUEST if row["role"] is None else row["role"]).name.lower()}


def rows(section: str, learner_id: int) -> Iterator[Row]:
    """Yield the rows of a section of `fields.SECTIONS`, with exactly its fields."""
    statement, told = _STATEMENTS[section]
    result = db.session.execute(
        statement, {"learner_id": learner_id}, execution_options={"yield_per": ROWS_AT_ONCE}
    )
    for row in result:
        yield told(dict(row._mapping))


def _columns(section: str, model: Any, **others: Any) -> list[Any]:
    """Return the columns of a section: those of `model`, unless `others` has one of that name."""
    return [
        others[name].label(name) if name in others else getattr(model, name) for name in SECTIONS[section]
    ]


def _as_it_is(row: Row) -> Row:
    return row


def _memory(row: Row) -> Row:
    return row | {"phase": Phase(row["phase"]).name.lower()}


def _review(row: Row) -> Row:
    return _memory(row) | {"kind": ReviewKind(row["kind"]).name.lower()}


def _item(row: Row) -> Row:
    """Return an item as it was asked; before the answer may be told, only what the learner has seen of it."""
    snapshot, mode = row["asked"], MODES[row.pop("mode")]
    answered, finished = row.pop("is_answered"), row.pop("finished_at") is not None
    told = finished or (mode.told_at_once and answered)
    texts = {option["id"]: to_inline_plain(option["text"]) for option in snapshot["options"]}
    right = right_ids(snapshot)
    return row | {
        "question": to_plain(snapshot["stem"]),
        "options": list(texts.values()),
        "right_options": [text for id, text in texts.items() if id in right] if told else None,
        "asked": snapshot if told else ITEM_TYPES[row["type"]].present(snapshot),
    }


def _response(row: Row) -> Row:
    snapshot, mode = row.pop("snapshot"), MODES[row.pop("mode")]
    told = row.pop("finished_at") is not None or mode.told_at_once
    chosen = [option["text"] for option in snapshot["options"] if option["id"] in row["answer"]]
    return row | {
        "question": to_plain(snapshot["stem"]),
        "chosen": [to_inline_plain(text) for text in chosen],
        "fraction": row["fraction"] if told else None,
    }


_STATEMENTS: dict[str, tuple[Select[Any], Callable[[Row], Row]]] = {
    "sessions": (
        select(*_columns("sessions", LoginSession))
        .where(LoginSession.learner_id == _learner_id)
        .order_by(LoginSession.id),
        _as_it_is,
    ),
    "reviews": (
        select(
            *_columns(
                "reviews",
                Review,
                bank=Bank.slug,
                card=Card.key,
                item=Item.key,
                copied=Review.origin_learner_id.is_not(None),
            )
        )
        .join_from(Review, Card, Card.id == Review.card_id)
        .join(Bank, Bank.id == Card.bank_id)
        .outerjoin(Item, Item.id == Review.item_id)
        .where(Review.learner_id == _learner_id)
        .order_by(Review.seq),
        _review,
    ),
    "cards": (
        select(
            *_columns(
                "cards", CardMemory, bank=Bank.slug, card=Card.key, prompt=Card.prompt, answer=Card.answer
            )
        )
        .join_from(CardMemory, Card, Card.id == CardMemory.card_id)
        .join(Bank, Bank.id == Card.bank_id)
        .where(CardMemory.learner_id == _learner_id)
        .order_by(CardMemory.card_id),
        _memory,
    ),
    "study_days": (
        select(*_columns("study_days", LearnerDay))
        .where(LearnerDay.learner_id == _learner_id)
        .order_by(LearnerDay.day),
        _as_it_is,
    ),
    "sittings": (
        select(*_columns("sittings", Sitting))
        .where(Sitting.learner_id == _learner_id)
        .order_by(Sitting.started_at, Sitting.id),
        _as_it_is,
    ),
    "attempts": (
        select(*_columns("attempts", Attempt)).where(Attempt.learner_id == _learner_id).order_by(Attempt.id),
        _as_it_is,
    ),
    "attempt_items": (
        select(
            *_columns(
                "attempt_items",
                AttemptItem,
                bank=Bank.slug,
                item=Item.key,
                flagged=exists().where(_at_item(AttemptFlag)),
                question=AttemptItem.position,
                options=AttemptItem.position,
                right_options=AttemptItem.position,
                asked=AttemptItem.snapshot,
            ),
            Attempt.mode,
            Attempt.finished_at,
            exists().where(_at_item(ItemResponse)).label("is_answered"),
        )
        .join_from(AttemptItem, Attempt, _of_item)
        .join(Bank, Bank.id == AttemptItem.bank_id)
        .join(Item, Item.id == AttemptItem.item_id)
        .where(AttemptItem.learner_id == _learner_id)
        .order_by(AttemptItem.attempt_id, AttemptItem.position),
        _item,
    ),
    "responses": (
        select(
            *_columns(
                "responses", ItemResponse, question=ItemResponse.position, chosen=ItemResponse.position
            ),
            AttemptItem.snapshot,
            Attempt.mode,
            Attempt.finished_at,
        )
        .join_from(ItemResponse, AttemptItem, _at_item(ItemResponse))
        .join(Attempt, _of_item)
        .where(ItemResponse.learner_id == _learner_id)
        .order_by(ItemResponse.seq),
        _response,
    ),
    "reports": (
        select(*_columns("reports", ProblemReport, bank=Bank.slug, note=Note.key))
        .join_from(ProblemReport, Note, Note.id == ProblemReport.note_id)
        .join(Bank, Bank.id == Note.bank_id)
        .where(ProblemReport.learner_id == _learner_id)
        .order_by(ProblemReport.id),
        _as_it_is,
    ),
}
