"""Downloads of everything of one's own: complete, of nobody else, and without a key that was not told."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks import service
from quizapp.db import db
from quizapp.home.export.fields import ACCOUNT, SECTIONS, TABLES
from quizapp.web import unit
from tests.factories import banks, quizzes, study
from tests.factories.accounts import create_user, learner_of
from tests.factories.memory import MORNING, drill
from tests.reader import Reader, signed_in

EMAIL = "ana@example.org"
KEY_WORDS = ("GABA-B receptor", "Ketamine blocks it", '"right"', '"harm"', '"why"')


@pytest.fixture
def ana(app: Flask) -> LearnerSettings:
    banks.publish(quizzes.MIXED)
    return learner_of(create_user(EMAIL))


@pytest.fixture
def reader(client: FlaskClient, ana: LearnerSettings) -> Reader:
    return signed_in(client, EMAIL)


def as_json(reader: Reader) -> dict[str, list[dict[str, object]]]:
    with reader.client.get("/export.json") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "application/json"
        assert "attachment; filename=quizapp-" in answer.headers["Content-Disposition"]
        return json.loads(answer.get_data())


def as_tables(reader: Reader) -> dict[str, list[dict[str, str]]]:
    with reader.client.get("/export.zip") as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.get_data()))
    assert archive.testzip() is None
    return {
        name.removesuffix(".csv"): list(
            csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline=""))
        )
        for name in archive.namelist()
    }


def report(learner: LearnerSettings, message: str) -> None:
    note_id = db.session.execute(db.text("SELECT id FROM note WHERE key = 'receptor'")).scalar_one()
    unit.run(
        lambda: service.report_problem(
            learner_id=learner.id,
            note_id=note_id,
            revision=1,
            key="receptor",
            kind="card",
            message=message,
            shown={},
            now=MORNING,
        )
    )


def do_everything(learner: LearnerSettings) -> None:
    drill(learner, study.cards_of("sample")[0], now=MORNING, thinking_ms=4000)
    quizzes.answer_all(learner, quizzes.start(learner, banks=("sample",)), wrong=[1])
    study.start(learner)
    report(learner, "=HYPERLINK(1)")


def test_an_export_has_everything_with_exactly_the_documented_fields(
    reader: Reader, ana: LearnerSettings
) -> None:
    do_everything(ana)
    told = as_json(reader)
    assert list(told) == ["exported_at", "fields", "account", *SECTIONS]
    assert told["fields"] == {"account": ACCOUNT, **SECTIONS}
    assert list(told["account"]) == list(ACCOUNT)
    assert told["account"]["email"] == EMAIL
    for section, fields in SECTIONS.items():
        assert told[section], section
        assert {tuple(row) for row in told[section]} == {tuple(fields)}, section
    assert [review["kind"] for review in told["reviews"]] == ["drill", "quiz", "quiz", "quiz"]
    assert told["reviews"][0]["reviewed_at"] == "2026-03-03T09:00:00.000Z"
    assert len(told["attempt_items"]) == len(told["responses"]) == 3
    assert sorted(response["fraction"] for response in told["responses"])[0] < 1
    assert told["attempt_items"][0]["asked"]["about"]["bank_slug"] == "sample"


def test_no_column_of_the_logs_is_forgotten() -> None:
    left_out = {"learner_id", "card_id", "item_id", "answer_key", "origin_learner_id"}
    columns = {column.name for column in inspect(db.metadata.tables["review"]).columns}
    assert columns - left_out == set(SECTIONS["reviews"]) - {"bank", "card", "item", "copied"}
    columns = {column.name for column in inspect(db.metadata.tables["response"]).columns}
    assert columns - left_out == set(SECTIONS["responses"]) - {"question", "chosen"}


def test_the_tables_open_in_a_spreadsheet(reader: Reader, ana: LearnerSettings) -> None:
    do_everything(ana)
    tables = as_tables(reader)
    assert tuple(tables) == ("account", *TABLES)
    assert [row["email"] for row in tables["account"]] == [EMAIL]
    assert all(list(tables[name][0]) == list(SECTIONS[name]) for name in TABLES)
    assert {"study_days", "sittings", "attempt_items"} <= set(TABLES)
    asked = next(item for item in tables["attempt_items"] if "GABA-B" in item["options"])
    assert asked["question"]
    assert asked["right_options"] in asked["options"].split(" | ")
    assert tables["reviews"][0]["rating"] == "3"
    assert tables["reviews"][0]["thinking_ms"] == "4000"
    assert tables["reports"][0]["message"] == "'=HYPERLINK(1)"
    assert {response["chosen"] for response in tables["responses"]} & {"GABA-B", "Kidney"}


def test_nothing_of_somebody_else_is_in_it(reader: Reader) -> None:
    other = learner_of(create_user("ben@example.org"))
    do_everything(other)
    told = as_json(reader)
    assert not any(told[section] for section in SECTIONS if section != "sessions")
    assert len(told["sessions"]) == 1
    tables = as_tables(reader)
    assert [row["email"] for row in tables.pop("account")] == [EMAIL]
    assert not any(tables.values())


@pytest.mark.parametrize("mode", ["test", "practice"])
def test_no_key_of_an_open_attempt_is_told(reader: Reader, ana: LearnerSettings, mode: str) -> None:
    code = quizzes.start(ana, mode=mode)
    if mode == "test":
        quizzes.answer_all(ana, code, wrong=[1])
    told = as_json(reader)
    text = json.dumps([told["attempt_items"], told["responses"]])
    assert not [word for word in KEY_WORDS if word in text]
    assert {response["fraction"] for response in told["responses"]} <= {None}
    tables = as_tables(reader)
    assert {response["fraction"] for response in tables["responses"]} <= {""}
    assert {item["right_options"] for item in tables["attempt_items"]} == {""}
    quizzes.finish(ana, code)
    assert '"right"' in json.dumps(as_json(reader)["attempt_items"])


def test_a_guest_may_take_everything_along_and_a_visitor_has_nothing(client: FlaskClient) -> None:
    assert client.get("/export.json").location.startswith("/login")
    banks.publish()
    reader = Reader(client)
    reader.get("/")
    reader.submit("/study/start")
    told = as_json(reader)
    assert told["account"]["email"] is None
    assert told["account"]["role"] == "guest"
    assert len(told["sittings"]) == 1


def test_an_export_costs_the_same_number_of_statements_however_long(
    reader: Reader, ana: LearnerSettings, statements: list[str]
) -> None:
    do_everything(ana)
    counts = []
    for _ in range(2):
        statements.clear()
        as_json(reader)
        counts.append(len(statements))
        for card_id in study.publish_cards(9, bank="other"):
            drill(ana, card_id, now=MORNING)
        do_everything(ana)
    assert counts[0] == counts[1]
