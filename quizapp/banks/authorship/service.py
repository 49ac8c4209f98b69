"""Use cases of a bank's owner and co-authors. Who may do them is asked before; what is said here holds for all."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update

from quizapp.accounts.addresses import normal_address
from quizapp.accounts.models import User
from quizapp.banks.models import Bank, BankAuthor
from quizapp.banks.visibility import Visibility
from quizapp.db import db
from quizapp.errors import Invalid
from quizapp.web.access import Role


def set_visibility(bank_id: int, visibility: Visibility) -> None:
    """Choose who may study a bank."""
    _change(bank_id, visibility=visibility)


def archive(bank_id: int, *, now: dt.datetime) -> None:
    """Offer a bank to nobody any more. Nothing of it, and nobody's history, is lost."""
    db.session.execute(
        update(Bank).where(Bank.id == bank_id, Bank.retired_at.is_(None)).values(retired_at=now)
    )


def unarchive(bank_id: int) -> None:
    """Offer an archived bank again, to whom it was offered before."""
    _change(bank_id, retired_at=None)


def add_author(bank_id: int, email: str) -> str:
    """Let another instructor change a bank, and return their address. Raises Invalid."""
    user_id, address = _instructor(email)
    bank = db.session.get_one(Bank, bank_id)
    if bank.owner_id == user_id:
        raise Invalid(message := "The bank is theirs already.", {"email": message})
    if db.session.get(BankAuthor, (bank_id, user_id)) is None:
        db.session.add(BankAuthor(bank_id=bank_id, user_id=user_id))
    return address


def remove_author(bank_id: int, user_id: int) -> None:
    """Let a co-author no longer change a bank."""
    db.session.execute(delete(BankAuthor).where(BankAuthor.bank_id == bank_id, BankAuthor.user_id == user_id))


def hand_over(bank_id: int, email: str) -> str:
    """Give a bank to another instructor, and return their address; who had it becomes a co-author. Raises Invalid."""
    user_id, address = _instructor(email)
    bank = db.session.get_one(Bank, bank_id)
    if bank.owner_id == user_id:
        raise Invalid(message := "The bank is theirs already.", {"email": message})
    remove_author(bank_id, user_id)
    if bank.owner_id is not None:
        db.session.add(BankAuthor(bank_id=bank_id, user_id=bank.owner_id))
    bank.owner_id = user_id
    return address


def _instructor(email: str) -> tuple[int, str]:
    """Return id and address of an instructor. Of anybody else nothing is said, not even that they are here."""
    address = normal_address(email)
    query = select(User.id).where(User.email == address, User.active, User.role >= Role.INSTRUCTOR)
    user_id = db.session.scalar(query)
    if user_id is None:
        message = "No instructor has this address. An administrator can make somebody one."
        raise Invalid(message, {"email": message})
    return user_id, address


def _change(bank_id: int, **values: object) -> None:
    db.session.execute(update(Bank).where(Bank.id == bank_id).values(**values))
