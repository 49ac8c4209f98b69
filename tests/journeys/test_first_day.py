"""A first day and the morning after: from the first look to the last click, without JavaScript."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile

import time_machine
from flask import Flask
from sqlalchemy import select

from quizapp.accounts.models import Learner, User
from quizapp.db import db
from quizapp.memory.models import Review
from quizapp.quizzes import queries
from quizapp.quizzes.models import Attempt
from tests.factories import banks, quizzes
from tests.reader import Reader

EVENING = dt.datetime(2026, 3, 3, 19, 0, tzinfo=dt.UTC)
PASSWORD = "seven grey herons"
NEWCOMER = {"email": "ana@example.org", "password": PASSWORD, "password_confirm": PASSWORD}


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def drill_three_cards(reader: Reader) -> None:
    for rating in ("3", "4", "1"):
        assert "Show answer" in reader.page.text
        reader.get(f"{reader.page.url}?turned=1")
        reader.submit("/review", {"rating": rating})


def take_the_quiz(reader: Reader, code: str, *, wrong_at: int) -> None:
    db.session.rollback()
    attempt = db.session.execute(select(Attempt).where(Attempt.code == code)).scalar_one()
    for item in queries.items(attempt.learner_id, attempt.id):
        reader.get(f"/quizzes/{code}/{item.position}")
        wrong = item.position == wrong_at
        choice = quizzes.bad_answer(item) if wrong else quizzes.good_answer(item)
        reader.submit("/respond", {"choice": choice})
        assert ("Wrong" if wrong else "Right") in reader.page.soup.find(id="verdict").get_text()


def test_a_first_day_and_the_morning_after(app: Flask) -> None:
    banks.publish()
    reader = Reader(app.test_client())
    with time_machine.travel(EVENING, tick=False) as clock:
        # a visitor has a card before them after one click, and drills as a guest
        reader.get("/")
        reader.submit("/study/start", {"time_zone": "Europe/Zurich"})
        drill_three_cards(reader)
        page = reader.get("/")
        assert "You are here as a guest" in page.text
        assert "2 due" in page.text

        # signing up keeps everything
        reader.get("/register")
        page = reader.submit("/register", NEWCOMER)
        assert "ana@example.org" in page.text
        assert "2 due" in reader.get("/").text
        assert "You are here as a guest" not in reader.page.text

        # a quiz in one click; each mistake is explained, and the result adds up
        reader.get("/banks/sample")
        page = reader.submit("/quizzes/start")
        code = re.fullmatch(r"/quizzes/([\w-]{22})/1", page.url).group(1)
        take_the_quiz(reader, code, wrong_at=2)
        page = reader.get(f"/quizzes/{code}")
        assert page.url.endswith("/result")
        assert "2 of 3 points" in plain(page.text)
        assert "Drill what I missed" in page.text
        reader.post("/logout")

        # the next day it all is there, on another device
        clock.move_to(EVENING + dt.timedelta(hours=13))
        reader = Reader(app.test_client())
        reader.get("/login")
        page = reader.submit("/login", {"email": "ana@example.org", "password": PASSWORD})
        assert re.match(r"[123] due · about 1 minute", plain(page.soup.h1.get_text(" ", strip=True)))
        assert f"/quizzes/{code}/result" in page.links()
        page = reader.get("/history")
        assert "Yesterday 20:" in page.text
        assert f"/quizzes/{code}/result" in page.links()
        page = reader.get(f"/quizzes/{code}/result")
        assert "GABA-B" in page.text
        assert "you would recall" in reader.get("/progress").text

        # everything of one's own to take along
        with reader.client.get("/export.json") as answer:
            told = json.loads(answer.get_data())
        assert [review["kind"] for review in told["reviews"]] == ["drill"] * 3 + ["quiz"] * 3
        assert [attempt["points"] for attempt in told["attempts"]] == [2.0]
        assert told["account"]["time_zone"] == "Europe/Zurich"
        with reader.client.get("/export.zip") as answer:
            names = zipfile.ZipFile(io.BytesIO(answer.get_data())).namelist()
        assert "responses.csv" in names

        # and erased, with everything in it
        reader.get("/account/delete")
        page = reader.submit("/account/delete", {"password": PASSWORD})
        assert "Everything is erased." in page.text
        assert "Start drilling" in page.text
    db.session.rollback()
    for model in (User, Learner, Review, Attempt):
        assert db.session.execute(select(model)).first() is None
