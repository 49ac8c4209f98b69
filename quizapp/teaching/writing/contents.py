"""The content of a note as a form's values, and back. What a form has no field for stays as it was written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

from quizapp import limits
from quizapp.banks.notes import DEFAULT_TYPE, NOTE_TYPES
from quizapp.banks.notes.cloze import Deletion, Malformed, pieces
from quizapp.banks.notes.common import Citation, Option
from quizapp.banks.notes.matrix import Cell, Row
from quizapp.banks.reader import UNSEEN
from quizapp.teaching.writing.file_edits import HandWritten

Content = Mapping[str, Any]
Values = dict[str, Any]

_NOT_WRITTEN = {"id", "type", "status", "level", "card"}
_WORDS = re.compile(r"[a-z0-9]+")
_SMALL = {
    *("a", "an", "and", "are", "at", "by", "do", "does", "for", "from", "how", "in", "is", "it", "of", "on"),
    *("or", "the", "to", "what", "when", "which", "who", "why", "with"),
}
_SLUG_WORDS = 5
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "α": "alpha", "β": "beta", "γ": "gamma", "µ": "u"}
)


def kind_of(note: Content) -> str:
    """Return the type of a written note. Raises HandWritten if there is no such type."""
    kind = (note.get("type") or DEFAULT_TYPE) if isinstance(note, Mapping) else None
    if not isinstance(kind, str) or kind not in NOTE_TYPES:
        raise HandWritten
    return kind


def title(note: Content) -> str:
    """Return what a written note asks, for a list; "" where it does not say."""
    kind = note.get("type") or DEFAULT_TYPE
    if kind == "matrix" and isinstance(subjects := note.get("subjects"), dict):
        return " · ".join(str(name) for name in subjects.values())
    lead = note.get(NOTE_TYPES[kind].lead, "") if isinstance(kind, str) and kind in NOTE_TYPES else ""
    text = lead if isinstance(lead, str) else ""
    try:
        return "".join(part if isinstance(part, str) else part.text for part in pieces(text))
    except Malformed:
        return text


def slug(text: str, taken: Container[str], *, otherwise: str = "note") -> str:
    """Return an id made of the first words of `text`, or of `otherwise`, that is not among `taken`."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    words = _WORDS.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))
    telling = [word for word in words if word not in _SMALL] or words
    start = "-".join(telling[:_SLUG_WORDS])[: limits.ID_CHARS - 4].strip("-") or otherwise
    number, found = 1, start
    while found in taken:
        number += 1
        found = f"{start}-{number}"
    return found


def values_of(note: Content) -> Values:
    """Return what a form shows of a written note. Raises HandWritten where a form would lose something."""
    kind = kind_of(note)
    values = {name: read(note.get(name, "")) for name, (read, _) in (_COMMON | _OWN[kind]).items()}
    if kind == "cloze":
        values["clozes"] = _clozes(note)
    if kind == "matrix":
        values |= _table(note)
    return values


def note_of(kind: str, values: Values, before: Content, taken: Container[str]) -> dict[str, Any]:
    """Return the note of type `kind` that a form's values say, with all that `before` had and the form does not.

    A note without an id gets one from what it asks. Required fields are there even when they are empty.
    """
    note = {name: part for name, part in before.items() if name not in _COMMON and name not in _OWN[kind]}
    if kind != DEFAULT_TYPE or "type" in before:
        note["type"] = kind
    wanted = _required(kind)
    for name, (_, write) in (_COMMON | _OWN[kind]).items():
        part = write(values.get(name))
        if part or name in wanted:
            note[name] = part
    if kind == "cloze":
        note |= _by_cloze(values.get("clozes", []), note)
    if kind == "matrix":
        note |= _rows(values, before)
    if not note.get("id"):
        note["id"] = slug(title(note), taken)
    return {name: part for name, part in note.items() if part or name in wanted}


def is_empty(note: Content) -> bool:
    """Return whether nothing is written in a note; what is only chosen or ticked makes none."""
    return not any(part for name, part in note.items() if name not in _NOT_WRITTEN)


def cloze_names(text: str) -> list[str]:
    """Return the clozes of a text by name, in order; of a text that is not finished, none."""
    try:
        found = {piece.cloze for piece in pieces(text) if isinstance(piece, Deletion)}
    except Malformed:
        return []
    return sorted(found, key=lambda name: int(name[1:]))


def _required(kind: str) -> set[str]:
    names = {
        field.alias or name for name, field in NOTE_TYPES[kind].model_fields.items() if field.is_required()
    }
    return names | {"id"}


def _text(written: Any) -> str:
    if not isinstance(written, str):
        raise HandWritten
    return written


def _list(written: Any) -> list[Any]:
    if isinstance(written, list):
        return written
    return [] if written == "" else [written]


def _lines(written: Any) -> str:
    return "\n".join(" ".join(_text(entry).split()) for entry in _list(written))


def _parts(written: Any, short: str, known: Iterable[str]) -> Values:
    """Return the long form of what may be written short, as texts."""
    long = {short: written} if isinstance(written, str) else written
    if not isinstance(long, dict) or not long.keys() <= set(known):
        raise HandWritten
    return {name: _text(part) for name, part in long.items()}


def _option(written: Any) -> Values:
    parts = _parts(written, "text", (*Option.model_fields, "key")) if written else {}
    return parts | {"key": _yes(parts["key"])} if "key" in parts else parts


def _options(written: Any) -> list[Values]:
    return [_option(entry) for entry in _list(written)]


def _cites(written: Any) -> list[Values]:
    return [_parts(entry, "source", Citation.model_fields) for entry in _list(written)]


def _yes(written: Any) -> bool:
    if written not in ("", "yes", "no", "true", "false"):
        raise HandWritten
    return written in ("yes", "true")


def _is_draft(written: Any) -> bool:
    if written not in ("", "draft", "published"):
        raise HandWritten
    return bool(written == "draft")


def tidy(value: Any) -> str:
    """Return what was typed, without the invisible characters that no file may hold."""
    text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
    return UNSEEN.sub("", text).strip()


def _split(value: Any) -> list[str]:
    return [line.strip() for line in tidy(value).split("\n") if line.strip()]


def _filled(value: Any) -> dict[str, str]:
    """Return the parts of a row that say something."""
    parts = {name: "yes" if part is True else tidy(part) for name, part in (value or {}).items()}
    return {name: part for name, part in parts.items() if part}


def _one_option(value: Any) -> Any:
    parts = _filled(value)
    return {"text": "", **parts} if parts else ""


def _entries(value: Any) -> list[Any]:
    return [_one_option(row) for row in value or [] if _filled(row)]


def _citations(value: Any) -> list[Any]:
    return [{"source": "", **_filled(row)} for row in value or [] if _filled(row)]


_Field = tuple[Callable[[Any], Any], Callable[[Any], Any]]
_TEXT: _Field = (_text, tidy)
_LINES: _Field = (_lines, _split)
_OPTIONS: _Field = (_options, _entries)
_YES: _Field = (_yes, lambda value: "yes" if value else "")

_COMMON: dict[str, _Field] = {
    "id": _TEXT,
    "explanation": _TEXT,
    "caveat": _TEXT,
    "cite": (_cites, _citations),
    "tags": _LINES,
    "level": _TEXT,
    "status": (_is_draft, lambda value: "draft" if value else ""),
}
_OWN: dict[str, dict[str, _Field]] = {
    "fact": {
        "question": _TEXT,
        "answer": _TEXT,
        "accept": _LINES,
        "distractors": _OPTIONS,
        "reverse": _TEXT,
        "reverse_answer": _TEXT,
    },
    "cloze": {"text": _TEXT},
    "choice": {
        "stem": _TEXT,
        "key": (_option, _one_option),
        "distractors": _OPTIONS,
        "options": _OPTIONS,
        "card": _YES,
    },
    "multiple": {"stem": _TEXT, "correct": _OPTIONS, "incorrect": _OPTIONS},
    "set": {
        "name": _TEXT,
        "members": _OPTIONS,
        "non_members": _OPTIONS,
        "ask": _TEXT,
        "ask_not": _TEXT,
        "ask_all": _TEXT,
    },
    "matrix": {},
}


def _clozes(note: Content) -> list[Values]:
    """Return for each cloze of the text, and each that is written about, what is accepted and what is wrong."""
    written = {name: note.get(name) or {} for name in ("accept", "distractors")}
    if not all(isinstance(part, dict) for part in written.values()):
        raise HandWritten
    names = dict.fromkeys(
        [*cloze_names(_text(note.get("text", ""))), *written["accept"], *written["distractors"]]
    )
    return [
        {
            "cloze": name,
            "accept": _lines(written["accept"].get(name, "")),
            "distractors": _options(written["distractors"].get(name, "")),
        }
        for name in names
    ]


def _by_cloze(rows: list[Values], note: Content) -> dict[str, Any]:
    accept = {row["cloze"]: found for row in rows if (found := _split(row.get("accept")))}
    wrong = {row["cloze"]: found for row in rows if (found := _entries(row.get("distractors")))}
    return {"accept": accept, "distractors": wrong}


_OF_ROW = ("id", "attribute", "ask", "ask_subject")


def _table(note: Content) -> Values:
    """Return subjects and rows of a matrix, the cells of each row in the order of the subjects."""
    subjects, rows = note.get("subjects") or {}, note.get("rows") or []
    if not isinstance(subjects, dict) or not isinstance(rows, list):
        raise HandWritten
    return {
        "subjects": [{"id": key, "name": _text(name)} for key, name in subjects.items()],
        "rows": [_row(row, list(subjects)) for row in rows],
    }


def _row(row: Any, subjects: list[str]) -> Values:
    if not isinstance(row, dict) or not row.keys() <= {*subjects, *Row.model_fields}:
        raise HandWritten
    cells = [_parts(row.get(subject, ""), "text", Cell.model_fields) for subject in subjects]
    return {
        **{name: _text(row.get(name, "")) for name in _OF_ROW},
        "cells": [cell | {"skip": _yes(cell.get("skip", ""))} for cell in cells],
        "distractors": _options(row.get("distractors", "")),
    }


def _rows(values: Values, before: Content) -> dict[str, Any]:
    """Return subjects and rows as they are written; what nobody has filled in is left out."""
    subjects = _with_ids(values.get("subjects", []), "name", "subject", taken=Row.model_fields)
    filled = [row for row in values.get("rows", []) if _says_something(row)]
    old_rows = {old.get("id"): old for old in _list(before.get("rows", "")) if isinstance(old, dict)}
    rows = []
    for row_id, row in _with_ids(filled, "attribute", "row", taken=()).items():
        said = {name: part for name in _OF_ROW[1:] if (part := tidy(row.get(name))) or name == "attribute"}
        cells = [_filled(cell) or "" for cell in row.get("cells", [])]
        wrong = _entries(row.get("distractors"))
        old = old_rows.get(row_id, {})
        kept = {
            name: old[name]
            for name in Row.model_fields
            if name in old and name not in (*_OF_ROW, "distractors")
        }
        rows.append(
            {
                "id": row_id,
                **said,
                **dict(zip(subjects, cells, strict=False)),
                **({"distractors": wrong} if wrong else {}),
                **kept,
            }
        )
    unused = {
        key
        for key, subject in subjects.items()
        if not tidy(subject.get("name")) and not any(row.get(key) for row in rows)
    }
    return {
        "subjects": {
            key: tidy(subject.get("name")) for key, subject in subjects.items() if key not in unused
        },
        "rows": [{name: part for name, part in row.items() if name not in unused} for row in rows],
    }


def _says_something(row: Values) -> bool:
    said = any(tidy(row.get(name)) for name in _OF_ROW)
    return said or any(map(_filled, row.get("cells", []))) or bool(_entries(row.get("distractors")))


def _with_ids(parts: list[Values], lead: str, otherwise: str, *, taken: Iterable[str]) -> dict[str, Values]:
    """Return the parts by their id; who has none gets one from what `lead` says."""
    given = {tidy(part.get("id")) for part in parts}
    found: dict[str, Values] = {}
    for part in parts:
        used = {*given, *found, *taken}
        found[tidy(part.get("id")) or slug(tidy(part.get(lead)), used, otherwise=otherwise)] = part
    return found
