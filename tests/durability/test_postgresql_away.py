"""Promise 5 on PostgreSQL: while its server is away, or takes no writes, the site says so and saves nothing; afterwards
it goes on by itself."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from quizapp.jobs import runner
from tests import databases
from tests.durability.asking import PAGES, Asked, asked_card, asked_question, assert_refused
from tests.server import PATIENCE_SECONDS, Server, served, within

pytestmark = [
    pytest.mark.usefixtures("database"),
    pytest.mark.postgresql_only("only a server can be away"),
]


@dataclass(frozen=True)
class Site:
    """A site, and the PostgreSQL server of its own that it stands on."""

    server: Server
    postgresql: Any

    @property
    def address(self) -> str:
        url = make_url(self.server.environ["QUIZAPP_DATABASE_URL"])
        return f"postgresql://{url.username}@/{url.database}?host={databases.socket_of(self.postgresql)}"

    def answers(self) -> int:
        """Return how many answers are in the logs."""
        with self.server.database() as connection:
            counts = "SELECT (SELECT count(*) FROM review) + (SELECT count(*) FROM response)"
            return int(connection.exec_driver_sql(counts).scalar_one())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("away") / "site"
    with databases.postgresql_server() as postgresql:
        maker = databases.PostgresqlServer(databases.socket_of(postgresql))
        address = maker.address(folder)
        maker.close()
        with served(folder, QUIZAPP_DATABASE_URL=address) as server:
            yield Site(server, postgresql)


def end_connections(connection: psycopg.Connection) -> None:
    connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@contextmanager
def stopped(site: Site) -> Iterator[None]:
    """The server is stopped, and started again."""
    site.postgresql.stop()
    try:
        yield
    finally:
        site.postgresql.ensure_postgres_running()


@contextmanager
def out_of_reach(site: Site) -> Iterator[None]:
    """Nobody can reach it any more, and who was connected is cut off."""
    [socket] = Path(databases.socket_of(site.postgresql)).glob(".s.PGSQL.*[0-9]")
    with psycopg.connect(site.address, autocommit=True) as connection:
        aside = socket.rename(socket.with_name("aside"))
        end_connections(connection)
    try:
        yield
    finally:
        aside.rename(socket)


@contextmanager
def read_only(site: Site) -> Iterator[None]:
    """It takes no writes, as one that stands in for another does."""
    with psycopg.connect(site.address, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        end_connections(connection)
        yield
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        end_connections(connection)


@pytest.mark.parametrize(
    ("trouble", "shown"),
    [(stopped, 503), (out_of_reach, 503), (read_only, 200)],
    ids=lambda value: getattr(value, "__name__", ""),
)
@pytest.mark.parametrize("asking", [asked_card, asked_question], ids=["card", "question"])
def test_in_trouble_an_answer_is_refused_and_afterwards_the_same_form_is_taken_once(
    site: Site,
    asking: Callable[[Server], AbstractContextManager[Asked]],
    trouble: Callable[[Site], AbstractContextManager[None]],
    shown: int,
) -> None:
    with asking(site.server) as asked:
        before = site.answers()
        with trouble(site):
            assert_refused(asked.send())
            by_script = asked.send_by_script()
            assert_refused(by_script)
            assert json.loads(by_script.text)["error"]["code"] == "storage_unavailable"
            for path in PAGES:
                page = asked.window.get(path)
                assert page.status == shown, path
                if shown == 503:
                    assert_refused(page)
            assert site.server.page("/healthz") == "alive\n"
        assert within(PATIENCE_SECONDS, site.server.is_ready)
        assert site.answers() == before
        assert [asked.send().status, asked.send_by_script().status] in ([303, 200], [303, 303])
        assert site.answers() == before + (1 if asking is asked_card else 2)  # a question teaches its card


def test_the_runner_of_jobs_outlives_it_and_says_so_once(site: Site) -> None:
    before = site.server.printed.count("jobs_wait"), site.server.printed.count("jobs_go_on")
    with out_of_reach(site):
        assert within(PATIENCE_SECONDS, lambda: site.server.printed.count("jobs_wait") > before[0])
        time.sleep(2.5 * runner.LOOK_SECONDS)  # so that it has looked again
    assert within(PATIENCE_SECONDS, lambda: site.server.printed.count("jobs_go_on") > before[1])
    assert site.server.printed.count("jobs_wait") == before[0] + 1


def test_connections_that_were_ended_are_replaced_without_a_word(site: Site) -> None:
    with asked_card(site.server) as asked:
        before = site.answers()
        with psycopg.connect(site.address, autocommit=True) as connection:
            end_connections(connection)
        assert asked.send().status == 303
        assert site.answers() == before + 1


def test_a_server_that_is_away_when_the_site_starts_is_told_without_advice_to_restore(tmp_path: Path) -> None:
    address = f"postgresql://nobody:secret@/nothing?host={tmp_path}"
    site = Server(tmp_path / "site", settings={"QUIZAPP_DATABASE_URL": address})
    site.start()
    assert site.ended() == 1
    assert "cannot be used: " in site.printed
    assert "Nothing was changed. Put that right, then start again." in site.printed
    for word in ("Traceback", "secret", "Restore", "/link/"):
        assert word not in site.printed
