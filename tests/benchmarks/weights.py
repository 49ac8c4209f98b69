"""Rows 11 and 12: how much is kept of each answer, and how much is sent for the first card."""

from __future__ import annotations

import re
import sqlite3
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient

from quizapp.study import service as study
from quizapp.web import unit
from quizapp.web.clock import now
from tests.benchmarks.measuring import Bench, Measured
from tests.benchmarks.pages import LARGE, SMALL, signed_in

LEARNERS = 20  # of the large site, whose rows are weighed

# Rows come in the order in which a site would have written them, so that pages are as full as they would be.
_ROWS = {
    "card_memory": (
        "SELECT kept.* FROM site.card_memory AS kept JOIN site.review AS met "
        "ON met.learner_id = kept.learner_id AND met.card_id = kept.card_id AND met.previous_seq = 0 "
        f"WHERE kept.learner_id <= {LEARNERS} ORDER BY met.reviewed_at"
    ),
    "review": f"SELECT * FROM site.review WHERE learner_id <= {LEARNERS} ORDER BY reviewed_at",
}
_LINKED = re.compile(r"""<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)""")
_IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']|url\(["']?([^"')]+)""")


def kept(bench: Bench) -> Measured:
    """Weigh tables by themselves, indexes included."""
    database = bench.site(LARGE).folder / "quizapp.sqlite3"
    weights = {table: _weight(database, table) for table in _ROWS}
    told = "; ".join(f"{table} {rows:,} rows, {size / 1e6:.1f} MB" for table, (rows, size) in weights.items())
    return Measured(tuple(size / rows for rows, size in weights.values()), told)


def _weight(database: object, table: str) -> tuple[int, int]:
    """Return how many rows of a table there are, and the bytes of a database that holds nothing else."""
    alone = sqlite3.connect(":memory:")
    alone.execute("ATTACH ? AS site", (str(database),))
    for (statement,) in alone.execute(
        "SELECT sql FROM site.sqlite_master WHERE tbl_name = ? AND type IN ('table', 'index') AND sql IS NOT NULL "
        "ORDER BY type DESC",
        (table,),
    ).fetchall():
        alone.execute(statement)
    rows = alone.execute(f"INSERT INTO main.{table} {_ROWS[table]}").rowcount
    (pages,), (size,) = (
        alone.execute(f"PRAGMA main.{name}").fetchone() for name in ("page_count", "page_size")
    )
    alone.rollback()
    alone.close()
    return rows, pages * size


def sent(bench: Bench) -> Measured:
    """Open a first card with an empty cache: the page, and all that it loads, heads and bodies, compressed."""
    site = bench.site(SMALL)
    assert site.learner is not None
    learner = site.learner
    with site.app.app_context():
        sitting_id = unit.run(lambda: study.start_sitting(learner, now=now()))
    client = signed_in(site, learner)
    sizes: dict[str, int] = {}
    waiting = [f"/study/{sitting_id}"]
    while waiting:
        path = waiting.pop()
        if path not in sizes:
            sizes[path], linked = _received(client, path)
            waiting += linked
    page, *files = sizes.values()
    told = f"the page {page / 1000:.1f} kB, {len(files)} files {sum(files) / 1000:.1f} kB"
    return Measured(sum(sizes.values()) / 1000, told)


def _received(client: FlaskClient, path: str) -> tuple[int, list[str]]:
    """Return the bytes that come over the wire for `path`, and the paths of what it loads in turn."""
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, path
    size = len(answer.data) + sum(len(f"{name}: {value}\r\n") for name, value in answer.headers)
    text = client.get(path, headers={"Accept-Encoding": "identity"}).get_data(as_text=True)
    kind = answer.mimetype
    found = _LINKED.findall(text) if kind == "text/html" else []
    if kind in {"text/css", "text/javascript", "application/javascript"}:
        found = [one or other for one, other in _IMPORTED.findall(text)]
    linked = [urljoin(path, link) for link in found if not link.startswith("data:")]
    return size, [urlsplit(link).path for link in linked]
