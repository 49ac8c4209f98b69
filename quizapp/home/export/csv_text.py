"""CSV that spreadsheets read without running it: RFC 4180, and no text that begins like a formula."""

from __future__ import annotations

import csv
import datetime as dt
import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import IO

from quizapp.home.export.instants import iso_utc

_FORMULA = frozenset("=+-@\t\r\n")


def write(file: IO[str], names: Iterable[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write a header of `names` and a line per row, CRLF at each end, quotes where needed."""
    names = list(names)
    writer = csv.writer(file)
    writer.writerow(names)
    writer.writerows([cell(row[name]) for name in names] for row in rows)


def cell(value: object) -> str:
    """Return a value as a cell: numbers stay numbers, instants are ISO in UTC, None is empty."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case dt.datetime():
            return iso_utc(value)
        case dt.date():
            return value.isoformat()
        case str():
            return guarded(value)
        case [*texts] if all(isinstance(text, str) for text in texts):
            return guarded(" | ".join(map(str, texts)))
        case _:
            return guarded(json.dumps(value, ensure_ascii=False))


def guarded(text: str) -> str:
    """Return `text`, with a leading apostrophe if its first visible character could begin a formula."""
    for character in text:
        if unicodedata.normalize("NFKC", character) in _FORMULA:
            return f"'{text}"
        if not character.isspace() and unicodedata.category(character) not in {"Cc", "Cf"}:
            break
    return text
