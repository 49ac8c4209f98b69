"""Jobs from being asked for to their end, with every way a runner may be lost."""

from __future__ import annotations

import datetime as dt

import pytest

from quizapp import limits
from quizapp.errors import Conflict
from quizapp.jobs import queries, service
from quizapp.jobs.states import State
from quizapp.web import unit
from quizapp.web.clock import now
from tests.factories.jobs import create_job, job, take

pytestmark = pytest.mark.usefixtures("app")
T0 = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
STALE = dt.timedelta(seconds=limits.JOB_STALE_SECONDS, milliseconds=1)


def test_jobs_are_taken_once_each_in_the_order_they_were_asked_for() -> None:
    codes = [create_job(arguments={"to": number}) for number in (3, 1)]
    assert [take().arguments for _ in codes] == [{"to": 3}, {"to": 1}]
    assert unit.run(lambda: service.take(now=now())) is None
    assert [job(code).state for code in codes] == [State.RUNNING, State.RUNNING]


def test_a_job_whose_heart_beats_is_left_alone_and_one_whose_heart_stopped_is_begun_again() -> None:
    code = create_job(at=T0)
    first = take(T0)
    assert unit.run(lambda: service.beat(first, done=2, total=3, now=T0 + STALE))
    assert unit.run(lambda: service.take(now=T0 + STALE)) is None
    second = take(T0 + 2 * STALE)
    assert (second.id, job(code).tries, job(code).done) == (first.id, 2, 0)
    # The first runner was only asleep: nothing it says counts any more.
    assert not unit.run(lambda: service.beat(first, done=3, total=3, now=T0 + 2 * STALE))
    unit.run(lambda: service.finish(first, State.DONE, now=T0 + 2 * STALE))
    assert job(code).state == State.RUNNING


def test_a_job_that_takes_the_program_down_each_time_is_given_up() -> None:
    code = create_job(at=T0)
    for number in range(limits.JOB_TRIES):
        take(T0 + number * STALE)
    assert unit.run(lambda: service.take(now=T0 + limits.JOB_TRIES * STALE)) is None
    assert (job(code).state, job(code).message) == (State.FAILED, service.GAVE_UP)


def test_a_runner_that_goes_down_in_good_order_costs_the_job_no_try() -> None:
    code = create_job()
    taken = take()
    unit.run(lambda: service.give_back(taken))
    assert (job(code).state, job(code).tries, job(code).started_at) == (State.WAITING, 0, None)


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_is_asked_to_stop() -> None:
    waiting = create_job()
    unit.run(lambda: service.cancel(job(waiting).id, now=T0))
    assert (job(waiting).state, job(waiting).finished_at) == (State.CANCELLED, T0)
    running = create_job()
    taken = take()
    unit.run(lambda: service.cancel(taken.id, now=T0))
    assert job(running).state == State.RUNNING
    assert not unit.run(lambda: service.beat(taken, done=1, total=3, now=now()))
    with pytest.raises(Conflict, match=r"This job has ended already\."):
        unit.run(lambda: service.cancel(job(waiting).id, now=T0))


def test_a_cancelled_job_whose_runner_died_ends_instead_of_beginning_again() -> None:
    code = create_job(at=T0)
    taken = take(T0)
    unit.run(lambda: service.cancel(taken.id, now=T0))
    assert unit.run(lambda: service.take(now=T0 + STALE)) is None
    assert job(code).state == State.CANCELLED


def test_only_what_failed_or_was_cancelled_is_tried_again() -> None:
    code = create_job()
    taken = take()
    with pytest.raises(Conflict, match="Only a job that failed or was cancelled"):
        unit.run(lambda: service.retry(taken.id))
    unit.run(lambda: service.finish(taken, State.FAILED, message="No such draft.", now=now()))
    unit.run(lambda: service.retry(taken.id))
    again = job(code)
    assert (again.state, again.tries, again.message, again.finished_at) == (State.WAITING, 0, "", None)


def test_jobs_are_erased_a_month_after_they_ended() -> None:
    for _ in range(2):
        create_job(at=T0)
    ended, running = take(T0), take(T0)
    unit.run(lambda: service.finish(ended, State.DONE, now=T0))
    month = T0 + dt.timedelta(days=limits.JOB_DAYS)
    assert unit.run(lambda: service.sweep(now=month)) == 0
    assert unit.run(lambda: service.sweep(now=month + dt.timedelta(seconds=1))) == 1
    assert unit.run(lambda: service.beat(running, done=0, total=0, now=month))


def test_jobs_that_nobody_works_on_are_noticed() -> None:
    assert queries.unattended_since(T0) is None
    create_job(at=T0)
    assert queries.unattended_since(T0) == T0
    create_job(at=T0)
    take(T0)
    assert queries.unattended_since(service.stale_before(T0)) is None
    assert queries.unattended_since(service.stale_before(T0 + STALE)) == T0
