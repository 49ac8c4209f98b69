"""Writing a bank in the browser, as the people who do it see it."""

from __future__ import annotations

import pytest
from bs4 import Tag
from flask import Flask

from quizapp.banks.check import check
from quizapp.banks.reader import read
from quizapp.db import db
from quizapp.teaching.drafts import queries
from quizapp.teaching.writing.forms import NOTE_FORMS
from quizapp.web.access import Role
from tests.factories.accounts import create_user
from tests.factories.banks import publish
from tests.factories.teaching import create_draft
from tests.reader import Page, Reader, signed_in

AUTHOR, OTHER = "ira@example.org", "otto@example.org"


@pytest.fixture
def author(app: Flask) -> int:
    return create_user(AUTHOR, role=Role.INSTRUCTOR)


@pytest.fixture
def ira(app: Flask, author: int) -> Reader:
    return signed_in(app.test_client(), AUTHOR)


def source_of(author: int, code: str) -> bytes:
    db.session.rollback()
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


def notes_of(author: int, code: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = read(source_of(author, code)).data["notes"]
    return found


COMMENTED = b"""\
format: 1
bank: small
title: Small
sources: {label: {title: A label}}
notes:
  # first of all
  - id: one
    question: Which?
    answer: "This: one"
    distractors: [{text: That, why: No., harm: 2}]
    objective: kept though no field shows it
    cite: {source: label, fact: MEC-1}
  # the other
  - id: two
    question: What?
    answer: It
"""


def test_a_note_is_changed_by_its_fields_and_all_else_stays(ira: Reader, author: int) -> None:
    draft = create_draft(author, COMMENTED)
    ira.get(f"/teach/drafts/{draft.code}/notes/one")
    page = fill(ira, "/notes/one", {"Answer": "That # one", "Wrong answer 2": "Neither"})
    assert "Saved." in page.text
    source = source_of(author, draft.code).decode()
    assert "# first of all" in source
    assert (
        source[source.index("  # the other") :]
        == COMMENTED.decode()[COMMENTED.decode().index("  # the other") :]
    )
    assert notes_of(author, draft.code)[0] == {
        "id": "one",
        "question": "Which?",
        "answer": "That # one",
        "distractors": [{"text": "That", "why": "No.", "harm": "2"}, "Neither"],
        "objective": "kept though no field shows it",
        "cite": [{"source": "label", "fact": "MEC-1"}],
    }


def test_rows_are_added_and_taken_out_without_javascript(ira: Reader, author: int) -> None:
    draft = create_draft(author, COMMENTED)
    ira.get(f"/teach/drafts/{draft.code}/notes/one")
    page = fill(ira, "/notes/one", {"Wrong answer 3": "Third"}, press="add:distractors")
    assert labelled(page, "Wrong answer 4")
    page = fill(ira, "/notes/one", {"Wrong answer 4": "Fourth"}, press="remove:distractors-0")
    fill(ira, "/notes/one", {})
    assert notes_of(author, draft.code)[0]["distractors"] == ["Third", "Fourth"]


def test_a_subject_is_taken_out_with_its_column(ira: Reader, author: int) -> None:
    row = "{id: r, attribute: use, a: x, b: y, c: z, caveat: Mind.}"
    subjects = "{a: A, b: B, c: C}"
    source = (
        f"notes:\n  - id: m\n    type: matrix\n    subjects: {subjects}\n    rows:\n      - {row}\n".encode()
    )
    draft = create_draft(author, source)
    ira.get(f"/teach/drafts/{draft.code}/notes/m")
    fill(ira, "/notes/m", {}, press="remove:subjects-1")
    fill(ira, "/notes/m", {"Row 1, subject 2": "w"})
    assert notes_of(author, draft.code)[0] == {
        "id": "m",
        "type": "matrix",
        "subjects": {"a": "A", "c": "C"},
        "rows": [{"id": "r", "attribute": "use", "a": "x", "c": "w", "caveat": "Mind."}],
    }


def test_problems_stand_at_their_fields_in_plain_words(ira: Reader, author: int) -> None:
    draft = create_draft(author, COMMENTED)
    ira.get(f"/teach/drafts/{draft.code}/notes/one")
    page = fill(
        ira,
        "/notes/one",
        {"Question": "", "Wrong answer 2": "this: one", "Question the other way round": "?"},
    )

    def told(words: str) -> str:
        by = page.soup.find(id=labelled(page, words)).get("aria-describedby", "").split()
        return " ".join(page.soup.find(id=one).get_text(" ", strip=True) for one in by)

    assert "This is empty. Write something here." in told("Question")
    assert "right answer" in told("Wrong answer 2")
    assert "“Answer the other way round” is missing" in told("Answer the other way round")
    assert "Wrong answers 2: This wrong answer is also a right answer" in page.text
    assert "3 errors to correct" in page.text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_second_tab_that_is_behind_keeps_its_text_and_says_so(ira: Reader, author: int) -> None:
    draft = create_draft(author, COMMENTED)
    first = ira.get(f"/teach/drafts/{draft.code}/notes/one")
    name = labelled(first, "Answer")
    ira.submit("/notes/one", {name: "from the second tab"})
    page = ira.submit("/notes/one", {name: "from the first tab"}, page=first, status=409)
    assert "changed in another window" in page.text
    assert page.soup.find(id=name)["value"] == "from the first tab"
    assert notes_of(author, draft.code)[0]["answer"] == "from the second tab"
    ira.submit("/notes/one", page=page)
    assert notes_of(author, draft.code)[0]["answer"] == "from the first tab"


def test_notes_are_found_moved_deleted_and_put_back(ira: Reader, author: int) -> None:
    draft = create_draft(author, COMMENTED)
    page = ira.get(f"/teach/drafts/{draft.code}/notes?q=what")
    assert [link.get_text(strip=True) for link in page.soup.select("a.row-title")] == ["What?"]
    page = ira.submit("/notes/two/move", {"to": "0"})
    assert [link.get_text(strip=True) for link in page.soup.select("a.row-title")] == ["What?", "Which?"]
    page = ira.submit("/notes/two/delete")
    assert "Deleted" in page.text
    assert [note["id"] for note in notes_of(author, draft.code)] == ["one"]
    ira.submit("/notes/restore")
    assert [note["id"] for note in notes_of(author, draft.code)] == ["two", "one"]


def test_the_settings_change_the_head_alone(ira: Reader, author: int) -> None:
    draft = create_draft(author, COMMENTED)
    ira.get(f"/teach/drafts/{draft.code}/settings")
    fill(ira, "/settings", {"Notice": "Education only.", "Source 2: title": "Another: label"})
    source = source_of(author, draft.code)
    head = read(source).data
    assert head["notice"] == "Education only."
    assert head["sources"] == {"label": {"title": "A label"}, "another-label": {"title": "Another: label"}}
    assert source.endswith(COMMENTED[COMMENTED.index(b"notes:") :])
    ira.get(f"/teach/drafts/{draft.code}/settings")
    page = fill(ira, "/settings", {"Title": ""}, status=422)
    assert "Give the bank a title." in page.text


@pytest.mark.parametrize(
    "note",
    [
        b"- a text",
        b"- {id: x, type: numeric}",
        b"- {id: x, question: [a, b]}",
        b"- {id: x, distractors: {a: b}}",
    ],
)
def test_what_no_form_can_show_is_sent_to_the_editor(ira: Reader, author: int, note: bytes) -> None:
    draft = create_draft(author, b"notes:\n  " + note + b"\n")
    page = ira.get(f"/teach/drafts/{draft.code}/notes")
    link = page.soup.select_one("a.row-title")
    assert link is not None
    assert "needs the editor" in ira.get(str(link["href"])).text


def test_a_broken_file_is_listed_with_the_way_to_its_mistake(ira: Reader, author: int) -> None:
    draft = create_draft(author, b'notes:\n  - id: "x\n')
    page = ira.get(f"/teach/drafts/{draft.code}/notes")
    assert "cannot be read to its end" in page.text
    assert any("/edit?line=" in link for link in page.links())


def test_drafts_of_others_are_not_there(app: Flask, author: int) -> None:
    create_user(OTHER, role=Role.INSTRUCTOR)
    otto, code = signed_in(app.test_client(), OTHER), create_draft(author, COMMENTED).code
    for path in ("notes", "notes/new?type=fact", "notes/one", "settings", "edit"):
        otto.get(f"/teach/drafts/{code}/{path}", status=404)
    changes = (
        "notes/one",
        "notes/one/delete",
        "notes/one/move",
        "notes/restore",
        "settings",
        "edit",
        "edit/preview",
    )
    for path in changes:
        sent = {"edits": "0", "to": "0", "lines": "- id: x", "source": "x"}
        otto.post(f"/teach/drafts/{code}/{path}", sent, status=404)


def test_the_list_of_notes_asks_the_database_as_often_however_long_it_is(
    ira: Reader, author: int, statements: list[str]
) -> None:
    counts = []
    for number in (1, 40):
        notes = "".join(f"  - {{id: n{at}, question: Q{at}?, answer: A{at}}}\n" for at in range(number))
        code = create_draft(author, f"notes:\n{notes}".encode()).code
        statements.clear()
        ira.get(f"/teach/drafts/{code}/notes")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_new_note_that_is_saved_twice_is_one_note(ira: Reader, author: int) -> None:
    draft = create_draft(author, COMMENTED)
    form = ira.get(f"/teach/drafts/{draft.code}/notes/new?type=fact")
    question = labelled(form, "Question")
    ira.submit("/notes/new", {question: "Where does baclofen act?", "do": "save"}, page=form)
    page = ira.submit("/notes/new", {question: "Where does tizanidine act?", "do": "save"}, page=form)
    assert "Saved." in page.text
    assert [note["id"] for note in notes_of(author, draft.code)] == ["one", "two", "where-tizanidine-act"]
    again = ira.get(f"/teach/drafts/{draft.code}/notes/new?type=fact")
    ira.submit("/notes/new", {question: "Where does tizanidine act?", "do": "save"}, page=again)
    assert len(notes_of(author, draft.code)) == 4


def test_a_note_that_was_saved_without_a_question_is_named_once_it_asks_something(
    ira: Reader, author: int
) -> None:
    draft = create_draft(author, COMMENTED)
    ira.get(f"/teach/drafts/{draft.code}/notes/new?type=fact")
    page = fill(ira, "/notes/new", {"Answer": "GABA-B"})
    assert notes_of(author, draft.code)[-1]["id"] == "note"
    page = fill(ira, "/notes/note", {"Question": "Which receptor?"})
    assert notes_of(author, draft.code)[-1]["id"] == "receptor"
    page = fill(ira, "/notes/receptor", {"Id": "by-hand"})
    page = fill(ira, "/notes/by-hand", {"Question": "Which enzyme?"})
    assert notes_of(author, draft.code)[-1]["id"] == "by-hand"
    assert page.soup.h1 is not None
    assert page.soup.h1.get_text(strip=True) == "Which enzyme?"


def test_a_new_id_of_a_published_note_is_warned_of_at_the_field(ira: Reader, author: int) -> None:
    publish(author_id=author)
    draft = create_draft(author)
    name = str(notes_of(author, draft.code)[0]["id"])
    ira.get(f"/teach/drafts/{draft.code}/notes/{name}")
    page = fill(ira, f"/notes/{name}", {"Id": "another"}, status=422)
    field = page.soup.find(id="id")
    assert isinstance(field, Tag)
    said = [page.soup.find(id=one) for one in str(field["aria-describedby"]).split()]
    assert any(one and "Learners lose what they know of this note" in one.get_text() for one in said)
    assert notes_of(author, draft.code)[0]["id"] == name
    ira.submit(f"/notes/{name}", {"do": "save"})
    assert notes_of(author, draft.code)[0]["id"] == "another"


@pytest.mark.parametrize(
    ("label", "value", "words"),
    [
        ("Language", "English", "A language is a code such as"),
        ("Web address, source 1", "www.example.org", "An address begins with https:// or http://"),
    ],
)
def test_the_settings_say_at_the_field_what_cannot_be(
    ira: Reader, author: int, label: str, value: str, words: str
) -> None:
    draft = create_draft(author, COMMENTED)
    ira.get(f"/teach/drafts/{draft.code}/settings")
    page = fill(ira, "/settings", {label: value}, status=422)
    field = page.soup.find(id=labelled(page, label))
    assert isinstance(field, Tag)
    told = page.soup.find(id=str(field["aria-describedby"]).split()[-1])
    assert told is not None
    assert words in told.get_text()
    assert source_of(author, draft.code) == COMMENTED


def test_what_is_wrong_with_the_bank_leads_to_its_settings(ira: Reader, author: int) -> None:
    draft = create_draft(author, COMMENTED.replace(b"title:", b"language: English\ntitle:", 1))
    page = ira.get(f"/teach/drafts/{draft.code}/notes")
    link = next(link for link in page.soup.select("li.note a") if "settings" in str(link["href"]))
    assert "a code such as" in ira.get(str(link["href"])).text


def test_the_editor_counts_errors_and_folds_hints(ira: Reader, author: int) -> None:
    source = b"format: 2\nbank: b\ntitle: T\nnotes:\n- {id: a, question: Q?, answer: A}\n"
    page = ira.get(f"/teach/drafts/{create_draft(author, source).code}/edit")
    beside = page.soup.find(id="beside")
    assert isinstance(beside, Tag)
    folded = beside.select("details .problem")
    open_ = [one for one in beside.select(".problem") if one not in folded]
    assert "1 error to correct" in beside.get_text().replace("\N{NO-BREAK SPACE}", " ")
    assert len(open_) == 1
    assert folded
    summary = beside.select_one("details summary")
    assert summary is not None
    assert summary.get_text(strip=True).startswith(str(len(folded)))


def test_a_draft_with_errors_offers_the_forms_before_the_text(ira: Reader, author: int) -> None:
    draft = create_draft(author, COMMENTED.replace(b"answer: It", b"answer: ''"))
    page = ira.get(f"/teach/drafts/{draft.code}")
    offered = [link.get_text(strip=True) for link in page.soup.select(".actions a")]
    assert offered[:4] == ["Edit the notes", "Upload again", "Edit settings", "Edit as text"]


@pytest.mark.parametrize("kind", NOTE_FORMS)
@pytest.mark.parametrize("press", ["save", "another"])
def test_an_empty_note_is_refused_at_its_first_field_and_nothing_is_stored(
    ira: Reader, author: int, kind: str, press: str
) -> None:
    draft = create_draft(author)
    ira.get(f"/teach/drafts/{draft.code}/notes/new?type={kind}")
    page = ira.submit("/notes/new", {"do": press}, status=422)
    first = page.soup.select_one("#note .field textarea, #note .field input")
    assert first is not None
    assert first["aria-invalid"] == "true"
    assert "nothing was saved" in page.text
    assert source_of(author, draft.code) == draft.source


def test_errors_and_hints_have_each_one_sign_in_the_list_and_in_the_form(ira: Reader, author: int) -> None:
    notes = "  - {id: one, question: Which is it?}\n  - {id: two, question: Who is it?, answer: A}\n"
    draft = create_draft(author, f"format: 1\nbank: a\ntitle: A\nnotes:\n{notes}".encode())
    listed = ira.get(f"/teach/drafts/{draft.code}/notes").soup
    for note, level, word, kind, icon in (
        ("one", "wrong", "error", "field-error", "#x-circle-fill"),
        ("two", "caution", "hint", "field-hint", "#exclamation-triangle-fill"),
    ):
        (sign,) = listed.select(f"#note-{note} .verdict-{level}")
        assert word in sign.get_text()
        uses = ira.get(f"/teach/drafts/{draft.code}/notes/{note}").soup.select(f".{kind} use")
        assert uses
        assert all(icon in str(use) for use in (*uses, *sign.select("use")))
