"""Which banks are offered to a learner. Every statement that may ask a learner something goes through here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, exists, or_, select

from quizapp.accounts.models import Learner, User
from quizapp.banks.models import Bank, BankAuthor, BankMedium
from quizapp.banks.visibility import Visibility
from quizapp.db import db
from quizapp.web.access import Role

# Aliases, so that a statement which reads these tables too does not take them for its own.
_bank = cast(Table, Bank.__table__).alias("offered_bank")
_author = cast(Table, BankAuthor.__table__).alias("offered_author")
_learner = cast(Table, Learner.__table__).alias("offered_learner")
_user = cast(Table, User.__table__).alias("offered_user")

LearnerId = ColumnElement[int] | int | None


def offered(learner_id: LearnerId) -> Select[Any]:
    """Return the ids of the banks that a learner may study, for use in IN (…); None is a visitor.

    Archived banks are offered to nobody, the others as their visibility says; who may change a bank always sees it.
    It depends on no row of the statement around it, so the database finds the banks once, not for each card.
    """
    return _ids(_is_offered(learner_id))


def in_offered(bank_id: ColumnElement[int], learner_id: LearnerId) -> ColumnElement[bool]:
    """Return whether the bank of a row is offered to a learner, as `offered` says.

    It asks for each row, so it suits statements that look at few rows and run often: however many banks there are,
    it costs them the same.
    """
    return exists(select(1).where(_bank.c.id == bank_id, _is_offered(learner_id)).correlate_except(_bank))


def readable(learner_id: LearnerId) -> Select[Any]:
    """Return the ids of the banks offered to a learner, and of those they may change, archived or not."""
    return _ids(or_(and_(_bank.c.retired_at.is_(None), _is_open(learner_id)), _may_edit(learner_id)))


def is_offered(learner_id: int | None, bank_id: int) -> bool:
    """Return whether a learner may study a bank."""
    return db.session.scalar(offered(learner_id).where(_bank.c.id == bank_id)) is not None


def is_readable(learner_id: int | None, bank_ids: Collection[int]) -> bool:
    """Return whether a learner may look at any of the banks."""
    return db.session.scalar(readable(learner_id).where(_bank.c.id.in_(bank_ids)).limit(1)) is not None


def banks_with_picture(sha256: str) -> list[int]:
    """Return the ids of the banks that name a picture in any version."""
    return list(
        db.session.scalars(select(BankMedium.bank_id).where(BankMedium.sha256 == sha256).distinct()).all()
    )


def _ids(condition: ColumnElement[bool]) -> Select[Any]:
    return select(_bank.c.id).where(condition).correlate(None)


def _is_offered(learner_id: LearnerId) -> ColumnElement[bool]:
    return and_(_bank.c.retired_at.is_(None), or_(_is_open(learner_id), _may_edit(learner_id)))


def _is_open(learner_id: LearnerId) -> ColumnElement[bool]:
    signed_in = _user_id(learner_id).is_not(None)
    return or_(
        _bank.c.visibility == Visibility.EVERYONE, and_(_bank.c.visibility == Visibility.SIGNED_IN, signed_in)
    )


def _may_edit(learner_id: LearnerId) -> ColumnElement[bool]:
    """Return what `authorship.may_edit` says, found from the learner alone."""
    user_id = _user_id(learner_id)
    role = select(_user.c.role).where(_user.c.id == user_id).correlate(None).scalar_subquery()
    co_author = exists().where(_author.c.bank_id == _bank.c.id, _author.c.user_id == user_id)
    return or_(_bank.c.owner_id == user_id, role == Role.ADMINISTRATOR, co_author.correlate(_bank))


def _user_id(learner_id: LearnerId) -> Any:
    nobody = 0 if learner_id is None else learner_id
    return select(_learner.c.user_id).where(_learner.c.id == nobody).correlate(None).scalar_subquery()
