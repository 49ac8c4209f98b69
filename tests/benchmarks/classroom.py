"""A class of learners at one site, all in one thread: each has a kept-alive connection and a time for each answer.

An answer is due by the clock, whatever became of the one before, and its time is taken from when it was due: a server
that falls behind cannot hide that by being asked less. Browsers compress: so do these.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import brotli

from tests.durability.client import TOKEN, Form, Reply

BANKS = ("baclofen-vs-flexeril", "baclofen-dosing", "baclofen-history")  # as shipped
PAGES = ("/", "/progress", "/history")
QUIZ_EVERY, PAGE_EVERY, QUIZ_ITEMS = 5, 10, 10
RATINGS, WEIGHTS = ("1", "2", "3", "4"), (2, 1, 6, 1)
PATIENCE_SECONDS = 60
ERRORS_KEPT = 5


@dataclass
class Record:
    """What happened: seconds from when an answer was due until its reply was read, and what was no yes."""

    answers: list[float] = field(default_factory=list)
    pages: int = 0
    errors: int = 0
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

    async def get(self, path: str) -> Reply:
        return await self._ask("GET", path, b"")

    async def post(self, form: Form, *, fetch: bool = False, **said: str) -> Reply:
        body = urlencode({"csrf_token": self._token, **form.fields, **said}).encode()
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
        if headers.get("connection", "").lower() == "close":
            await self.close()
        if headers.get("content-encoding") == "br":
            content = brotli.decompress(content)
        reply = Reply(int(lines[0].split(" ")[1]), headers, content.decode())
        if (found := TOKEN.search(reply.text)) is not None:
            self._token = found[1]
        return reply


class Learner:
    """Answers a card, every fifth time a question of a quiz; looks at a page after every tenth answer."""

    def __init__(self, port: int, record: Record, *, seed: int) -> None:
        self._browser, self.record, self._chance = Browser(port), record, random.Random(seed)
        self._card: Form | None = None
        self._question: Form | None = None
        self._attempt, self._position, self._sent = "", QUIZ_ITEMS, seed

    async def begin(self) -> None:
        """Become a guest with a card and a question on the table."""
        await self._browser.get("/study")
        await self._prepare_card()
        await self._prepare_question()

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
        self._sent += 1
        if self._sent % QUIZ_EVERY:
            form = self._card or await self._prepare_card()
            self._card = None
            reply = await self._browser.post(
                form, fetch=True, rating=self._chance.choices(RATINGS, WEIGHTS)[0]
            )
            self._note(form, reply, due)
            self._card = reply.form("/review") or await self._prepare_card()
        else:
            form = self._question or await self._prepare_question()
            self._question = None
            reply = await self._browser.post(form, fetch=True, choice=self._chance.choice(form.choices))
            self._note(form, reply, due)
            await self._prepare_question()
        if self._sent % PAGE_EVERY == 0:
            await self._look(self._chance.choice(PAGES))

    def _note(self, form: Form, reply: Reply, due: float) -> None:
        if reply.status in {200, 303}:
            self.record.answers.append(time.monotonic() - due)
            self.record.acknowledged.add(form.fields["answer_key"])
        else:
            self.record.error(f"{form.action}: {reply.status} {reply.text[:80]!r}")

    async def _look(self, path: str) -> Reply:
        reply = await self._browser.get(path)
        self.record.pages += 1
        if reply.status != 200:
            self.record.error(f"{path}: {reply.status}")
        return reply

    async def _prepare_card(self) -> Form:
        """Begin a drill, with ten new cards at least."""
        start = Form("/study/start", {"bank": self._chance.choice(BANKS), "more": "1"}, ())
        begun = await self._browser.post(start)
        self._card = (await self._look(begun.headers["location"])).form("/review")
        assert self._card is not None, "nothing to drill"
        return self._card

    async def _prepare_question(self) -> Form:
        """Go on to the next question of the quiz, or begin another."""
        self._position += 1
        if self._position > QUIZ_ITEMS:
            start = Form("/quizzes/start", {"mode": "practice", "count": str(QUIZ_ITEMS)}, ())
            self._attempt = (await self._browser.post(start)).headers["location"]
            self._position = 1
        self._question = (await self._look(f"{self._attempt}/{self._position}")).form("/respond")
        assert self._question is not None, "nothing to answer"
        return self._question
