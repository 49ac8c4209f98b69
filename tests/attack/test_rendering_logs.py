"""What the log says of hostile requests: one printable line each, and no word of what was sent in confidence."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from flask import Flask

from quizapp.web.access import Role
from quizapp.web.log import _OneLine
from tests.attack.hostile import CONTROLS
from tests.factories.accounts import create_user
from tests.factories.banks import bank_yaml
from tests.reader import Reader

SECRET = "sesame-of-nobody"


@pytest.fixture
def lines(app: Flask) -> Iterator[io.StringIO]:
    """What a server writes to its log."""
    written, logger = io.StringIO(), logging.getLogger("quizapp")
    handler = logging.StreamHandler(written)
    handler.setFormatter(_OneLine())
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)


def test_requests_write_printable_lines_without_secrets(app: Flask, lines: io.StringIO) -> None:
    create_user("ines@example.org", role=Role.INSTRUCTOR, password=SECRET)
    reader = Reader(app.test_client())
    reader.get("/login")
    token = reader.token()
    for fields in (
        {"email": "ines@example.org", "password": f"wrong {SECRET}"},
        {"email": f"a{CONTROLS}@example.org", "password": SECRET},
    ):
        reader.client.post("/login", data=fields | {"csrf_token": token})
    reader.submit("/login", {"email": "ines@example.org", "password": SECRET})
    reader.get("/teach/upload")
    sent = {
        "csrf_token": reader.token(),
        "text": bank_yaml().decode() + SECRET,
        "file": (io.BytesIO(b"\0"), "ZQ\x1b[31m.yaml"),
    }
    assert reader.client.post("/teach/upload", data=sent).status_code == 422
    reader.client.get(f"/link/{SECRET}")
    reader.client.get(
        "/nowhere\r\nfake%0d%0a2026 info login%1b[31m",
        headers={
            "User-Agent": CONTROLS.encode("ascii", "ignore").replace(b"\r", b"").replace(b"\n", b"").decode()
        },
    )
    reader.client.post("/login", data={"csrf_token": SECRET})
    told = lines.getvalue()
    assert told.count("\n") >= 5
    assert all(line.isprintable() and " request=" in line for line in told.rstrip("\n").split("\n")), told
    assert SECRET not in told
    assert "GABA" not in told
