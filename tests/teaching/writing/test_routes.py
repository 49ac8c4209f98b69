"""Writing a bank in the browser, as the people who do it see it."""

from __future__ import annotations

import pytest
from bs4 import Tag
from flask import Flask

from quizapp.banks.check import check
from quizapp.banks.reader import read
from quizapp.teaching.drafts import queries
from quizapp.web.access import Role
from tests.factories.accounts import PASSWORD, create_user
from tests.factories.teaching import create_draft
from tests.reader import Page, Reader

AUTHOR, OTHER = "ira@example.org", "otto@example.org"


@pytest.fixture
def author(app: Flask) -> int:
    return create_user(AUTHOR, role=Role.INSTRUCTOR)


@pytest.fixture
def ira(app: Flask, author: int) -> Reader:
    return signed_in(app, AUTHOR)


def signed_in(app: Flask, email: str) -> Reader:
    reader = Reader(app.test_client())
    reader.get("/login")
    reader.submit("/login", {"email": email, "password": PASSWORD})
    return reader


def source_of(author: int, code: str) -> bytes:
    return queries.draft_for(author, False, code).source


def code_in(page: Page) -> str:
    return page.url.split("/")[3]


def labelled(page: Page, words: str) -> str:
    """Return the name of the one field that a person finds under these words."""
    found = [label for label in page.soup.find_all("label") if " ".join(label.get_text().split()) == words]
    assert len(found) == 1, f"{len(found)} fields '{words}' on {page.url}"
    control = page.soup.find(id=found[0]["for"])
    assert isinstance(control, Tag)
    return str(control["name"])


def fill(
    reader: Reader, form: str, fields: dict[str, str], *, press: str = "save", status: int = 200
) -> Page:
    """Fill in the fields by their labels, and press a button."""
    assert reader.page is not None
    values = {labelled(reader.page, words): text for words, text in fields.items()}
    return reader.submit(form, {**values, "do": press}, status=status)


def write(reader: Reader, kind: str, fields: dict[str, str], *more: dict[str, str]) -> Page:
    """Write a note from the list of notes: choose its type, fill it in, save."""
    assert reader.page is not None
    reader.get(f"/teach/drafts/{code_in(reader.page)}/notes/new")
    reader.get(f"/teach/drafts/{code_in(reader.page)}/notes/new?type={kind}")
    page = fill(reader, "/notes/new", fields)
    for step in more:
        page = fill(reader, page.url.rsplit("/", 1)[1], step)
    return page


def test_a_pharmacist_who_has_never_seen_yaml_writes_five_notes(ira: Reader, author: int) -> None:
    ira.get("/teach/new")
    page = fill(
        ira,
        "/teach/new",
        {"Title": "Baclofen: basics", "Source 1: title": "Baclofen tablets, US label", "Language": "en"},
    )
    assert "No notes yet" in page.text
    code = code_in(page)
    cite = {"Source 1": "baclofen-tablets-us-label", "Where in it, source 1": "12.1"}

    page = write(
        ira,
        "fact",
        {
            "Question": "Which receptor does baclofen activate?",
            "Answer": "GABA-B",
            "Wrong answer 1": "GABA-A",
            "Wrong answer 2": "NMDA: glutamate",
            "Explanation": "It opens potassium channels.\n\nSo the cell falls silent.",
            **cite,
        },
    )
    assert "Saved." in page.text
    write(
        ira,
        "cloze",
        {"Text with gaps": "Its half-life is {{c1::2–4 hours}} in {{c2::plasma}}.", **cite},
        {"Gap 1, wrong answer 1": "20 minutes", "Gap 1, wrong answer 2": "3 days"},
    )
    write(
        ira,
        "choice",
        {
            "Question": "A pump ran dry. Fever and rigidity: most likely cause?",
            "Right answer": "Baclofen withdrawal",
            "Wrong answer 1": "Baclofen overdose",
            "Wrong answer 2": "Serotonin syndrome",
            **cite,
        },
    )
    write(
        ira,
        "set",
        {
            "What they all are": "a sign of baclofen withdrawal",
            "Member 1": "Seizures",
            "Member 2": "High fever",
            "Member 3": "Itching",
            "Near miss 1": "Flaccid muscles",
            "Near miss 2": "Urinary retention",
            **cite,
        },
    )
    write(
        ira,
        "matrix",
        {
            "Subject 1": "Baclofen",
            "Subject 2": "Cyclobenzaprine",
            "Row 1: what about": "main use",
            "Row 1, subject 1": "Spasticity",
            "Row 1, subject 2": "Acute muscle spasm",
            "Row 1, wrong value 1": "Epilepsy",
            **cite,
        },
    )
    page = ira.get(f"/teach/drafts/{code}/notes")
    assert "5 notes" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    checked = check(source_of(author, code), file="bank.yaml")
    assert checked.bank is not None, checked.problems
    assert [note.type for note in checked.bank.notes] == ["fact", "cloze", "choice", "set", "matrix"]
    assert checked.bank.notes[0].id == "receptor-baclofen-activate"
    assert "publish" in ira.get(f"/teach/drafts/{code}").text.lower()
