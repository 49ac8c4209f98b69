"""Promise 5 on the real server: while its storage is in trouble it says so with 503, stores nothing, shows what it can,
and goes on by itself once the trouble is over.

Files are taken from under it by `rename`; a full disk is played by a limit on the size of files (prlimit), because the
suite may run as root, whom no permission binds, and on machines without loop or tmpfs mounts. SQLite's own "disk is
full" and "read-only" are played on the connections of the app in the process of the test.
"""

from __future__ import annotations

import fcntl
import json
import signal
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from tests.durability.asking import BANK, PAGES, Asked, asked_card, asked_question, assert_refused
from tests.durability.client import Client, Reply
from tests.server import Server, served

resource = pytest.importorskip("resource")
needs_prlimit = pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="limits cannot be set on others here"
)

Trouble = Callable[[Server], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("storage") / "site") as server:
        yield server


@pytest.fixture
def card(site: Server) -> Iterator[Asked]:
    with asked_card(site) as asked:
        yield asked


@pytest.fixture
def question(site: Server) -> Iterator[Asked]:
    with asked_question(site) as asked:
        yield asked


def database(site: Server) -> Path:
    return site.data / "quizapp.sqlite3"


@contextmanager
def full(site: Server) -> Iterator[None]:
    """No file can grow, nor be written beyond its first page."""
    workers = site.workers()
    before = resource.prlimit(workers[0], resource.RLIMIT_FSIZE)
    for worker in workers:
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        for worker in workers:
            resource.prlimit(worker, resource.RLIMIT_FSIZE, before)


@contextmanager
def locked(site: Server) -> Iterator[None]:
    """Another program writes, for longer than a request waits."""
    with closing(sqlite3.connect(database(site), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def gate_held(site: Server) -> Iterator[None]:
    """Another process of quizapp writes, for longer than a request waits."""
    with database(site).with_name("quizapp.sqlite3.gate").open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def moved(name: str) -> Trouble:
    @contextmanager
    def trouble(site: Server) -> Iterator[None]:
        file, aside = site.data / name, site.data / "aside"
        file.rename(aside)
        yield
        assert not file.exists(), "it was made anew"
        aside.rename(file)

    return trouble


@contextmanager
def replaced(site: Server) -> Iterator[None]:
    """Another database lies in the place of the open one."""
    file, aside, other = database(site), site.data / "aside", site.data / "other"
    with closing(sqlite3.connect(other)) as target, closing(sqlite3.connect(file)) as source:
        source.backup(target)
    file.rename(aside)
    other.rename(file)
    before = file.read_bytes()
    yield
    assert file.read_bytes() == before
    aside.rename(file)


TROUBLES: dict[str, Trouble] = {
    "locked": locked,
    "gate held": gate_held,
    "database moved away": moved("quizapp.sqlite3"),
    "log moved away": moved("quizapp.sqlite3-wal"),
    "database replaced": replaced,
}


def answers(site: Server) -> int:
    """Return how many answers are in the logs."""
    with closing(sqlite3.connect(f"file:{database(site)}?mode=ro", uri=True)) as connection:
        return int(
            connection.execute(
                "SELECT (SELECT count(*) FROM review) + (SELECT count(*) FROM response)"
            ).fetchone()[0]
        )


@pytest.mark.parametrize("name", [*TROUBLES, pytest.param("full", marks=needs_prlimit)])
@pytest.mark.parametrize("kind", ["card", "question"])
def test_in_trouble_an_answer_is_refused_and_pages_go_on_and_afterwards_it_is_taken_once(
    request: pytest.FixtureRequest, site: Server, kind: str, name: str
) -> None:
    asked: Asked = request.getfixturevalue(kind)
    before = answers(site)
    with (TROUBLES | {"full": full})[name](site):
        with ThreadPoolExecutor(2) as pool:  # both wait, where there is something to wait for
            page, told = pool.submit(asked.send), pool.submit(asked.send_by_script)
        assert_refused(page.result())
        assert_refused(told.result())
        assert json.loads(told.result().text)["error"]["code"] == "storage_unavailable"
        shown = {path: asked.window.get(path).status for path in PAGES}
        ready = shown.pop("/readyz")
        assert set(shown.values()) == {200}
        assert ready == (503 if "moved" in name or "replaced" in name else 200)
    assert answers(site) == before
    assert [asked.send().status, asked.send_by_script().status] in ([303, 200], [303, 303])
    assert answers(site) == before + (1 if kind == "card" else 2)  # a question teaches its card


def test_a_log_that_was_deleted_takes_nothing_along_when_the_site_is_then_stopped(tmp_path: Path) -> None:
    with served(tmp_path / "site") as site:
        client = Client(site.port)
        client.get("/study")
        page = client.get(client.post("/study/start", {"bank": BANK, "more": "1"}).location)
        page = client.get(_rated(client, page).location)
        database(site).with_name("quizapp.sqlite3-wal").unlink()
        assert_refused(_rated(client, page))
        client.close()
        assert site.stop(signal.SIGTERM) == 0
        assert answers(site) == 1


def _rated(client: Client, page: Reply) -> Reply:
    form = page.form("/review")
    assert form is not None
    return client.post(form.action, {**form.fields, "rating": "3"})
