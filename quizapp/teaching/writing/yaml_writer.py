"""Plain data as YAML in house style: block style, two spaces, one value a line, quotes only where they are needed.

What is written is read back by `banks.reader` as the same texts, whatever characters they hold (those that it refuses
everywhere aside). Numbers and yes/no are written as a person writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from quizapp.banks.notes import DEFAULT_TYPE, NOTE_TYPES
from quizapp.banks.notes.common import Note

# Text that means itself without quotes: it begins with no sign of YAML, and holds no ": " and no " #".
_PLAIN = re.compile(r"(?![\s\-?:,\[\]{}#&*!|>'\"%@`])(?:(?!:\s|\s#|[\t\n]).)+(?<![\s:])")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})
_INDENT = "  "
_SHORT = ("text", "source")  # the one key of a long form that says no more than the short form


def note_lines(note: Mapping[str, Any]) -> list[str]:
    """Return the lines of one note as an entry of a list, from its written or canonical content."""
    return _entry(_ordered(note))


def value_lines(key: str, value: Any) -> list[str]:
    """Return the lines of `key` and its value in a mapping that is not indented."""
    return _pair(key, value)


def as_read(value: Any) -> Any:
    """Return what the reader will make of `value`: texts, lists and mappings of texts, short forms as written."""
    if isinstance(value, Mapping):
        return {key: as_read(part) for key, part in _shortened(value).items() if part is not None}
    if isinstance(value, list | tuple):
        return [as_read(_short(part)) for part in value]
    return _word(value)


def scalar(text: str) -> str:
    """Return a text on one line, in quotes where it would mean something else without."""
    return text if _PLAIN.fullmatch(text) else f'"{text.translate(_ESCAPES)}"'


def _ordered(note: Mapping[str, Any]) -> dict[str, Any]:
    """Return `note` with its keys in house order: what it is, what it asks, what is said about it; then all others."""
    kind = NOTE_TYPES.get(str(note.get("type", DEFAULT_TYPE)), Note)
    common = [field.alias or name for name, field in Note.model_fields.items()]
    own = [field.alias or name for name, field in kind.model_fields.items()]
    order = dict.fromkeys(("id", "type", *(name for name in own if name not in common), *common, *note))
    return {key: note[key] for key in order if key in note}


def _entry(value: Any) -> list[str]:
    """Return the lines of an entry of a list."""
    value = _short(value)
    if isinstance(value, Mapping) and value:
        lines = _mapping(value)
    elif isinstance(value, list | tuple) and value:
        lines = _list(value)
    else:
        lines = _inline(value)
    return [f"- {lines[0]}", *(_indented(lines[1:]))]


def _mapping(value: Mapping[str, Any]) -> list[str]:
    return [
        line for key, part in _shortened(value).items() if part is not None for line in _pair(str(key), part)
    ]


def _list(values: Iterable[Any]) -> list[str]:
    return [line for value in values for line in _entry(value)]


def _pair(key: str, value: Any) -> list[str]:
    if isinstance(value, Mapping) and value:
        return [f"{scalar(key)}:", *_indented(_mapping(value))]
    if isinstance(value, list | tuple) and value:
        return [f"{scalar(key)}:", *_indented(_list(value))]
    first, *others = _inline(value)
    return [f"{scalar(key)}: {first}", *others]


def _inline(value: Any) -> list[str]:
    """Return what stands behind a key or a dash: a text, or an empty list or mapping."""
    if isinstance(value, Mapping):
        return ["{}"]
    if isinstance(value, list | tuple):
        return ["[]"]
    text = _word(value)
    return ["|-", *_indented(text.split("\n"))] if _may_be_block(text) else [scalar(text)]


def _may_be_block(text: str) -> bool:
    """Return whether a text of several lines reads the same when its lines are just indented."""
    lines = text.split("\n")
    plain = all(line.strip(" ") or not line for line in lines)
    return len(lines) > 1 and plain and bool(lines[-1]) and lines[0][:1] not in ("", " ") and "\t" not in text


def _shortened(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping with its cells and its key in short form where that says as much."""
    is_row, is_note = "attribute" in mapping, "id" in mapping
    return {
        key: _short(part) if is_row or (is_note and key == "key") else part for key, part in mapping.items()
    }


def _short(value: Any) -> Any:
    if isinstance(value, Mapping) and len(value) == 1:
        key, text = next(iter(value.items()))
        if key in _SHORT and isinstance(text, str):
            return text
    return value


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _indented(lines: Iterable[str]) -> list[str]:
    return [_INDENT + line if line else "" for line in lines]
