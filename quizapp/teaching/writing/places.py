"""Where a draft's notes and problems stand: what an address names, which note a line lies in, what a field is told."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from quizapp import limits
from quizapp.banks.fields import ID_PATTERN
from quizapp.banks.problems import Path, Problem
from quizapp.banks.reader import Document

_PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_ID = re.compile(ID_PATTERN)
_NAMED = re.compile(r"'([a-z]+(?:_[a-z]+)*)'")
_MISSING = re.compile(r"'([\w-]+)' is missing")
_NO_WHY = "has no 'why': say what is wrong with it"
_ONLY_AS_TEXT = ", or write 'items: no'"  # what the form has no control for
_PREFIX = re.compile(r"'[a-z_]+': ")
_NOTHING = re.compile(r"'[\w-]+' is (?:empty|missing)")
_RESERVED = ("new", "restore")


def written_notes(document: Document) -> list[Any]:
    """Return the notes as they are written."""
    notes = document.data.get("notes")
    return notes if isinstance(notes, list) else []


def written_ids(notes: Iterable[Any]) -> list[str]:
    """Return the id of each note, "" where it has none."""
    return [
        note["id"] if isinstance(note, dict) and isinstance(note.get("id"), str) else "" for note in notes
    ]


def address(ids: list[str], index: int) -> str:
    """Return what an address calls the note at `index`: its id, or its number where the id does not do."""
    return addresses(ids)[index]


def _fits(own: str) -> bool:
    return len(own) <= limits.ID_CHARS and own not in _RESERVED and _ID.fullmatch(own) is not None


def addresses(ids: list[str]) -> list[str]:
    """Return what an address calls each note."""
    first = {own: index for index, own in reversed(list(enumerate(ids)))}
    return [own if _fits(own) and first[own] == index else f"~{index + 1}" for index, own in enumerate(ids)]


def addressed(ids: list[str], name: str) -> int | None:
    """Return the index of the note that an address calls `name`."""
    if name.startswith("~"):
        number = int(name[1:]) if name[1:].isdecimal() and len(name) < 8 else 0
        return number - 1 if 0 < number <= len(ids) else None
    return ids.index(name) if name in ids else None


def note_in_line(document: Document, line: int) -> int | None:
    """Return the index of the note that stands in `line`, from 1."""
    starts = [document.place(("notes", index))[0] for index in range(len(written_notes(document)))]
    return bisect_right(starts, line) - 1 if starts and line >= starts[0] else None


def path_of(problem: Problem) -> Path:
    """Return the way to what a problem is about: "notes[3].key" is ("notes", 3, "key")."""
    found = _PART.findall(problem.path)
    return tuple(int(number) if number else name for number, name in found)


def head_path(problem: Problem) -> Path:
    """Return the way to what a problem of the head is about, of a key that is missing to that key."""
    path, missing = path_of(problem), _MISSING.search(problem.message)
    return (*path, missing[1]) if missing and missing[1] not in path else path


def by_note(problems: Iterable[Problem]) -> dict[int | None, list[Problem]]:
    """Return the problems of each note by its index, and under None those of the rest of the file."""
    found: dict[int | None, list[Problem]] = {}
    for problem in problems:
        match path_of(problem):
            case ("notes", int(index), *_):
                found.setdefault(index, []).append(problem)
            case _:
                found.setdefault(None, []).append(problem)
    return found


def field_path(problem: Problem) -> Path:
    """Return the way from the note to the field where a problem is best told."""
    path = path_of(problem)[2:]
    missing = _MISSING.search(problem.message)
    if missing and missing[1] not in path:
        return (*path, missing[1])
    if path and problem.message.endswith(_NO_WHY):
        return (*path, "why")
    return ("cite",) if path == ("id",) and problem.message.startswith("no source") else path


def in_words(problem: Problem, labels: Mapping[str, str]) -> str:
    """Return what a problem says to somebody who sees fields by their labels and no YAML."""
    if _NOTHING.match(problem.message):
        return "This is empty. Write something here."
    if problem.message.startswith("no source"):
        return "No source yet: choose one."
    if problem.message.endswith(_NO_WHY):
        return "Say what is wrong with it."
    message = _PREFIX.sub("", problem.message, count=1) if _PREFIX.match(problem.message) else problem.message
    message = _NAMED.sub(lambda found: f"“{labels[found[1]]}”" if found[1] in labels else found[0], message)
    message = message.replace(_ONLY_AS_TEXT, "").replace("distractor", "wrong answer")
    return f"{message[:1].upper()}{message[1:]}" + ("" if message.endswith((".", "?")) else ".")


def whereabouts(problem: Problem, labels: Mapping[str, str]) -> str:
    """Return the label of the field that a problem is about, with the number of the row: "Wrong answers 2"."""
    path = field_path(problem)
    label = labels.get(str(path[0]), "") if path else ""
    number = next((part + 1 for part in path[1:3] if isinstance(part, int)), None)
    return f"{label} {number}" if label and number is not None else label
