"""Changing one part of a bank's file: the lines of that part are written anew, every other line stays as it is.

Places come from `banks.reader`. Each change is read back before it is given out: unless exactly the wanted part has
changed, it is refused, and the author is sent to the editor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quizapp.banks.reader import Document, read
from quizapp.errors import Invalid
from quizapp.teaching.writing.yaml_writer import as_read, note_lines, value_lines

_DASH = re.compile(r"( *)- +")
_NO_NOTES = re.compile(r"notes: *(?:\[ *\])? *(#.*)?\r?")
_HEAD = (
    "format",
    "bank",
    "title",
    "description",
    "language",
    "license",
    "authors",
    "notice",
    "sources",
    "pools",
)


class HandWritten(Invalid):
    """The file is written in a way that only its author can change."""

    def __init__(self) -> None:
        super().__init__(
            "This part of the file is written in a way that a form cannot change. Change it as YAML."
        )


@dataclass(frozen=True, slots=True)
class Span:
    """Lines `start` to before `end`, from 0, whose first character stands in column `indent`."""

    start: int
    end: int
    indent: int


def replace_note(source: bytes, index: int, note: Mapping[str, Any]) -> bytes:
    """Return `source` with `note` in place of the one at `index`."""
    file = _File(source)
    span = file.note(index)
    file.put(span, note_lines(note))
    return file.checked(notes=[*file.notes[:index], as_read(note), *file.notes[index + 1 :]])


def insert_note(source: bytes, index: int, note: Mapping[str, Any]) -> bytes:
    """Return `source` with `note` before the one at `index`, or at the end."""
    return insert_lines(source, index, note_lines(note))


def insert_lines(source: bytes, index: int, lines: list[str]) -> bytes:
    """Return `source` with the lines of a note, not indented, before the one at `index`, or at the end."""
    file = _File(source)
    number = len(file.notes)
    if number == 0:
        file.put(file.no_notes(), ["notes:", *(f"  {line}" if line else "" for line in lines)])
    else:
        near = file.note(min(index, number - 1))
        at = near.start if index < number else near.end
        file.put(Span(at, at, near.indent), [*lines, ""] if index < number else ["", *lines])
    added = read("\n".join(["notes:", *lines]).encode()).data.get("notes")
    if not isinstance(added, list):
        raise HandWritten
    return file.checked(notes=[*file.notes[:index], *added, *file.notes[index:]])


def remove_note(source: bytes, index: int) -> tuple[bytes, list[str]]:
    """Return `source` without the note at `index`, and the lines of that note, not indented."""
    file = _File(source)
    lines = file.cut(file.note(index), last=len(file.notes) == 1)
    return file.checked(notes=[*file.notes[:index], *file.notes[index + 1 :]]), lines


def move_note(source: bytes, index: int, to: int) -> bytes:
    """Return `source` with the note at `index` where it comes to stand at `to`."""
    without, lines = remove_note(source, index)
    return insert_lines(without, to, lines)


def set_head(source: bytes, values: Mapping[str, Any]) -> bytes:
    """Return `source` with these values of the head; an empty one is taken out, an unchanged one not touched."""
    file = _File(source)
    head, changes = dict(file.data), []
    for key in filter(values.__contains__, _HEAD):
        wanted, has = as_read(values[key]), key in file.data
        if wanted == file.data.get(key, "") or (not wanted and not has):
            continue
        lines = value_lines(key, values[key]) if wanted else []
        changes.append((file.key(key) if has else file.before_key(key), lines))
        head = _without(head, key) | ({key: wanted} if wanted else {})
    if not changes:
        return source
    # From the end on, so that the places before stay; of two at one place, what comes later in the order first.
    for span, lines in sorted(changes, key=lambda change: change[0].start)[::-1]:
        file.put(span, lines)
    return file.checked(head=head)


def new_file(head: Mapping[str, Any]) -> bytes:
    """Return a bank without notes."""
    lines = [line for key, value in head.items() if value for line in value_lines(key, value)]
    return "\n".join([*lines, "notes: []", ""]).encode()


def _without(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name != key}


class _File:
    """A file, its lines, and where its parts stand."""

    def __init__(self, source: bytes) -> None:
        self.document: Document = read(source)
        if not self.document.complete:
            raise Invalid("The file cannot be read to its end. Mend it as YAML first.")
        self.data: dict[str, Any] = self.document.data
        notes = self.data.get("notes")
        self.notes: list[Any] = notes if isinstance(notes, list) else []
        self.lines = source.decode().split("\n")
        self.tail = "\r" if self.lines[0].endswith("\r") else ""

    def note(self, index: int) -> Span:
        """Return where the note at `index` stands, with the comments inside and not those above it."""
        start, indent = self._dash(index)
        stop = self._dash(index + 1)[0] if index + 1 < len(self.notes) else self._after("notes")
        return self._trimmed(start, stop, indent)

    def key(self, key: str) -> Span:
        """Return where a key of the file and its value stand."""
        line, column = self.document.place((key,), key=True)
        if column != 1:
            raise HandWritten
        return self._trimmed(line - 1, self._after(key), 0)

    def before_key(self, key: str) -> Span:
        """Return the empty place where `key` belongs among the keys of the file."""
        later = [name for name in (*_HEAD[_HEAD.index(key) + 1 :], "notes") if name in self.data]
        start = self.key(later[0]).start if later else len(self.lines)
        return Span(start, start, 0)

    def no_notes(self) -> Span:
        """Return where the list of notes belongs that is empty or missing."""
        if "notes" not in self.data:
            end = len(self.lines) - (not self.lines[-1])
            return Span(end, end, 0)
        span = self.key("notes")
        if not _NO_NOTES.fullmatch(self.lines[span.start]):
            raise HandWritten
        return span

    def put(self, span: Span, lines: list[str]) -> None:
        self.lines[span.start : span.end] = [
            (" " * span.indent + line if line else "") + self.tail for line in lines
        ]

    def cut(self, span: Span, *, last: bool) -> list[str]:
        """Take the lines of a note out, with the empty ones behind it, and return them; of the last, "[]" stays."""
        lines = [line.removesuffix("\r")[span.indent :] for line in self.lines[span.start : span.end]]
        end = span.end
        while end < len(self.lines) - 1 and not self.lines[end].strip():
            end += 1
        self.lines[span.start : end] = []
        if last:
            self.lines[self.key("notes").start] = f"notes: []{self.tail}"
        return lines

    def checked(self, *, notes: list[Any] | None = None, head: dict[str, Any] | None = None) -> bytes:
        """Return the file as it stands now, if it holds exactly these notes and this head (None: as before)."""
        source = "\n".join(self.lines).encode()
        after = read(source).data
        found = after.get("notes")
        same_notes = (found if isinstance(found, list) else []) == (self.notes if notes is None else notes)
        wanted = _without(self.data if head is None else head, "notes")
        if not same_notes or _without(after, "notes") != wanted:
            raise HandWritten
        return source

    def _dash(self, index: int) -> tuple[int, int]:
        """Return the line of the dash before a note, and its column."""
        line, column = self.document.place(("notes", index))
        dash = _DASH.fullmatch(self.lines[line - 1][: column - 1])
        if dash is None:
            raise HandWritten
        return line - 1, len(dash[1])

    def _after(self, key: str) -> int:
        """Return the line of the key after `key`, or the end of the file."""
        names = list(self.data)
        position = names.index(key) + 1
        if position == len(names):
            return len(self.lines)
        return self.document.place((names[position],), key=True)[0] - 1

    def _trimmed(self, start: int, stop: int, indent: int) -> Span:
        """Return the span without the empty lines at its end and the comments that do not stand inside the part."""
        end = stop
        while end > start + 1:
            line = self.lines[end - 1]
            words = line.lstrip(" ")
            if words.strip() and not (words.startswith("#") and len(line) - len(words) <= indent):
                break
            end -= 1
        return Span(start, end, indent)
