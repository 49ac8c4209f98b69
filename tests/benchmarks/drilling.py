"""Learners who answer as fast as they are answered, each over a connection of their own, from a process of their own.

They send what the page's script sends. Only the time from a request's first byte to its answer's last is counted:
what stands between two answers (reading the next card's form) is not.
"""

from __future__ import annotations

import gzip
import html
import multiprocessing
import re
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from urllib.parse import urlencode

_PATIENCE_SECONDS = 60
_FORM = re.compile(rb'<form [^>]*action="([^"]*/review)"(.*?)</form>', re.DOTALL)
_FIELD = re.compile(rb'<input type="hidden" name="(\w+)" value="([^"]*)"')
_LENGTH = re.compile(rb"\r\nContent-Length: *(\d+)\r\n", re.IGNORECASE)
_HEAD = """{method} {path} HTTP/1.1\r
Host: 127.0.0.1:{port}\r
Connection: keep-alive\r
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r
Accept: */*\r
Accept-Encoding: gzip, deflate\r
Accept-Language: en-GB,en;q=0.9\r
Cookie: {cookie}\r
Referer: http://127.0.0.1:{port}{path}\r
"""
_FETCH = "Origin: http://127.0.0.1:{port}\r\nX-Requested-With: fetch\r\n"
_BODY = "Content-Type: application/x-www-form-urlencoded;charset=UTF-8\r\nContent-Length: {length}\r\n"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a learner sits: the address of their drill, and the cookie of their session."""

    drill: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Block:
    """How long each answer took, in seconds, and how many requests were not answered by the next card."""

    seconds: list[float]
    errors: int


class Drillers:
    """A process in which learners drill at the server on `port`."""

    def __init__(self, port: int) -> None:
        fresh = multiprocessing.get_context("spawn")
        self._pipe, theirs = fresh.Pipe()
        self._process = fresh.Process(target=_serve_blocks, args=(theirs, port), daemon=True)
        self._process.start()

    def block(self, desks: Sequence[Desk], answers: int) -> Block:
        """Let every learner give so many answers, all at the same time."""
        self._pipe.send((list(desks), answers))
        block: Block = self._pipe.recv()
        return block

    def end(self) -> None:
        self._pipe.send(None)
        self._process.join(_PATIENCE_SECONDS)


def _serve_blocks(pipe: Connection, port: int) -> None:
    while (asked := pipe.recv()) is not None:
        desks, answers = asked
        pipe.send(_drill([_Learner(port, desk) for desk in desks], answers))


def _drill(learners: list[_Learner], answers: int) -> Block:
    selector, seconds, errors = selectors.DefaultSelector(), [], 0
    for learner in learners:
        learner.open_drill()
        selector.register(learner.socket, selectors.EVENT_READ, learner)
    for learner in learners:
        learner.send()
    left = dict.fromkeys(learners, answers)
    while left:
        ready = selector.select(_PATIENCE_SECONDS)
        assert ready, "the server does not answer"
        for key, _ in ready:
            learner = key.data
            if not learner.receive():
                continue
            seconds.append(learner.took)
            left[learner] -= 1
            if not learner.has_card():
                errors += 1
                left[learner] = 0
            if left[learner]:
                learner.send()
            else:
                del left[learner]
                selector.unregister(learner.socket)
                learner.socket.close()
    return Block(seconds, errors)


class _Learner:
    """One browser's connection, and the card on its table."""

    def __init__(self, port: int, desk: Desk) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as browsers do
        self.took = 0.0
        self._port, self._desk = port, desk
        self._request = self._answer = b""
        self._whole = self._sent_at = 0.0

    def open_drill(self) -> None:
        """Load the page of the drill, which shows the first card."""
        self._request = self._with_head("GET", self._desk.drill)
        self.send()
        while not self.receive():
            pass
        assert self.has_card(), self._answer[:500]

    def send(self) -> None:
        self._answer, self._whole = b"", 0
        self._sent_at = time.perf_counter()
        self.socket.sendall(self._request)

    def receive(self) -> bool:
        """Take what has come, and return whether the answer is whole."""
        came = self.socket.recv(1 << 16)
        assert came, f"the server closed the connection after {self._answer[:500]!r}"
        self._answer += came
        if not self._whole and (end := self._answer.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._answer, 0, end + 2)
            assert length is not None, self._answer[:500]
            self._whole = end + 4 + int(length[1])
        self.took = time.perf_counter() - self._sent_at
        return bool(self._whole) and len(self._answer) >= self._whole

    def has_card(self) -> bool:
        """Return whether the answer shows a card; then have "Good" ready to be sent for it."""
        head, _, body = self._answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            return False
        text = gzip.decompress(body) if b"content-encoding: gzip" in head.lower() else body
        if (form := _FORM.search(text)) is None:
            return False
        fields = {name.decode(): html.unescape(value.decode()) for name, value in _FIELD.findall(form[2])}
        sent = urlencode({**fields, "thinking_ms": "4200", "rating": "3"})
        self._request = self._with_head("POST", html.unescape(form[1].decode()), sent)
        return True

    def _with_head(self, method: str, path: str, body: str | None = None) -> bytes:
        head = _HEAD if body is None else _HEAD + _FETCH + _BODY
        told = head.format(
            method=method, path=path, port=self._port, cookie=self._desk.cookie, length=len(body or "")
        )
        return f"{told}\r\n{body or ''}".encode()
