"""The unit of work: the one place of the program that commits and retries."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DatabaseError, DBAPIError

from quizapp import prepared
from quizapp.db import db, is_storage_failure
from quizapp.errors import StorageUnavailable

T = TypeVar("T")

_TRIES = 3
# PostgreSQL: serialization failure and deadlock; another unit has just added what this one found missing.
_CLASHES, _OVERTAKEN = {"40001", "40P01"}, "23505"


def run(work: Callable[[], T]) -> T:
    """Run `work` in one writing transaction, commit, and return its result.

    `work` has no effect outside the database: on PostgreSQL it may run up to three times. Any exception rolls back
    everything. Raises `StorageUnavailable` when the database is locked, full, read-only or gone.
    """
    session = db.session
    for attempt in range(1, _TRIES + 1):
        session.rollback()  # end the read transaction: holding it while waiting for the gate would deadlock upgrades
        try:
            with prepared.on(session.connection(execution_options={"writes": True})):
                result = work()
            session.commit()
            return result
        except DBAPIError as error:
            session.rollback()
            state = getattr(error.orig, "sqlstate", None)
            if state in {*_CLASHES, _OVERTAKEN} and attempt < _TRIES:
                time.sleep(random.uniform(0.02, 0.2))
                continue
            if is_storage_failure(error) or state in _CLASHES:
                message = "The database cannot be written at the moment. Nothing was saved, please retry."
                raise StorageUnavailable(message) from error
            raise
        except BaseException:
            session.rollback()
            raise
    raise AssertionError("unreachable")


def read(work: Callable[[], T]) -> T:
    """Run `work`, which only reads, in a transaction of its own, and return its result.

    Raises `StorageUnavailable` when the database is locked, damaged or gone.
    """
    try:
        return work()
    except DatabaseError as error:
        if is_storage_failure(error):
            raise StorageUnavailable("The database cannot be read at the moment, please retry.") from error
        raise
    finally:
        end_read()


def end_read() -> None:
    """End the read transaction before slow work (hashing, parsing), so that no snapshot is held meanwhile."""
    db.session.rollback()
