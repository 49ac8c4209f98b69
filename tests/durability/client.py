"""A browser at a real server: one kept-alive connection, its cookies, and the forms of the page in view."""

from __future__ import annotations

import html
import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.server import PATIENCE_SECONDS

FETCH = {"X-Requested-With": "fetch"}  # as our scripts ask, which put a piece of a page in place
JSON = {"Accept": "application/json"}
TRIES_WHEN_BUSY = (
    12  # each waits five seconds for its turn: on a machine under load a disk may keep all waiting
)

_FORM = re.compile(r'<form\b[^>]*\baction="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
_INPUT = re.compile(r'<input type="(\w+)" name="(\w+)" value="([^"]*)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]*)"')


class NoReply(Exception):
    """The connection ended before the answer did: whether the server has done it is not known."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a page: where it goes, what it sends untouched, and the options of its `choice`."""

    action: str
    fields: Mapping[str, str]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def location(self) -> str:
        return self.headers["location"]

    def form(self, action: str) -> Form | None:
        """Return the first form whose address ends with `action`, if the page has one."""
        for target, inside in _FORM.findall(self.text):
            if target.partition("?")[0].endswith(action):
                inputs = [(kind, name, html.unescape(value)) for kind, name, value in _INPUT.findall(inside)]
                return Form(
                    html.unescape(target),
                    {name: value for kind, name, value in inputs if kind == "hidden"},
                    tuple(value for _, name, value in inputs if name == "choice"),
                )
        return None


@dataclass
class Client:
    """One browser. It follows no redirect, and sends nothing again by itself."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str, headers: Mapping[str, str] = {}) -> Reply:
        return self._send("GET", path, None, headers)

    def post(self, path: str, fields: Mapping[str, object], headers: Mapping[str, str] = {}) -> Reply:
        """Send a form with the token of the last page seen; a list is sent as so many fields."""
        body = urlencode({"csrf_token": self.token, **fields}, doseq=True)
        return self._send("POST", path, body, headers)

    def submit(self, path: str, fields: Mapping[str, object], headers: Mapping[str, str] = {}) -> Reply:
        """Send a form; the same again, for a while, as long as the server is busy and says it has saved nothing."""
        for _ in range(TRIES_WHEN_BUSY):
            reply = self.post(path, fields, headers)
            if reply.status != 503:
                break
            assert "Nothing was saved" in reply.text
        return reply

    def twin(self) -> Client:
        """Return another window of the same browser, with a connection of its own."""
        return Client(self.port, dict(self.cookies), self.token)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Reply:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        said = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        if body is not None:
            said["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, said)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoReply(f"{method} {path}: {error!r}") from error
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if (found := TOKEN.search(text)) is not None:
            self.token = found[1]
        return Reply(answer.status, {name.lower(): value for name, value in answer.headers.items()}, text)
