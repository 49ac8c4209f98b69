"""/metrics: nothing where it is not wanted, figures for whoever has the token."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from quizapp.jobs.states import State
from quizapp.upkeep.files import beside
from quizapp.upkeep.service import own_file
from quizapp.web import metrics
from tests.factories.jobs import create_job

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "a-token-for-tests-only"


@pytest.fixture
def measured(make_app: Callable[..., Flask]) -> FlaskClient:
    return make_app(metrics=TOKEN).test_client()


def told(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Return every figure: (name, *values of its labels) → figure."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_a_site_that_is_not_measured_has_no_such_page(client: FlaskClient) -> None:
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 404


@pytest.mark.parametrize(
    "given", [None, "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"]
)
def test_without_the_token_nothing_is_told(measured: FlaskClient, given: str | None) -> None:
    answer = measured.get("/metrics", headers={"Authorization": given} if given else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "quizapp_" not in answer.text


def test_requests_are_counted_by_endpoint_method_and_status(measured: FlaskClient) -> None:
    measured.get("/")
    measured.get("/")
    measured.get("/nowhere/at/all")
    figures = told(measured)
    assert figures["quizapp_requests_total", "home.index", "GET", "200"] == 2
    assert figures["quizapp_requests_total", "none", "GET", "404"] == 1
    assert figures["quizapp_request_seconds_count", "home.index"] == 2
    assert "nowhere" not in str(figures)


def test_the_state_of_the_site_is_told(measured: FlaskClient) -> None:
    figures = told(measured)
    assert figures[("quizapp_database_bytes",)] > 0
    assert figures[("quizapp_disk_free_bytes",)] > 0
    assert {key[1] for key in figures if key[0] == "quizapp_jobs"} == set(State)
    assert ("quizapp_backup_timestamp_seconds",) not in figures  # none was made


@pytest.mark.sqlite_only("a log beside a file")
def test_the_write_ahead_log_is_told_too(measured: FlaskClient) -> None:
    with measured.application.app_context():
        create_job()
        log = beside(own_file(), "-wal").stat().st_size
    assert told(measured)[("quizapp_database_log_bytes",)] == log > 0


@pytest.mark.postgresql_only("it has no such file")
def test_postgresql_has_no_write_ahead_log_to_tell_of(measured: FlaskClient) -> None:
    assert ("quizapp_database_log_bytes",) not in told(measured)


ONE_PROCESS = """
import sys
from pathlib import Path
from flask import Flask
from quizapp.web.meter import Meter

app, meter = Flask("one"), Meter(Path(sys.argv[1]))
app.before_request(meter.begin)
app.after_request(meter.note)
app.test_client().get("/")
print(meter.text([])[0].decode())
"""


def test_processes_that_share_a_folder_are_told_together(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        run = [sys.executable, "-c", ONE_PROCESS, str(tmp_path)]
        environ = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
        printed = subprocess.run(
            run, cwd=ROOT, env=environ, text=True, capture_output=True, check=True
        ).stdout
        assert f'quizapp_requests_total{{endpoint="none",method="GET",status="404"}} {number}.0' in printed
    metrics.forget(tmp_path.parent)  # which looks in its own folder alone
    assert list(tmp_path.iterdir())
    tmp_path.rename(tmp_path.parent / "metrics")
    metrics.forget(tmp_path.parent)
    assert not list((tmp_path.parent / "metrics").iterdir())
