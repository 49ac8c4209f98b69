"""Long lists in pages, whose cost does not grow with the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import Select, func, select

from quizapp import limits
from quizapp.db import db

T = TypeVar("T")

COUNT_CAP = 1000
_PAGE_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Page `number`, from 1, of a list; `total` stops counting above `COUNT_CAP`: then it is `capped`."""

    items: list[T]
    number: int
    size: int
    total: int
    more: bool

    @property
    def capped(self) -> bool:
        return self.total > COUNT_CAP

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1


def page_number() -> int:
    """Return the page that the address asks for; anything unreadable is the first."""
    text = request.args.get("page", "")
    readable = text.isascii() and text.isdigit() and len(text) < 8
    return max(1, min(int(text), _PAGE_MAX)) if readable else 1


def page_of(statement: Select[Any], number: int, *, size: int = limits.PAGE_SIZE) -> Page[Any]:
    """Return page `number` of the rows of `statement`, which is ordered: two statements, however long."""
    rows = list(db.session.execute(statement.limit(size + 1).offset((number - 1) * size)))
    counted = statement.order_by(None).limit(COUNT_CAP + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(counted)) or 0
    return Page(rows[:size], number=number, size=size, total=total, more=len(rows) > size)


def page_in(items: Sequence[T], number: int, *, size: int = limits.PAGE_SIZE) -> Page[T]:
    """Return page `number` of a list that is in memory already."""
    begin = (number - 1) * size
    shown = list(items[begin : begin + size])
    return Page(shown, number=number, size=size, total=len(items), more=begin + size < len(items))
