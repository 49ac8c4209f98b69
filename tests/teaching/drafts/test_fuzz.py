"""Whatever is uploaded, the answer is a page with a sentence, and nothing is published by it."""

from __future__ import annotations

import io
import random

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp.banks.models import Bank, BankVersion, Medium
from quizapp.db import db
from quizapp.web.access import Role
from tests.factories.accounts import create_user
from tests.factories.banks import bank_yaml
from tests.factories.teaching import archive, picture
from tests.reader import signed_in

TOKENS = (
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\t", b": ", b"- ", b"&a ", b"*a", b"!!python/object:os.system ", b"---\n",
    b"{", b"[" * 40, b"'", b'"', b"|\n", b"<<: ", b"%YAML 9\n", b"\xe2\x80\xae", b"\xed\xa0\x80", b"9" * 400, b"#",
)  # fmt: skip


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Return `data` with some bytes changed, cut out, doubled or put in."""
    broken = bytearray(data)
    for _ in range(dice.randrange(1, 6)):
        at, length = dice.randrange(len(broken) + 1), dice.randrange(1, 60)
        match dice.randrange(4):
            case 0:
                broken[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del broken[at : at + length]
            case 2:
                broken[at:at] = broken[at : at + length]
            case _:
                broken[at:at] = dice.choice(TOKENS)
    return bytes(broken)


@pytest.mark.parametrize(
    ("name", "whole", "rounds"),
    [
        ("bank.yaml", bank_yaml(), 60),
        ("bank.zip", archive({"bank.yaml": bank_yaml(), "media/a.png": picture()}), 20),
    ],
)
def test_broken_uploads_are_answered_and_publish_nothing(
    app: Flask, name: str, whole: bytes, rounds: int
) -> None:
    create_user("ines@example.org", role=Role.INSTRUCTOR)
    reader, dice = signed_in(app.test_client(), "ines@example.org"), random.Random(11)
    reader.get("/teach/upload")
    token = reader.token()
    for _ in range(rounds):
        data = mutated(whole, dice)
        fields = {"csrf_token": token, "file": (io.BytesIO(data), name)}
        answer = reader.client.post("/teach/upload", data=fields)
        assert answer.status_code in (303, 422), data
        if answer.status_code == 303:
            page = reader.get(answer.location)
            assert reader.client.get(f"{answer.location}/problems.txt").status_code == 200
            for path in ("receptor", "receptor?show=questions&seed=7"):
                assert reader.client.get(f"{page.url}/preview/{path}").status_code in (200, 404)
            reader.submit("/discard")
    for table in (Bank, BankVersion, Medium):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
