"""Visibility, held at every door: who they are × who may see the bank × archived or not × each way to reach it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask

from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks import queries as banks_queries
from quizapp.banks.authorship import queries as authorship
from quizapp.banks.authorship import service
from quizapp.banks.visibility import Visibility
from quizapp.memory.kinds import Rating
from quizapp.web import unit
from quizapp.web.access import Role
from tests.factories import banks, quizzes, study
from tests.factories.accounts import PASSWORD, create_user, learner_of
from tests.factories.memory import MORNING, drill
from tests.factories.teaching import picture
from tests.reader import Page, Reader

TITLE, WORD, TAG = "Zebra bank", "zebrafish", "stripes"
NOTES = f"""
- id: fish
  question: What does the {WORD} have?
  answer: Stripes
  distractors: [{{text: Spots, why: No.}}, {{text: Fur, why: No.}}]
  tags: [{TAG}]
  image: media/fish.png
  alt: A fish
"""
KEY = {"answer_key": "00" * 16}


@dataclass(frozen=True)
class Place:
    """The bank as somebody who knows its numbers could ask for it, and a drill of their own in another bank."""

    bank_id: int
    card_id: int
    picture_url: str


@pytest.fixture
def place(app: Flask) -> Place:
    for name, role in (
        ("lea", Role.LEARNER),
        ("cora", Role.INSTRUCTOR),
        ("ira", Role.INSTRUCTOR),
        ("ada", Role.ADMINISTRATOR),
        ("ivo", Role.INSTRUCTOR),
    ):
        users[name] = create_user(f"{name}@example.org", role=role)
    banks.publish(banks.FACTS, bank="open", title="An open bank")
    banks.publish(
        NOTES, bank="zebra", title=TITLE, media={"media/fish.png": picture()}, author_id=users["ira"]
    )
    card_id = study.cards_of("zebra")[0]
    about = banks_queries.card_face(card_id).about
    unit.run(lambda: service.add_author(about.bank_id, "cora@example.org"))
    return Place(about.bank_id, card_id, about.image_url)


users: dict[str, int] = {}


def open_to(place: Place, visibility: Visibility, *, archived: bool = False) -> None:
    unit.run(lambda: service.set_visibility(place.bank_id, visibility))
    if archived:
        unit.run(lambda: service.archive(place.bank_id, now=MORNING))
    else:
        unit.run(lambda: service.unarchive(place.bank_id))


def reader_as(app: Flask, who: str) -> Reader:
    reader = Reader(app.test_client())
    if who == "guest":
        reader.get("/")
        reader.post("/study/start", {"bank": "open"})
    elif who != "visitor":
        reader.get("/login")
        reader.submit("/login", {"email": f"{who}@example.org", "password": PASSWORD})
    return reader


def answered(reader: Reader, url: str, **fields: str) -> Page:
    """Post whatever comes of it, as somebody who forges the form."""
    response = reader.client.post(url, data={"csrf_token": reader.token(), **fields}, follow_redirects=True)
    return Page(response)


def shown(reader: Reader, url: str, word: str = WORD) -> bool:
    return word in Page(reader.client.get(url, follow_redirects=True)).text


def opens(reader: Reader, url: str) -> bool:
    response = reader.client.get(url)
    assert response.status_code in {200, 302, 404}
    return response.status_code == 200


DOORS: dict[str, Callable[[Reader, Place], bool]] = {
    "start page": lambda reader, place: shown(reader, "/", TITLE),
    "bank page": lambda reader, place: opens(reader, "/banks/zebra"),
    "study page": lambda reader, place: shown(reader, "/study", TITLE),
    "topics to drill": lambda reader, place: shown(reader, "/study", TAG),
    "card list": lambda reader, place: shown(reader, "/cards"),
    "card list of the bank": lambda reader, place: shown(reader, "/cards?bank=zebra"),
    "search": lambda reader, place: shown(reader, f"/cards?q={WORD}"),
    "cards of a tag": lambda reader, place: shown(reader, f"/cards?tag={TAG}"),
    "card page": lambda reader, place: opens(reader, f"/cards/{place.card_id}"),
    "picture": lambda reader, place: opens(reader, place.picture_url),
    "quiz page": lambda reader, place: shown(reader, "/quizzes", TITLE),
    "count of questions": lambda reader, place: not shown(
        reader, "/quizzes/count?bank=zebra", "No question matches"
    ),
    "drill of the bank": lambda reader, place: WORD in answered(reader, "/study/start", bank="zebra").text,
    "drill of a tag": lambda reader, place: WORD in answered(reader, "/study/start", tag=TAG).text,
    "drill of a card": lambda reader, place: WORD
    in answered(reader, "/study/start", card=str(place.card_id)).text,
    "quiz of the bank": lambda reader, place: WORD
    in answered(reader, "/quizzes/start", bank="zebra", count="5", mode="practice", prefer="new").text,
    "quiz of everything": lambda reader, place: quiz_asks_for(reader, WORD),
}  # fmt: skip


def quiz_asks_for(reader: Reader, word: str) -> bool:
    """Start a quiz that is long enough for every question here, and look at each."""
    page = answered(reader, "/quizzes/start", count="50", mode="test", prefer="random")
    code = page.url.split("/")[2]
    last = int(re.search(r"of (\d+)", page.text).group(1))
    return any(shown(reader, f"/quizzes/{code}/{position}", word) for position in range(1, last + 1))


@pytest.mark.parametrize("archived", [False, True], ids=["offered", "archived"])
@pytest.mark.parametrize("visibility", list(Visibility))
def test_a_bank_is_reached_only_by_those_it_is_open_to(
    app: Flask, place: Place, visibility: Visibility, archived: bool
) -> None:
    open_to(place, visibility, archived=archived)
    signed_in, authors = {"lea", "ivo"}, {"cora", "ira", "ada"}
    for who in ("visitor", "guest", "lea", "ivo", "cora", "ira", "ada"):
        is_open = who in authors or visibility >= (
            Visibility.SIGNED_IN if who in signed_in else Visibility.EVERYONE
        )
        reader = reader_as(app, who)
        for door, reaches in DOORS.items():
            if who == "visitor":
                reader = reader_as(app, who)  # the first thing a visitor sends makes them a guest
            expected = is_open and (not archived or (door == "picture" and who in authors))
            assert reaches(reader, place) == expected, f"{who}: {door}"


@pytest.mark.parametrize("who", ["guest", "lea"])
def test_a_card_that_is_not_open_takes_no_answer_mark_or_report(app: Flask, place: Place, who: str) -> None:
    open_to(place, Visibility.AUTHORS)
    reader = reader_as(app, who)
    drilling = answered(reader, "/study/start", bank="open").url.split("?")[0]
    forged = (
        (f"{drilling}/cards/{place.card_id}/review", {"rating": "3", "seen": "0"}),
        (f"{drilling}/cards/{place.card_id}/suspend", {"seen": "0"}),
        (f"{drilling}/cards/{place.card_id}/bury", {"seen": "0"}),
        (f"/cards/{place.card_id}/suspend", {"seen": "0"}),
        (f"/cards/{place.card_id}/reset", {"seen": "0"}),
        (f"/cards/{place.card_id}/report", {"message": "Wrong"}),
    )
    for url, fields in forged:
        page = answered(reader, url, **KEY, **fields)
        assert page.status == 404, url
        assert WORD not in page.text


def close_by_archive(place: Place) -> None:
    open_to(place, Visibility.EVERYONE, archived=True)


def close_to_others(place: Place) -> None:
    open_to(place, Visibility.AUTHORS)


@pytest.mark.parametrize("close", [close_by_archive, close_to_others])
def test_what_a_learner_did_stays_and_nothing_of_it_is_asked(
    app: Flask, place: Place, close: Callable[[Place], None]
) -> None:
    lea = learner_of(users["lea"])
    with time_machine.travel(MORNING, tick=False) as clock:
        drill(lea, place.card_id, Rating.EASY, now=MORNING)
        code = quizzes.start(lea, banks=("zebra",), count=1)
        half_done = quizzes.start(lea, banks=("zebra",), count=1, mode="test")
        quizzes.answer_all(lea, code)
        quizzes.finish(lea, code)
        clock.shift(40 * 86_400)
        reader = reader_as(app, "lea")
        assert "1 due" in plain(reader.get("/"))
        close(place)

        assert "1 due" not in plain(reader.get("/"))
        assert WORD not in answered(reader, "/study/start").text  # everything due
        assert WORD not in answered(reader, "/study/start", order="ahead").text
        page = answered(reader, f"/quizzes/{code}/retake", what="same")
        assert page.status == 422
        assert "The banks of these questions are not offered any more." in page.text
        assert "needs a first card in your drill" in plain(reader.get("/progress"))  # what comes due

        assert "This card is not asked any more." in reader.get(f"/cards/{place.card_id}").text
        assert "Drill this card" not in reader.page.text
        assert WORD in reader.get(f"/quizzes/{code}/result").text
        assert TITLE in reader.get("/history").text
        assert reader.client.get(place.picture_url).status_code == 200
        assert "private" in reader.client.get(place.picture_url).headers["Cache-Control"]
        with reader.client.get("/export.json") as export:
            assert WORD in export.get_data(as_text=True)
        reader.get(f"/quizzes/{half_done}/1")  # an open quiz goes on to its end
        item = quizzes.items(lea, half_done)[0]
        reader.submit("/respond", {"choice": quizzes.good_answer(item)})
        reader.get(f"/quizzes/{half_done}/submit")
        assert "1 of 1" in plain(reader.submit("/submit"))

        open_to(place, Visibility.EVERYONE)
        clock.shift(400 * 86_400)
        reader = reader_as(app, "lea")
        assert WORD in answered(reader, "/study/start").text


def plain(page: Page) -> str:
    return page.text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_card_on_the_table_is_refused_once_its_bank_is_archived_and_the_drill_goes_on(
    app: Flask, place: Place
) -> None:
    reader = reader_as(app, "lea")
    page = answered(reader, "/study/start", bank="zebra")
    open_to(place, Visibility.EVERYONE, archived=True)
    drilling = page.url.split("?")[0]
    refused = answered(
        reader,
        f"{drilling}/cards/{place.card_id}/review",
        rating="3",
        seen="0",
        answer_key=secrets.token_hex(16),
    )
    assert refused.status == 404
    assert "This card is no longer drilled." in refused.text
    assert reader.get(drilling).url.endswith("/summary")


def test_who_may_edit_and_who_is_always_offered_a_bank_are_the_same(app: Flask, place: Place) -> None:
    open_to(place, Visibility.AUTHORS)
    for name, user_id in users.items():
        learner: LearnerSettings = learner_of(user_id)
        offered = TITLE in {bank.title for bank in banks_queries.banks(learner.id)}
        assert offered == authorship.may_edit(user_id, name == "ada", place.bank_id), name
