"""One JSON object, written piece by piece: however long the lists in it, one row is in memory."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import IO

from quizapp.home.export.instants import iso_utc


def write(file: IO[str], head: Mapping[str, object], lists: Mapping[str, Iterable[object]]) -> None:
    """Write an object of the values of `head` and, after them, the `lists`, each row on a line of its own."""
    file.write("{")
    before = ""
    for name, value in head.items():
        file.write(f"{before}\n{_text(name)}: {_text(value)}")
        before = ","
    for name, rows in lists.items():
        file.write(f"{before}\n{_text(name)}: [")
        between = ""
        for row in rows:
            file.write(f"{between}\n  {_text(row)}")
            between = ","
        file.write("\n]" if between else "]")
        before = ","
    file.write("\n}\n")


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return iso_utc(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"an export cannot hold {type(value).__name__}")
