"""Addresses of notes, the note in a line, and what is told at which field."""

from __future__ import annotations

import pytest

from quizapp.banks.problems import Problem
from quizapp.banks.reader import read
from quizapp.teaching.writing import places


def problem(message: str, path: str) -> Problem:
    return Problem("error", message, 1, 1, path=path)


def test_a_note_is_addressed_by_its_id_where_that_names_it_alone() -> None:
    ids = ["one", "one", "", "new", "No Id", "x" * 65]
    addresses = [places.address(ids, index) for index in range(6)]
    assert addresses == ["one", "~2", "~3", "~4", "~5", "~6"]
    assert [places.addressed(ids, address) for address in addresses] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", ["two", "~0", "~6", "~x", "~", "~99999999999"])
def test_what_names_no_note_finds_none(name: str) -> None:
    assert places.addressed(["one"], name) is None


def test_a_line_lies_in_the_note_that_began_last() -> None:
    document = read(b"bank: a\nnotes:\n  - id: a\n    question: b\n  - id: c\n")
    assert [places.note_in_line(document, line) for line in range(1, 7)] == [None, None, 0, 0, 1, 1]
    assert places.note_in_line(read(b"bank: a\n"), 1) is None


def test_problems_are_parted_by_note() -> None:
    found = [
        problem("a", "notes[2].key"),
        problem("b", "title"),
        problem("c", "notes[2]"),
        problem("d", "notes"),
    ]
    assert {key: len(group) for key, group in places.by_note(found).items()} == {2: 2, None: 2}


@pytest.mark.parametrize(
    ("message", "path", "field", "words"),
    [
        ("'answer' is empty", "answer", ("answer",), "This is empty. Write something here."),
        ("'answer' is missing", "", ("answer",), "This is empty. Write something here."),
        ("no source: add 'cite'", "id", ("cite",), "No source yet: choose one."),
        (
            "'GABA-A' has no 'why': say what is wrong with it",
            "distractors[0]",
            ("distractors", 0, "why"),
            "Say what is wrong with it.",
        ),
        (
            "'harm': write a whole number from 0 to 3",
            "a[1].harm",
            ("a", 1, "harm"),
            "Write a whole number from 0 to 3.",
        ),
        (
            "'reverse' asks a question: 'reverse_answer' is missing",
            "",
            ("reverse_answer",),
            "“Back” asks a question: 'reverse_answer' is missing.",
        ),
    ],
)
def test_a_problem_is_told_at_its_field_without_yaml(
    message: str, path: str, field: tuple[object, ...], words: str
) -> None:
    found = problem(message, f"notes[3].{path}".rstrip("."))
    assert places.field_path(found) == field
    assert places.in_words(found, {"reverse": "Back"}) == words


def test_a_form_does_not_advise_what_can_only_be_written_as_text() -> None:
    found = problem("fewer than two distractors: add some, or write 'items: no'", "notes[3].distractors")
    assert places.in_words(found, {}) == "Fewer than two wrong answers: add some."
