"""A form must lose nothing of a note: what it shows and saves untouched says the same as before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quizapp.banks.check import load
from quizapp.banks.notes import NOTE_TYPES
from quizapp.banks.reader import read
from quizapp.teaching.writing import contents
from quizapp.teaching.writing.file_edits import HandWritten
from quizapp.teaching.writing.yaml_writer import note_lines

BANKS = sorted((Path(__file__).parents[3] / "question_banks").glob("*.yaml"))
HEAD = "format: 1\nbank: b\ntitle: T\nnotes:\n"


def canonical(source: str) -> list[dict[str, Any]]:
    loaded = load(source.encode(), file="bank.yaml")
    return [note.model_dump(mode="json", exclude_defaults=True) for _, note in loaded.notes]


def saved_untouched(note: dict[str, Any]) -> dict[str, Any]:
    return contents.note_of(contents.kind_of(note), contents.values_of(note), note, taken=())


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_every_note_of_the_shipped_banks_is_saved_as_it_was(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    lines = [
        line for note in read(source.encode()).data["notes"] for line in note_lines(saved_untouched(note))
    ]
    assert canonical(HEAD + "\n".join(lines)) == canonical(source)


@pytest.mark.parametrize("name", NOTE_TYPES)
def test_the_example_of_every_type_is_saved_as_it_was(name: str) -> None:
    source = f"{HEAD[: HEAD.index('notes:')]}notes:{NOTE_TYPES[name].example}"
    note = read(source.encode()).data["notes"][0]
    assert canonical(HEAD + "\n".join(note_lines(saved_untouched(note)))) == canonical(source)


def test_options_that_keep_their_order_keep_their_key() -> None:
    note = {
        "id": "a",
        "type": "choice",
        "stem": "?",
        "options": ["A", {"text": "B", "key": "yes"}, {"text": "C", "key": "no"}],
    }
    saved = saved_untouched(note)
    assert saved["options"] == [{"text": "A"}, {"text": "B", "key": "yes"}, {"text": "C"}]
    assert "key" not in saved or not saved["key"]


def test_required_fields_are_written_even_when_they_are_empty() -> None:
    assert contents.note_of("fact", {"question": " ", "answer": ""}, {}, taken=()) == {
        "question": "",
        "answer": "",
        "id": "note",
    }


def test_invisible_characters_that_no_file_may_hold_are_dropped() -> None:
    assert contents.tidy(" a\x00b\u202ec\r\nd\re ") == "abc\nd\ne"


def test_an_id_is_made_of_the_telling_words_and_is_not_taken() -> None:
    assert contents.slug("Which receptor does Baclofen activate?", ()) == "receptor-baclofen-activate"
    assert contents.slug("Which receptor?", {"receptor", "receptor-2"}) == "receptor-3"
    assert contents.slug("γ-Säure, 5 µg", ()) == "gamma-saure-5-ug"
    assert contents.slug("什么?", (), otherwise="note") == "note"
    assert contents.slug("What is it?", ()) == "what-is-it"


@pytest.mark.parametrize(
    "note",
    [
        {"id": "a", "type": "case"},
        {"id": "a", "question": ["b"]},
        {"id": "a", "distractors": [{"text": "b", "odd": "c"}]},
        {"id": "a", "cite": [["b"]]},
        {"id": "a", "status": "hidden"},
        {"id": "a", "type": "choice", "card": "perhaps"},
        {"id": "a", "type": "cloze", "text": "{{c1::b}}", "accept": ["c"]},
        {"id": "a", "type": "matrix", "subjects": {"b": "B"}, "rows": [{"id": "r", "c": "d"}]},
    ],
)
def test_what_a_form_would_lose_is_refused(note: dict[str, Any]) -> None:
    with pytest.raises(HandWritten):
        contents.values_of(note)
