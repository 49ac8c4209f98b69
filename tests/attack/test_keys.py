"""The key of an open question, and all that is said about it, looked for in everything its taker can reach."""

from __future__ import annotations

import io
import json
import re
import secrets
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from quizapp.banks.items import ITEM_TYPES
from quizapp.banks.items.base import Choice, ItemSpec
from quizapp.banks.notes import NOTE_TYPES
from quizapp.db import db
from quizapp.quizzes import queries
from quizapp.quizzes.models import AttemptItem
from quizapp.quizzes.modes import MODES
from quizapp.quizzes.queries import AskedItem
from quizapp.web.access import Role, access_of
from tests.attack.crowd import PLAUSIBLE, address_of, rules
from tests.factories import banks, quizzes
from tests.factories.people import Person, create_person
from tests.reader import FETCH

# Of each note all that may not be seen before the answer says "secret-of-" and its id, in words nothing else has.
NOTES = """
- id: fact
  question: Which receptor?
  answer: GABA-B
  accept: [secret-of-fact accepted]
  distractors:
    - {text: GABA-A, why: secret-of-fact a, harm: 3}
    - {text: NMDA, why: secret-of-fact b}
    - {text: AMPA, why: secret-of-fact c}
  explanation: secret-of-fact explanation
  caveat: secret-of-fact caveat
  cite: {source: label, at: secret-of-fact place, fact: secret-of-fact number}
- id: cloze
  type: cloze
  text: "It leaves through the {{c1::kidneys::organ}} in {{c2::hours}}."
  distractors: {c1: [liver, lungs, skin], c2: [days, weeks, years]}
  explanation: secret-of-cloze explanation
- id: choice
  type: choice
  stem: What is the most likely cause?
  key: {text: Withdrawal, why: secret-of-choice key}
  distractors: [{text: Overdose, why: secret-of-choice a, harm: 2}, {text: Sepsis, why: secret-of-choice b}]
  explanation: secret-of-choice explanation
- id: multiple
  type: multiple
  stem: Which can follow?
  correct: [{text: Seizures, why: secret-of-multiple a}, {text: High fever, why: secret-of-multiple b}]
  incorrect: [{text: Congestion, why: secret-of-multiple c}, {text: Tinnitus, why: secret-of-multiple d}]
  explanation: secret-of-multiple explanation
- id: set
  type: set
  name: a recognised sign
  members: [Anxiety, Agitation, {text: Insomnia, why: secret-of-set a}, Spasms]
  non_members: [{text: Retention, why: secret-of-set b}, {text: Diplopia, why: secret-of-set c}, Rhinitis]
  explanation: secret-of-set explanation
- id: matrix
  type: matrix
  subjects: {one: Onebaine, two: Twobaine}
  rows:
    - id: use
      attribute: main use
      ask_subject: Which of the two is used for {value}?
      one: {text: Spasticity, why: secret-of-matrix one}
      two: {text: Spasm, why: secret-of-matrix two}
      distractors: [Epilepsy, Neuropathy]
  explanation: secret-of-matrix explanation
"""
# Cards are for turning: these show both sides to everybody who may study the bank, by design.
SHOWS_ANSWERS = {
    "home.index",
    "study.browse",
    "study.card",
    "study.drill",
    "study.report_card",
    "study.summary",
}
# What differs from one answer to the next by chance, or says what was chosen: keys, tokens, ids, counters, times.
CHANCE = re.compile(
    r'value="(?:[0-9a-f]{8,}|Im[\w.-]+|\d+)"| checked|"seen":\d+|(?:data-spent="\d+")|>[\d:]+</span>'
)
SECRET = re.compile(r"secret-of-(\w+)")


@dataclass
class Taker:
    """A learner with an open attempt at every item of the bank."""

    app: Flask
    person: Person
    token: str
    code: str

    @property
    def items(self) -> list[AskedItem]:
        assert self.person.learner is not None
        return quizzes.items(self.person.learner, self.code)

    def url(self, position: int, action: str = "") -> str:
        return f"/quizzes/{self.code}/{position}{action}"

    def send(self, url: str, **fields: object) -> Iterator[TestResponse]:
        """Send a form as a page does and as a script does; yield both answers, and where the first one leads."""
        for headers in ({}, FETCH):
            data = PLAUSIBLE | {"csrf_token": self.token, "answer_key": secrets.token_hex(16)} | fields
            yield self.person.client.post(url, data=data, headers=headers, follow_redirects=True)

    def responds(self, item: AskedItem, choice: list[str], go: str) -> Iterator[TestResponse]:
        """Answer a place, as a page does and as a script does; yield both answers."""
        for headers in ({}, FETCH):
            assert self.person.learner is not None
            seen = queries.asked(self.person.learner.id, self.code, item.position).seq
            db.session.rollback()
            data = {"csrf_token": self.token, "answer_key": secrets.token_hex(16), "seen": seen}
            yield self.person.client.post(
                self.url(item.position, "/respond"),
                data=data | {"choice": choice, "go": go},
                headers=headers,
                follow_redirects=True,
            )

    def looks(self) -> Iterator[TestResponse]:
        """Open every page that a learner may, as page, as piece and as JSON; and each place of the attempt."""
        things = self.person.things | {
            "quizzes.code": self.code,
            "history.code": self.code,
            "jobs.code": None,
        }
        for rule in rules(self.app, "GET"):
            role = access_of(self.app, rule.endpoint)
            if role <= Role.LEARNER and rule.endpoint not in SHOWS_ANSWERS:
                url = address_of(self.app, rule, things)
                yield self.person.client.get(url, query_string={"q": "secret", "page": 1, "show": "missed"})
        for item in self.items:
            for headers in ({}, FETCH, {"Accept": "application/json"}):
                yield self.person.client.get(self.url(item.position), headers=headers)

    def forms(self) -> Iterator[TestResponse]:
        """Send what neither answers nor ends anything, at each place, and hand in too little to be an answer."""
        for item in self.items:
            yield from self.send(self.url(item.position, "/flag"), flagged="yes")
            yield from self.send(self.url(item.position, "/flag"), flagged="no")
            yield from self.send(self.url(item.position, "/time"), thinking_ms="1")
            yield from self.send(self.url(item.position, "/respond"), choice="never-shown", go="stay")
            if item.answer is None:
                yield from self.send(self.url(item.position, "/report"))
        yield from self.send("/quizzes/count")


@pytest.fixture(scope="module")
def bank(site: Flask) -> Flask:
    banks.publish(NOTES, bank="secrets", title="A bank of secrets")
    banks.publish()
    return site


@pytest.fixture
def learner(bank: Flask, request: pytest.FixtureRequest) -> Person:
    """Somebody who has not been told anything yet."""
    return create_person(bank, Role.LEARNER, name=f"taker-{zlib.crc32(request.node.name.encode())}")


def taker_of(app: Flask, person: Person, mode: str) -> Taker:
    assert person.learner is not None
    token = person.enter()
    return Taker(app, person, token, quizzes.start(person.learner, mode=mode, count=60, banks=("secrets",)))


def told(answer: TestResponse) -> set[str]:
    """Return of which notes an answer tells a secret: in its body (unpacked), its headers or its address."""
    body = answer.data
    if answer.mimetype == "application/zip":
        with zipfile.ZipFile(io.BytesIO(body)) as opened:
            body = b"".join(opened.read(name) for name in opened.namelist())
    text = f"{body.decode('utf-8', 'replace')} {answer.headers} {answer.request.url}"
    assert answer.status_code < 500
    return set(SECRET.findall(text))


def leaks(answers: Iterator[TestResponse], *, known: set[str]) -> list[str]:
    found = []
    for answer in answers:
        with answer:
            if too_much := told(answer) - known:
                found.append(f"{answer.request.method} {answer.request.path} tells of {sorted(too_much)}")
    return found


def note_of(item: AskedItem) -> str:
    return str(item.snapshot["key"]).partition("/")[0]


def test_the_bank_has_every_type_of_note_and_of_item(site: Flask, learner: Person) -> None:
    taker = taker_of(site, learner, "test")
    assert {item.type for item in taker.items} == ITEM_TYPES.keys()
    assert {note_of(item) for item in taker.items} == NOTE_TYPES.keys()
    for answer in taker.send(f"/quizzes/{taker.code}/submit"):
        known = told(answer)
    assert known == NOTE_TYPES.keys()  # once it is over all is told, so that what is looked for can be found


def test_a_test_tells_nothing_before_its_end(site: Flask, learner: Person) -> None:
    taker = taker_of(site, learner, "test")
    assert leaks(taker.looks(), known=set()) == []
    assert leaks(taker.forms(), known=set()) == []
    for item in taker.items:
        for go in ("stay", str(item.position), "submit"):
            for choice in (quizzes.good_answer(item), quizzes.bad_answer(item), []):
                assert leaks(taker.responds(item, choice, go), known=set()) == []
    assert leaks(taker.looks(), known=set()) == []
    assert leaks(taker.forms(), known=set()) == []


def test_a_right_and_a_wrong_answer_are_taken_alike_in_a_test(site: Flask, learner: Person) -> None:
    taker = taker_of(site, learner, "test")
    for item in taker.items:
        for go in ("stay", str(item.position), "submit"):
            taken = [
                [re.sub(CHANCE, "", answer.text) for answer in taker.responds(item, choice[:1], go)]
                for choice in (quizzes.good_answer(item), quizzes.bad_answer(item))
            ]
            assert taken[0] == taken[1], f"{item.snapshot['key']}, {go}"


def test_all_right_and_all_wrong_look_the_same_until_a_test_ends(bank: Flask) -> None:
    looks: list[list[list[str]]] = []
    for name, pick in (("right", quizzes.good_answer), ("wrong", quizzes.bad_answer)):
        taker = taker_of(bank, create_person(bank, Role.LEARNER, name=f"all-{name}"), "test")
        for item in taker.items:
            quizzes.answer(taker.person.learner, taker.code, item.position, pick(item)[:1])
        looks.append([])
        for answer in taker.looks():
            with answer:
                looks[-1] += [seen(answer, f"all-{name}")] if answer.mimetype == "text/html" else []
    assert len(looks[0]) > 50
    for right, wrong in zip(*looks, strict=True):
        assert right == wrong


def seen(answer: TestResponse, name: str) -> list[str]:
    """Return the words of a page and how they are set out, without who looks, without codes and ids made by chance."""
    told = re.findall(r'class="[^"]*"|(?<=>)[^<]+(?=<)', answer.text.replace(name, "all"))
    return [re.sub(r"/quizzes/[\w-]{22}|\b[0-9a-f]{12}\b|:\d\d", "", words) for words in told]


def test_an_export_has_no_marks_of_an_open_test(bank: Flask, learner: Person) -> None:
    taker = taker_of(bank, learner, "test")
    for item in taker.items:
        quizzes.answer(taker.person.learner, taker.code, item.position, quizzes.good_answer(item))
    with taker.person.client.get("/export.json") as answer:
        export = json.loads(answer.data)
    (attempt,) = (row for row in export["attempts"] if row["code"] == taker.code)
    of_attempt = {
        section: [row for row in export[section] if row["attempt_id"] == attempt["id"]]
        for section in ("attempt_items", "responses")
    }
    assert len(of_attempt["attempt_items"]) == len(of_attempt["responses"]) == len(taker.items)
    assert attempt["points"] is None
    assert {row["right_options"] for row in of_attempt["attempt_items"]} == {None}
    assert {row["fraction"] for row in of_attempt["responses"]} == {None}
    assert {frozenset(row["asked"]) for row in of_attempt["attempt_items"]} == {
        frozenset({"type", "stem", "options"})
    }
    assert {
        frozenset(option) for row in of_attempt["attempt_items"] for option in row["asked"]["options"]
    } == {frozenset({"id", "letter", "text"})}


@pytest.mark.parametrize("mode", MODES)
def test_no_option_stands_out_before_the_answer(site: Flask, learner: Person, mode: str) -> None:
    taker = taker_of(site, learner, mode)
    for item in taker.items:
        page = taker.person.client.get(taker.url(item.position)).text
        options = BeautifulSoup(page, "html5lib").select("fieldset.options > *:not(legend)")
        shown = item.snapshot["options"]
        assert len(options) == len(shown)
        shapes = set()
        for place, (option, said) in enumerate(zip(options, shown, strict=True), start=1):
            letter = chr(ord("A") + place - 1)
            shape = str(option)
            for own in (
                said["id"],
                said["text"],
                f">{letter}<",
                f"Option {letter}",
                f'"{letter.lower()}"',
                f'"{place}"',
            ):
                assert own in shape
                shape = shape.replace(own, "")
            shapes.add(shape)
        assert len(shapes) == 1, item.snapshot["key"]


def test_what_a_seed_says_is_not_told(site: Flask, learner: Person) -> None:
    taker = taker_of(site, learner, "test")
    assert learner.learner is not None
    seeds = [
        str(seed)
        for seed in db.session.scalars(
            select(AttemptItem.seed).where(AttemptItem.learner_id == learner.learner.id)
        )
    ]
    for answer in taker.looks():
        with answer:
            assert not [seed for seed in seeds if seed in answer.get_data().decode("utf-8", "replace")]


def test_practice_tells_of_a_note_only_what_was_answered(site: Flask, learner: Person) -> None:
    taker, known = taker_of(site, learner, "practice"), set[str]()
    for item in taker.items:
        if note_of(item) in known:
            continue
        assert leaks(taker.looks(), known=known) == []
        unusable = taker.send(taker.url(item.position, "/respond"), choice="never-shown")
        assert leaks(unusable, known=known) == []
        known.add(note_of(item))
        answered = [told(answer) for answer in taker.responds(item, quizzes.bad_answer(item), "")]
        assert note_of(item) in answered[0] <= known
    assert known == NOTE_TYPES.keys()


DRAWS = 400


def far_from_even(counts: Counter[int], places: int) -> bool:
    """Whether a fair die of so many faces would fall like this less than once in a million times."""
    even, spread = DRAWS / places, (DRAWS * (places - 1)) ** 0.5 / places
    return any(abs(counts[place] - even) > 5 * spread for place in range(places))


@pytest.mark.parametrize("name", ITEM_TYPES)
@pytest.mark.parametrize("again", [False, True], ids=["drawn", "asked-again"])
def test_neither_place_nor_id_of_an_option_tells_the_key(name: str, again: bool) -> None:
    spec = ItemSpec(
        key="note",
        type=name,
        evidence="note",
        stem="Which?",
        right=(Choice("Alder", why="x"), Choice("Birch"))[: 1 if name == "single" else 2],
        wrong=(Choice("Cedar"), Choice("Elder", why="x", harm=3), Choice("Hazel")),
        fixed=True,
    )
    places, ranks, first = Counter[int](), Counter[int](), ITEM_TYPES[name].draw(spec, 1)
    for seed in range(DRAWS):
        drawn = ITEM_TYPES[name].again(first, seed) if again else ITEM_TYPES[name].draw(spec, seed)
        options = ITEM_TYPES[name].present(drawn)["options"]
        ids = [option["id"] for option in options]
        of_key = next(option["id"] for option in options if option["text"] == "Alder")
        places[ids.index(of_key)] += 1
        ranks[sorted(ids).index(of_key)] += 1
    assert not far_from_even(places, len(ids)), places
    assert not far_from_even(ranks, len(ids)), ranks
