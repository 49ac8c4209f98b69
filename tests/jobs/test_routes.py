"""The pages of jobs: whose they are, what they say, and what can be done there."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.jobs import service
from quizapp.jobs.states import State
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from tests.factories.accounts import create_user
from tests.factories.jobs import create_job, job, take
from tests.reader import FETCH, Reader, signed_in


@pytest.fixture
def ana(app: Flask) -> int:
    return create_user()


@pytest.fixture
def reader(client: FlaskClient, ana: int) -> Reader:
    return signed_in(client, "ana@example.org")


def test_a_job_tells_its_place_its_progress_and_its_end(reader: Reader, ana: int) -> None:
    create_job(title="Somebody's before")
    code = create_job(user_id=ana)
    page = reader.get(f"/jobs/{code}")
    assert "1 job is ahead of it." in page.text
    first, taken = take(), take()
    unit.run(lambda: service.finish(first, State.DONE, now=now()))
    unit.run(lambda: service.beat(taken, done=1200, total=3000, now=now()))
    page = reader.get(f"/jobs/{code}")
    assert "1,200 of 3,000 done." in page.text
    assert page.soup.find("progress")["value"] == "0.4"
    assert f"/jobs/{code}" in page.links()  # to load it anew, without JavaScript
    result = {"message": "Version 4 is published.", "url": "/help", "label": "Open the bank"}
    unit.run(lambda: service.finish(taken, State.DONE, message=result["message"], result=result, now=now()))
    page = reader.get(f"/jobs/{code}")
    assert "Done Version 4 is published." in page.text
    assert page.soup.find("a", string=lambda text: text and "Open the bank" in text)["href"] == "/help"
    assert "Reload" not in page.text


def test_a_script_gets_the_part_that_changes_until_it_has_ended(reader: Reader, ana: int) -> None:
    code = create_job(user_id=ana)
    piece = reader.client.get(f"/jobs/{code}", headers=FETCH).text
    assert "data-follow" in piece
    assert "<html" not in piece
    unit.run(lambda: service.cancel(job(code).id, now=now()))
    assert "data-follow" not in reader.client.get(f"/jobs/{code}", headers=FETCH).text


def test_a_job_is_cancelled_and_tried_again(reader: Reader, ana: int) -> None:
    code = create_job(user_id=ana)
    reader.get(f"/jobs/{code}")
    assert "Cancelled" in reader.submit("/cancel").text
    stale = reader.page
    assert "It begins in a moment." in reader.submit("/retry").text
    reader.submit("/retry", page=stale, status=409)
    take()
    reader.get(f"/jobs/{code}")
    assert "It was asked to stop" in reader.submit("/cancel").text


def test_what_failed_says_why(reader: Reader, ana: int) -> None:
    code = create_job(user_id=ana)
    taken = take()
    unit.run(lambda: service.finish(taken, State.FAILED, message="The draft is gone.", now=now()))
    assert "Failed The draft is gone." in reader.get(f"/jobs/{code}").text
    assert "failed" in reader.get("/jobs").text


@pytest.mark.parametrize("deed", ["", "/cancel", "/retry"])
def test_a_foreign_job_is_not_there(app: Flask, reader: Reader, deed: str) -> None:
    code = create_job(user_id=create_user("bea@example.org"))
    if deed:
        reader.post(f"/jobs/{code}{deed}", status=404)
        assert job(code).state == State.WAITING
    else:
        reader.get(f"/jobs/{code}", status=404)


def test_an_administrator_sees_everybodys_job(app: Flask, ana: int) -> None:
    create_user("root@example.org", role=Role.ADMINISTRATOR)
    code = create_job(user_id=ana)
    assert "Count to three" in signed_in(app.test_client(), "root@example.org").get(f"/jobs/{code}").text


def test_the_list_holds_ones_own_jobs_at_a_constant_cost(
    app: Flask, reader: Reader, ana: int, statements: list[str]
) -> None:
    assert "No jobs" in reader.get("/jobs").text
    create_job(user_id=create_user("bea@example.org"), title="Publish her bank")
    costs = []
    for many in (1, 30):
        for _ in range(many):
            create_job(user_id=ana)
        statements.clear()
        page = reader.get("/jobs")
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert "1–25 of 31 jobs" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "her bank" not in page.text
