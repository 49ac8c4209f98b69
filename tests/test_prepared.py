"""Prepared statements: what goes in, what comes out, and what is raised."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import bindparam, column, func, literal, select
from sqlalchemy.exc import DBAPIError

from quizapp.db import Day, db
from quizapp.prepared import Prepared, in_places, places, several

TODAY = dt.date(2026, 3, 1)


def test_values_are_converted_as_their_types_say(app: Flask) -> None:
    day = bindparam("day", type_=Day)
    found = Prepared(select(day.label("day"), literal(7), day.is_(None)))
    assert [tuple(row) for row in found.all(day=TODAY)] == [(TODAY, 7, False)]


def test_nothing_found_is_none(app: Flask) -> None:
    nothing = select(column("number")).select_from(select(literal(1).label("number")).subquery())
    assert (
        Prepared(nothing.where(column("number") == bindparam("wanted", type_=Day().impl))).first(wanted=2)
        is None
    )


@pytest.mark.parametrize(("many", "wide"), [(0, 0), (1, 1), (2, 2), (3, 4), (5, 8), (200, 256)])
def test_lists_take_places_by_powers_of_two(many: int, wide: int) -> None:
    values = list(range(many))
    filled = list(in_places("card", values).values())
    assert (places(values), len(filled), set(filled)) == (wide, wide, set(values))
    assert [parameter.key for parameter in several("card", wide)] == list(in_places("card", values))


def test_what_the_driver_refuses_is_raised_as_of_the_session(app: Flask) -> None:
    with pytest.raises(DBAPIError):
        Prepared(select(func.no_such_function())).all()
    db.session.rollback()


def test_listeners_hear_of_each_run(app: Flask, statements: list[str]) -> None:
    one = Prepared(select(literal(1)))
    one.all()
    one.all()
    assert len(statements) == 2
