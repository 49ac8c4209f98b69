"""Changing one part of a file must leave every other line as it was, comments among them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from quizapp.banks.reader import read
from quizapp.errors import Invalid
from quizapp.teaching.writing import file_edits
from quizapp.teaching.writing.file_edits import HandWritten

SOURCE = """\
# The bank of Ana.
format: 1
bank: small
title: Small   # for now
sources:
  # labels
  label: {title: A label}

notes:
  # Chemistry
  - id: first
    question: What?   # short
    answer: This

  # Kinetics
  - {id: second, question: Why, answer: Because}
  - id: third
    text: |
      Some # text

      # no comment
    # a comment inside
# The end.
"""
BANKS = sorted((Path(__file__).parents[3] / "question_banks").glob("*.yaml"))


def edited(change: Callable[..., bytes], *args: object, source: str = SOURCE) -> str:
    return change(source.encode(), *args).decode()


def test_a_note_is_replaced_where_it_stands() -> None:
    after = edited(file_edits.replace_note, 0, {"id": "first", "question": "Which?", "answer": "That"})
    assert after == SOURCE.replace("What?   # short", "Which?").replace("This", "That")


def test_a_note_in_braces_is_replaced_by_lines() -> None:
    after = edited(file_edits.replace_note, 1, {"id": "second", "answer": "So"})
    assert after == SOURCE.replace(
        "{id: second, question: Why, answer: Because}", "id: second\n    answer: So"
    )


def test_the_last_note_takes_the_comments_inside_it_and_leaves_those_below() -> None:
    after = edited(file_edits.replace_note, 2, {"id": "third"})
    assert after == SOURCE[: SOURCE.index("    text: |")] + "# The end.\n"


def test_a_note_is_added_at_the_end_and_between() -> None:
    last = edited(file_edits.insert_note, 3, {"id": "new"})
    assert last == SOURCE.replace("# The end.", "\n  - id: new\n# The end.")
    second = edited(file_edits.insert_note, 1, {"id": "new"})
    assert second == SOURCE.replace("  - {id", "  - id: new\n\n  - {id")


def test_a_removed_note_comes_back_as_it_was_with_its_comments() -> None:
    after, lines = file_edits.remove_note(SOURCE.encode(), 0)
    first = "  - id: first\n    question: What?   # short\n    answer: This\n\n"
    assert after.decode() == SOURCE.replace(first, "")
    again = SOURCE.replace(first, "").replace("  - {id", first + "  - {id")
    assert file_edits.insert_lines(after, 0, lines).decode() == again


def test_the_only_note_leaves_an_empty_list_that_takes_the_next() -> None:
    source = b"format: 1\nnotes:\n  - id: a\n# end\n"
    after, _ = file_edits.remove_note(source, 0)
    assert after == b"format: 1\nnotes: []\n# end\n"
    assert file_edits.insert_note(after, 0, {"id": "b"}) == b"format: 1\nnotes:\n  - id: b\n# end\n"


@pytest.mark.parametrize("start", ["", "format: 1\n", "format: 1\nnotes:\n", "format: 1\nnotes: []"])
def test_a_file_without_notes_takes_one(start: str) -> None:
    after = edited(file_edits.insert_note, 0, {"id": "a"}, source=start or "bank: a\n")
    assert read(after.encode()).data["notes"] == [{"id": "a"}]


def test_notes_change_places() -> None:
    after = edited(file_edits.move_note, 2, 0).encode()
    assert [note["id"] for note in read(after).data["notes"]] == ["third", "first", "second"]
    assert b"# a comment inside" in after
    assert b"# Kinetics" in after


def test_lines_end_as_they_did() -> None:
    source = SOURCE.replace("\n", "\r\n")
    for after in (
        edited(file_edits.insert_note, 1, {"id": "new", "explanation": "a\nb"}, source=source),
        edited(file_edits.set_head, {"notice": "Careful."}, source=source),
    ):
        assert after.count("\n") == after.count("\r\n")


def test_the_head_changes_key_by_key() -> None:
    values = {
        "title": "Small",
        "language": "",
        "license": "CC-BY-4.0",
        "sources": {"label": {"title": "A label"}},
    }
    after = edited(file_edits.set_head, values)
    assert after == SOURCE.replace("sources:", "license: CC-BY-4.0\nsources:")
    assert edited(file_edits.set_head, {"sources": {}}) == SOURCE.replace(
        "sources:\n  # labels\n  label: {title: A label}\n", ""
    )


def test_a_new_bank_holds_what_was_given_and_no_notes() -> None:
    source = file_edits.new_file({"format": "1", "bank": "a", "title": "A: b", "description": ""})
    assert source == b'format: 1\nbank: a\ntitle: "A: b"\nnotes: []\n'


@pytest.mark.parametrize(
    "source", [b"notes: [{id: a}, {id: b}]", b"notes:\n  -\n    id: a\n", b"{notes: [{id: a}]}"]
)
def test_what_stands_in_brackets_is_left_to_its_author(source: bytes) -> None:
    with pytest.raises(HandWritten, match="as YAML"):
        file_edits.replace_note(source, 0, {"id": "c"})


@pytest.mark.parametrize("lines", [["nothing"], ["- a", "odd: b"], ["- [a"], []])
def test_lines_that_are_no_note_are_not_put_in(lines: list[str]) -> None:
    with pytest.raises(HandWritten):
        file_edits.insert_lines(SOURCE.encode(), 0, lines)


def test_a_file_that_cannot_be_read_is_not_changed() -> None:
    with pytest.raises(Invalid, match="Mend it"):
        file_edits.insert_note(b'notes:\n  - id: "a\n', 0, {"id": "c"})


@pytest.mark.parametrize("path", BANKS[:3], ids=lambda path: path.stem)
def test_each_note_of_a_real_bank_is_rewritten_without_touching_the_others(path: Path) -> None:
    source = path.read_bytes()
    notes = read(source).data["notes"]
    for index in range(0, len(notes), 7):
        after = file_edits.replace_note(source, index, notes[index])
        assert read(after).data == read(source).data
