"""A class of learners at one site, all in one thread: each has a kept-alive connection and a time for each answer.

An answer is due by the clock, whatever became of the one before, and its time is taken from when it was due: a server
that falls behind cannot hide that by being asked less. Browsers compress: so do these. What a busy server puts off
is sent again when it says so, as pages do.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import brotli

from tests.durability.client import TOKEN, Form, Reply

BANKS = ("baclofen-vs-flexeril", "baclofen-dosing", "baclofen-history")  # as shipped
PAGES = ("/", "/progress", "/history")
QUIZ_TAKERS, PAGE_EVERY, QUIZ_ITEMS = 5, 10, 10  # every so many
RATINGS, WEIGHTS = ("1", "2", "3", "4"), (2, 1, 6, 1)
PATIENCE_SECONDS = 600  # bounds what hangs, not what is slow
IDLE_SECONDS = 20  # less than the server keeps a connection on which nothing comes
ERRORS_KEPT = 5


@dataclass
class Record:
    """What happened: seconds from when an answer was due until its reply was read, and what was no yes."""

    answers: list[float] = field(default_factory=list)
    pages: int = 0
    errors: int = 0
    put_off: int = 0  # how often a busy server saved nothing and said when to come again
    told: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)  # answer keys

    def error(self, what: str) -> None:
        self.errors += 1
        self.told = [*self.told, what][:ERRORS_KEPT]


class Browser:
    """One connection, and the cookies of who sits at it."""

    def __init__(self, port: int) -> None:
        self._port, self._cookies, self._token = port, dict[str, str](), ""
        self._stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    async def get(self, path: str) -> Reply:
        return await self._ask("GET", path, b"")

    async def post(self, form: Form, *, fetch: bool = False, **said: object) -> Reply:
        body = urlencode({"csrf_token": self._token, **form.fields, **said}, doseq=True).encode()
        return await self._ask("POST", form.action, body, fetch=fetch)

    async def close(self) -> None:
        if self._stream is not None:
            self._stream[1].close()
            self._stream = None

    async def _ask(self, method: str, path: str, body: bytes, *, fetch: bool = False) -> Reply:
        head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: br"]
        if self._cookies:
            head.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self._cookies.items()))
        if method == "POST":
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        if fetch:
            head.append("X-Requested-With: fetch")
        if time.monotonic() - self._used > IDLE_SECONDS:
            await self.close()
        if self._stream is None:
            self._stream = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._stream
        writer.write("\r\n".join([*head, "", ""]).encode() + body)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
            if name.lower() == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self._cookies[cookie] = kept
        content = await reader.readexactly(int(headers["content-length"]))
        self._used = time.monotonic()
        if headers.get("connection", "").lower() == "close":
            await self.close()
        if headers.get("content-encoding") == "br":
            content = brotli.decompress(content)
        reply = Reply(int(lines[0].split(" ")[1]), headers, content.decode())
        if (found := TOKEN.search(reply.text)) is not None:
            self._token = found[1]
        return reply


class Learner:
    """Answers cards, or every fifth learner the questions of quizzes; looks at a page after each tenth answer."""

    def __init__(self, port: int, record: Record, *, seed: int) -> None:
        self.record = record
        self._browser, self._chance, self._sent = Browser(port), random.Random(seed), seed
        self._takes_quizzes = seed % QUIZ_TAKERS == 0
        self._form: Form | None = None
        self._attempt, self._position = "", QUIZ_ITEMS

    async def begin(self) -> None:
        """Become a guest with a card or a question on the table."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._look("/study")
            await self._open()

    async def study(self, *, first: float, every: float, until: float) -> None:
        """Answer at `first` on the clock of `time.monotonic`, then every so many seconds."""
        due = first
        while due < until:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._answer(due)
            except (OSError, EOFError, TimeoutError) as error:
                self.record.error(repr(error))
                await self._browser.close()
            due += every

    async def leave(self) -> None:
        await self._browser.close()

    async def _answer(self, due: float) -> None:
        form, self._form, self._sent = self._form or await self._open(), None, self._sent + 1
        if self._takes_quizzes:
            said = {"choice": self._chance.choice(form.choices)}
        else:
            said = {"rating": self._chance.choices(RATINGS, WEIGHTS)[0]}
        reply = await self._taken(lambda: self._browser.post(form, fetch=True, **said))
        if reply.status not in {200, 303}:
            self.record.error(f"{form.action}: {reply.status} {reply.text[:80]!r}")
            return
        self.record.answers.append(time.monotonic() - due)
        self.record.acknowledged.add(form.fields["answer_key"])
        self._form = reply.form("/review") or await self._open()  # the answer to a card brings the next
        if self._sent % PAGE_EVERY == 0:
            await self._look(self._chance.choice(PAGES))

    async def _open(self) -> Form:
        """Open the next question of a quiz, or begin a drill with ten new cards at least."""
        if self._takes_quizzes:
            if self._position == QUIZ_ITEMS:
                wish: dict[str, object] = {"mode": "practice", "count": QUIZ_ITEMS}
                self._attempt, self._position = await self._start("/quizzes/start", wish), 0
            self._position += 1
            page = await self._look(f"{self._attempt}/{self._position}")
        else:
            page = await self._look(await self._start("/study/start", {"bank": BANKS, "more": "1"}))
            if page.form("/review") is None:  # all cards are known: the first of them come again
                page = await self._look(await self._start("/study/start", {"bank": BANKS, "order": "ahead"}))
        self._form = page.form("/respond" if self._takes_quizzes else "/review")
        assert self._form is not None, "nothing is left to answer"
        return self._form

    async def _start(self, path: str, fields: dict[str, object]) -> str:
        return (await self._taken(lambda: self._browser.post(Form(path, {}, ()), **fields))).location

    async def _look(self, path: str) -> Reply:
        reply = await self._taken(lambda: self._browser.get(path))
        self.record.pages += 1
        if reply.status != 200:
            self.record.error(f"{path}: {reply.status}")
        return reply

    async def _taken(self, ask: Callable[[], Awaitable[Reply]]) -> Reply:
        """Ask, and the same again as long as the server is busy."""
        while (reply := await ask()).status == 503:
            assert "Nothing was saved" in reply.text
            self.record.put_off += 1
            await asyncio.sleep(int(reply.headers["retry-after"]))
        return reply
