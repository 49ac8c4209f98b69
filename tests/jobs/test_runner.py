"""The runner with real handlers, threads and rows."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from quizapp.accounts import service as accounts
from quizapp.accounts.models import RegistrationCode
from quizapp.db import db
from quizapp.errors import Invalid
from quizapp.jobs import queries, runner, service
from quizapp.jobs.base import Handler, Progress
from quizapp.jobs.states import State
from quizapp.web import unit
from quizapp.web.clock import now
from tests.factories.jobs import create_job, job


def work(app: Flask, handler: Handler, *, stop: threading.Event | None = None) -> bool:
    return runner.run_next({"count": handler}, stop=stop or threading.Event(), context=app.app_context)


def test_a_job_is_done_with_its_arguments_and_its_result_is_kept(app: Flask) -> None:
    code = create_job(arguments={"to": 3})

    def count(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
        for number in range(arguments["to"]):
            progress(number, arguments["to"])
        return {"message": "Counted to 3.", "url": "/"}

    assert work(app, count)
    done = job(code)
    assert (done.state, done.message, done.result) == (
        State.DONE,
        "Counted to 3.",
        {"message": "Counted to 3.", "url": "/"},
    )
    assert not work(app, count)


def test_a_refusal_is_told_in_its_own_words(app: Flask) -> None:
    code = create_job()

    def refuse(_arguments: dict[str, Any], _progress: Progress) -> dict[str, Any]:
        raise Invalid("The bank belongs to somebody else.")

    work(app, refuse)
    assert (job(code).state, job(code).message) == (State.FAILED, "The bank belongs to somebody else.")


def test_a_fault_is_logged_with_its_place_and_told_without_it(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    code = create_job()

    def divide(_arguments: dict[str, Any], _progress: Progress) -> dict[str, Any]:
        return {"never": 1 / 0}

    logging.getLogger("quizapp").addHandler(caplog.handler)
    work(app, divide)
    logging.getLogger("quizapp").removeHandler(caplog.handler)
    assert (job(code).state, job(code).message) == (State.FAILED, runner.FAILED)
    assert any(record.exc_info and record.exc_info[0] is ZeroDivisionError for record in caplog.records)


def test_a_kind_that_is_not_known_fails_with_a_sentence(app: Flask) -> None:
    code = create_job("paint")
    work(app, lambda _arguments, _progress: {})
    assert job(code).message == "This version of the program knows no work of the kind “paint”."


def test_the_heart_beats_while_the_handler_computes_and_brings_the_word_to_stop(app: Flask) -> None:
    """Also inside a unit of work, whose rows then go: nothing half-done stays."""
    code = create_job()

    def count(_arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
        progress(1, 3)
        until = time.monotonic() + 10
        while job(code).done == 0 and time.monotonic() < until:
            time.sleep(0.05)
        assert (job(code).done, job(code).total) == (1, 3)
        unit.run(lambda: service.cancel(job(code).id, now=now()))
        while time.monotonic() < until:
            time.sleep(0.05)
            unit.run(lambda: write(progress))
        raise AssertionError("it was never told to stop")

    def write(progress: Progress) -> None:
        accounts.add_code("half", uses=1, expires_at=None)
        db.session.flush()
        progress(2, 3)
        db.session.rollback()

    work(app, count)
    assert job(code).state == State.CANCELLED
    assert db.session.scalar(select(RegistrationCode.code)) is None


def test_a_job_waits_again_when_the_runner_goes_down(app: Flask) -> None:
    code, stop = create_job(), threading.Event()

    def count(_arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
        stop.set()
        progress(1, 3)
        raise AssertionError("it was not stopped")

    work(app, count, stop=stop)
    assert (job(code).state, job(code).tries) == (State.WAITING, 0)


def test_the_runner_does_what_comes_until_it_is_stopped(app: Flask) -> None:
    stop, seen = threading.Event(), []

    def count(arguments: dict[str, Any], _progress: Progress) -> dict[str, Any]:
        seen.append(arguments["to"])
        if len(seen) == 2:
            stop.set()
        return {}

    for number in (1, 2, 3):
        create_job(arguments={"to": number})
    runner.run({"count": count}, stop=stop, context=app.app_context)
    assert seen == [1, 2]


def test_a_database_that_is_away_is_told_once_and_once_more_when_it_is_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, looks, is_work_left = threading.Event(), 0, queries.is_work_left

    def look(*arguments: Any) -> bool:
        nonlocal looks
        looks += 1
        if looks in {2, 3, 4}:
            raise OperationalError("SELECT", (), Exception("gone"))
        if looks == 7:
            stop.set()
        return is_work_left(*arguments)

    monkeypatch.setattr(queries, "is_work_left", look)
    monkeypatch.setattr(runner, "LOOK_SECONDS", 0)
    runner.run({}, stop=stop, context=app.app_context)
    told = [record.message for record in caplog.records if record.name == "quizapp"]
    assert told == ["jobs_wait", "jobs_go_on"]
    assert looks == 7
