"""The runner: takes jobs in order and does them, one at a time, with a heart that beats beside the handler."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from quizapp.errors import AppError, StorageUnavailable
from quizapp.jobs import queries, service
from quizapp.jobs.base import Handler, Stopped
from quizapp.jobs.service import Taken
from quizapp.jobs.states import State
from quizapp.web import log, unit
from quizapp.web.clock import now

BEAT_SECONDS = 2.0
LOOK_SECONDS = 1.0
SWEEP_EVERY = 3600  # looks
FAILED = "Something went wrong on our side; it was noted in the log. Try it again, or tell us."

_LOGGER = logging.getLogger("quizapp")
Context = Callable[[], AbstractContextManager[Any]]


def run(kinds: Mapping[str, Handler], *, stop: threading.Event, context: Context) -> None:
    """Do jobs as they come, until `stop` is set. `context` opens what a thread needs to reach the database.

    Where that cannot be used, it is asked again and again, and the log has one line when that begins and one when it
    is over.
    """
    looks, waits = 0, False
    while not stop.is_set():
        try:
            if looks % SWEEP_EVERY == 0:
                unit.run(lambda: service.sweep(now=now()))
            looks += 1
            while not stop.is_set() and run_next(kinds, stop=stop, context=context):
                pass
            if waits:
                log.event("jobs_go_on")
            waits = False
        except StorageUnavailable as error:  # the job at hand goes stale, and is taken again
            if not waits:
                log.event("jobs_wait", level=logging.WARNING, error=error.__cause__ or error)
            waits = True
        stop.wait(LOOK_SECONDS)


def run_next(kinds: Mapping[str, Handler], *, stop: threading.Event, context: Context) -> bool:
    """Do the first job that waits or that a dead runner left; return whether there was one."""
    left = unit.read(lambda: queries.is_work_left(service.stale_before(now())))
    taken = unit.run(lambda: service.take(now=now())) if left else None
    if taken is None:
        return False
    log.event("job_begun", job=taken.id, kind=taken.kind)
    with _Heart(taken, stop, context) as progress:
        state, message, result = _outcome(kinds, taken, progress)
    if stop.is_set() and state is State.CANCELLED:
        unit.run(lambda: service.give_back(taken))
    else:
        unit.run(lambda: service.finish(taken, state, message=message, result=result, now=now()))
    log.event("job_ended", job=taken.id, state=state)
    return True


def _outcome(
    kinds: Mapping[str, Handler], taken: Taken, progress: _Heart
) -> tuple[State, str, dict[str, Any] | None]:
    if (handler := kinds.get(taken.kind)) is None:
        return State.FAILED, f"This version of the program knows no work of the kind “{taken.kind}”.", None
    try:
        result = handler(taken.arguments, progress)
    except Stopped:
        return State.CANCELLED, "", None
    except StorageUnavailable:
        raise
    except AppError as error:
        return State.FAILED, error.message, None
    except Exception:
        _LOGGER.exception("job_failed", extra={"fields": {"job": taken.id, "kind": taken.kind}})
        return State.FAILED, FAILED, None
    finally:
        unit.end_read()
    return State.DONE, str(result.get("message", "")), result


class _Heart:
    """Progress of one job: what the handler says is noted here, and written by a thread of its own.

    So a handler that computes for a minute without a word still lives, and one that says a word for each of ten
    thousand notes writes nothing, whether or not it is inside a unit of work.
    """

    def __init__(self, taken: Taken, stop: threading.Event, context: Context) -> None:
        self._taken, self._stop, self._context = taken, stop, context
        self._done = self._total = 0
        self._wanted = True
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __call__(self, done: int, total: int) -> None:
        self._done, self._total = done, total
        if self._stop.is_set() or not self._wanted:
            raise Stopped

    def __enter__(self) -> _Heart:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        missed = False
        while self._wanted and not self._over.wait(BEAT_SECONDS):
            with self._context():
                try:
                    self._wanted = unit.run(self._write)
                    missed = False
                except StorageUnavailable as error:  # the next beat tries again
                    if not missed:
                        log.event("heartbeat_missed", level=logging.WARNING, job=self._taken.id, error=error)
                    missed = True

    def _write(self) -> bool:
        return service.beat(self._taken, done=self._done, total=self._total, now=now())
