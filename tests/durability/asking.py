"""Learners whose answer waits to be sent while the storage of a real server is in trouble."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.durability.client import FETCH, JSON, Client, Form, Reply
from tests.server import Server

BANK = "baclofen-vs-flexeril"
PAGES = ("/", "/study", f"/cards?bank={BANK}", "/quizzes", "/history", "/progress", "/help", "/readyz")


@dataclass(frozen=True)
class Asked:
    """A learner in two windows, with an answer that waits to be sent."""

    window: Client
    other: Client
    form: Form
    said: dict[str, object]

    def send(self) -> Reply:
        return self.window.post(self.form.action, {**self.form.fields, **self.said})

    def send_by_script(self) -> Reply:
        return self.other.post(self.form.action, {**self.form.fields, **self.said}, {**FETCH, **JSON})


@contextmanager
def asked_card(site: Server) -> Iterator[Asked]:
    """A guest in the middle of a drill."""
    client = Client(site.port)
    client.get("/study")
    begun = client.post("/study/start", {"bank": BANK, "more": "1"})
    with _in_two_windows(client, client.get(begun.location).form("/review"), {"rating": "3"}) as asked:
        yield asked


@contextmanager
def asked_question(site: Server) -> Iterator[Asked]:
    """A guest in the middle of a quiz."""
    client = Client(site.port)
    form = client.get("/quizzes").form("/quizzes/start")
    assert form is not None
    begun = client.post(form.action, form.fields)
    form = client.get(f"{begun.location}/1").form("/respond")
    assert form is not None
    with _in_two_windows(client, form, {"choice": form.choices[0]}) as asked:
        yield asked


@contextmanager
def _in_two_windows(client: Client, form: Form | None, said: dict[str, object]) -> Iterator[Asked]:
    assert form is not None
    other = client.twin()
    try:
        yield Asked(client, other, form, said)
    finally:
        client.close()
        other.close()


def assert_refused(reply: Reply) -> None:
    """Assert that the answer tells of the trouble, that nothing was saved, and when to come again."""
    assert reply.status == 503, reply
    assert int(reply.headers["retry-after"]) > 0
    assert "Nothing was saved" in reply.text
    if reply.headers["content-type"] != "application/json":  # a script goes by the header
        assert "retry" in reply.text
    for word in ("sqlite", "postgres", "psycopg", "traceback"):
        assert word not in reply.text.lower()
