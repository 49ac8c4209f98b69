"""Problem: one thing that is wrong with a bank file, with its place and a remedy, in plain words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from quizapp import limits

Level = Literal["error", "warning"]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """An error blocks publishing, a warning does not. Lines and columns count from 1.

    `note` is the written id of the note it lies in, `path` the way to the value ("notes[3].distractors[0].text"), and
    `suggestion` what to write instead where one word does it: the message says it too.
    """

    level: Level
    message: str
    line: int
    column: int
    note: str = ""
    path: str = ""
    suggestion: str = ""
    file: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.level}: {self.message}"


def shown(path: Path) -> str:
    """Return `path` as people write it: ("notes", 3, "key") is "notes[3].key"."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def quoted(text: object) -> str:
    """Return what was written, in quotes and cut to a length that fits a message."""
    return f"'{cut(' '.join(str(text).split()))}'"


def cut(text: str) -> str:
    """Return what was written, cut to a length that fits a message."""
    return text if len(text) <= limits.QUOTE_CHARS else f"{text[: limits.QUOTE_CHARS - 1]}…"


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known word that was probably meant, or "" where none is near."""
    if len(word) > limits.ID_CHARS:
        return ""
    near = difflib.get_close_matches(word.lower().replace("_", "-"), list(known), n=1, cutoff=0.6)
    near = near or difflib.get_close_matches(word.lower().replace("-", "_"), list(known), n=1, cutoff=0.6)
    return near[0] if near else ""


def did_you_mean(near: str) -> str:
    """Return the end of a sentence that offers `near`, or nothing."""
    return f": did you mean '{near}'?" if near else ""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong inside one note and blocks publishing, at a path that begins there.

    It is told at the value, at its key, or, where the key named `missing` is not there, at the mapping's first key.
    """

    path: Path
    message: str
    at: Literal["value", "key"] = "value"
    missing: str = ""
    fatal: bool = False  # nothing can be derived from the note
