"""Bank files: YAML made safe. Bytes in; plain data, the place of every key and value, and all problems out.

Data is built from the events of the C parser, never by its loader: every scalar stays the text that was written,
limits are counted as events arrive, and nothing is constructed, merged or shared. Whatever is refused is reported
with its place, and reading goes on where it can.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml
from yaml import AliasEvent, DocumentStartEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent
from yaml.events import MappingEndEvent, SequenceEndEvent

from quizapp import limits
from quizapp.banks import slips, syntax
from quizapp.banks.problems import Level, Path, Problem, quoted, shown
from quizapp.banks.work import Work

# Controls, lone surrogates, noncharacters, line separators, bidi overrides and isolates, a stray byte order mark.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
PROBLEMS_REPORTED = 1000  # a file with more is not a bank gone wrong
_COUNTED_AT_ONCE = 500  # values
_ORDINARY = bytes([0x09, 0x0A, *range(0x20, 0x7F)])
_COMMENT = re.compile(r" #|[ \t]+#(?=\S)")  # "Tylenol #3": two spaces and "# " are a comment that was meant
_GLUED = re.compile(r"\d,\d")
_DROP = object()  # stands in place of a key whose value is read and thrown away
_LIST_AS_KEY = object()  # the same, while the list or mapping in the key's place is being read


@dataclass(slots=True)
class Document:
    """What a file holds. Where reading broke off, `complete` is false and `open` the way to what was being read."""

    data: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True
    open: Path = ()
    # Where "1,500 mg" became two entries of a list. Only whoever knows the fields can tell whether that was meant.
    glued: list[tuple[Path, str]] = field(default_factory=list)
    # For each container, by identity: the marks of its parts (key, value, key, value … or entry, entry …) …
    marks: dict[int, list[Any]] = field(default_factory=dict)
    # … and, where one of its keys was looked for, the position of each key.
    positions: dict[int, dict[str, int]] = field(default_factory=dict)

    def place(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Return line and column of the value at `path`, or of its key.

        A path may be longer than what was written: a short form has less in it than the long form it stands for.
        """
        mark = self._find(path, key=key)[1]
        return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)

    def first_key(self, path: Path) -> tuple[int, int]:
        """Return the place of the first key of the mapping at `path`, or of the value there if it has no key."""
        node, mark = self._find(path)
        if isinstance(node, dict) and node:
            mark = self.marks[id(node)][0]
        return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)

    def has(self, path: Path) -> bool:
        """Return whether the mapping at `path` without its last part has that part as a key."""
        node = self._find(path[:-1])[0]
        return isinstance(node, dict) and path[-1] in node

    def note_at(self, path: Path) -> str:
        """Return the written id of the note that `path` lies in, or ""."""
        node = self._find(path[:2])[0] if path[:1] == ("notes",) and len(path) > 1 else None
        name = node.get("id") if isinstance(node, dict) else ""
        return name if isinstance(name, str) else ""

    def _find(self, path: Path, *, key: bool = False) -> tuple[Any, Any]:
        """Return the value at `path`, or the nearest above it that was written, and its mark."""
        node: Any = self.data
        mark = None
        for position, part in enumerate(path):
            marks = self.marks.get(id(node), [])
            if isinstance(node, dict):
                if isinstance(part, int):  # one value in place of a list of one
                    continue
                if part not in node:
                    break
                index = self._position(node, part) * 2
                mark = marks[index if key and position == len(path) - 1 else index + 1]
                node = node[part]
            elif isinstance(node, list) and isinstance(part, int) and part < len(node):
                mark = marks[part]
                node = node[part]
            else:
                break
        return node, mark

    def _position(self, mapping: dict[str, Any], key: str) -> int:
        positions = self.positions.get(id(mapping))
        if positions is None:
            positions = {name: position for position, name in enumerate(mapping)}
            self.positions[id(mapping)] = positions
        return positions[key]


class _Broken(Exception):
    """Reading cannot go on. Arguments: the sentence, and the mark of the place."""


def read(source: bytes, work: Work | None = None) -> Document:
    """Return the document in `source`. Whatever the bytes are, it never raises but TakesLong, of `work`.

    A value is a step.
    """
    reader = _Reader(work or Work())
    text = reader.decode(source)
    if text is not None:
        reader.parse(text)
    reader.name_notes()
    return reader.document


@contextmanager
def paused_collection() -> Iterator[None]:
    """Pause the garbage collector while many objects are made, none of them in cycles: it would look in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Reader:
    """One reading of one file."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.document = Document()
        self.errors: list[tuple[str, int, int, Path]] = []
        self.warnings: list[tuple[str, int, int, Path]] = []
        self.mended: set[int] = set()  # the lines that had spaces that are none
        # For each container above the one being read: itself, its marks, the key that waits, its mark, flow, mapping.
        self.stack: list[tuple[Any, list[Any], Any, Any, bool, bool]] = []

    def report(self, message: str, line: int, column: int, path: Path = ()) -> None:
        self.errors.append((message, line, column, path))

    def report_at(self, mark: Any, message: str, *last: Any) -> None:
        self.report(message, mark.line + 1, mark.column + 1, self.path(*last))

    def stop(self, message: str, line: int, column: int) -> None:
        """Report what ends the reading; what was read before it is kept."""
        self.document.complete = False
        self.document.open = self.path()
        if line not in self.mended:  # or it follows from what was told of this line
            self.report(message, line, column, self.document.open)

    def path(self, *last: Any) -> Path:
        """Return the way to the container that is being read, and on to `last` in it."""
        parts: list[Any] = []
        for container, _, key, *_ in self.stack[1:]:
            parts.append(len(container) - 1 if isinstance(container, list) else key)
        return tuple(part for part in (*parts, *last) if isinstance(part, str | int))

    def name_notes(self) -> None:
        document = self.document
        levels: tuple[tuple[Level, list[Any]], ...] = (("error", self.errors), ("warning", self.warnings))
        for level, found in levels:
            for message, line, column, path in found:
                note = document.note_at(path)
                document.problems.append(Problem(level, message, line, column, note, shown(path)))

    def decode(self, source: bytes) -> str | None:
        """Return the text, characters that nobody can see reported and replaced, or None if there is no text."""
        if len(source) > limits.BANK_FILE_BYTES:
            self.stop(f"the file is over {limits.BANK_FILE_BYTES // limits.MIB} MiB: split the bank", 1, 1)
            return None
        source = source.replace(b"\r\n", b"\n")
        try:
            text = source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = source[: error.start].decode("utf-8", "replace")
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            self.stop(
                f"byte {error.start} of the file is not UTF-8: save the file as UTF-8 text", line, column
            )
            return None
        if not UNSEEN.search(source.translate(None, _ORDINARY).decode("utf-8-sig")):
            return text
        line, at = 1, 0
        for match in islice(UNSEEN.finditer(text), PROBLEMS_REPORTED):
            line += text.count("\n", at, match.start())
            at = match.start()
            self.report(f"{_named(match[0])} is not allowed: delete it", line, at - text.rfind("\n", 0, at))
        return UNSEEN.sub("\ufffd", text)

    def parse(self, text: str) -> None:
        text, odd = slips.mend_spaces(text, PROBLEMS_REPORTED, self.work)
        for message, line, column in odd:
            self.report(message, line, column)
            self.mended.add(line)
        roots: list[Any] = []
        try:
            with paused_collection():
                self.build(text, roots)
        except _Broken as broken:
            message, mark = broken.args
            self.stop(message, mark.line + 1, mark.column + 1)
        except yaml.YAMLError as error:
            self.stop(*syntax.reword(error, text))
        if roots and isinstance(roots[0], dict):
            self.document.data = roots[0]
        elif self.document.complete:
            what = "a bank file begins with keys such as 'format: 1' and 'bank: my-topic'"
            self.stop(what if roots and roots[0] else f"the file is empty: {what}", 1, 1)

    def build(self, text: str, roots: list[Any]) -> None:  # noqa: PLR0912, PLR0915 - half a million turns of one loop
        """Append each document of `text` to `roots` as plain data, and keep the place of each part."""
        next_event = yaml.CSafeLoader(text).get_event
        stack, errors = self.stack, self.errors
        all_marks, glued = self.document.marks, self.document.glued
        commented = slips.commented_lines(text)
        may_be_glued, escapes = _GLUED.search(text) is not None, "\\" in text
        nodes, counted = 0, 0
        last_end, last_digit = -1, False  # of the last plain scalar in a flow collection
        container: Any = roots
        marks: list[Any] = []
        key: Any = None
        key_mark: Any = None
        flow = mapping = False
        while (event := next_event()) is not None:
            kind = type(event)
            if kind is ScalarEvent:
                value, mark, style = event.value, event.start_mark, event.style
                nodes += 1
                if event.anchor is not None or event.tag is not None:
                    self.refuse_properties(event, key if mapping else len(container))
                if style == "":
                    if event.end_mark.line != mark.line and not flow:
                        lost = slips.lost_dash(text, event, in_list=not mapping)
                        self.errors += [
                            (*told, self.path(key if mapping else len(container))) for told in lost
                        ]
                    if flow and may_be_glued:
                        if mark.index == last_end + 1 and last_digit and value[:1].isdigit():
                            self.keep_glued(value, container)
                            value = _DROP if mapping and key is None else value
                        last_end, last_digit = (
                            event.end_mark.index,
                            value is not _DROP and value[-1:].isdigit(),
                        )
                elif escapes and style == '"' and (unseen := UNSEEN.search(value)):
                    self.report_at(mark, f"{_named(unseen[0])} is not allowed: delete it", key)
                    value = UNSEEN.sub("\ufffd", value)
                if not mapping:
                    container.append(value)
                    marks.append(mark)
                elif key is None:
                    key, key_mark = value, mark
                    if value in container:
                        first = all_marks[id(container)][list(container).index(value) * 2].line + 1
                        self.report_at(
                            mark, f"{quoted(value)} is here twice, first in line {first}: keep one", value
                        )
                        key = _DROP
                    elif value == "<<":
                        self.report_at(mark, "'<<' (a merge key) is not allowed: write the values out", value)
                        key = _DROP
                    continue
                else:
                    if key is not _DROP:
                        container[key] = value
                        marks.append(key_mark)
                        marks.append(mark)
                    key = None
                if commented and style == "" and event.end_mark.line in commented:
                    self.warn_of_comment(text, event.end_mark)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                container, marks, key, key_mark, flow, mapping = stack.pop()
                key = _DROP if key is _LIST_AS_KEY else None
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                nodes += 1
                if event.anchor is not None or event.tag is not None:
                    self.refuse_properties(event, key if mapping else len(container))
                child: Any = {} if kind is MappingStartEvent else []
                if not mapping:
                    container.append(child)
                    marks.append(event.start_mark)
                elif key is None:
                    self.report_at(event.start_mark, syntax.LIST_AS_KEY)
                    key = _LIST_AS_KEY
                elif key is not _DROP:
                    container[key] = child
                    marks.append(key_mark)
                    marks.append(event.start_mark)
                stack.append((container, marks, key, key_mark, flow, mapping))
                if len(stack) > limits.YAML_DEPTH:
                    raise _Broken(f"nested more than {limits.YAML_DEPTH} levels deep", event.start_mark)
                container, marks, key = child, [], None
                flow, mapping = event.flow_style, kind is MappingStartEvent
                all_marks[id(child)] = marks
            elif kind is AliasEvent:
                self.report_at(event.start_mark, syntax.ALIAS, key if mapping else len(container))
                if not mapping:
                    container.append(f"*{event.anchor}")
                    marks.append(event.start_mark)
                elif key is None:
                    key = _DROP
                else:
                    if key is not _DROP:
                        container[key] = f"*{event.anchor}"
                        marks.extend((key_mark, event.start_mark))
                    key = None
            elif kind is DocumentStartEvent:
                if roots:
                    raise _Broken("a second document begins here: a file holds one bank", event.start_mark)
                if event.version or event.tags:
                    self.report_at(event.start_mark, syntax.DIRECTIVE)
            if len(errors) + len(glued) > PROBLEMS_REPORTED:
                raise _Broken(f"more than {PROBLEMS_REPORTED:,} problems: mend these first", event.start_mark)
            if nodes - counted > _COUNTED_AT_ONCE:
                self.work.add(nodes - counted)
                counted = nodes
                if nodes > limits.YAML_NODES:
                    raise _Broken(f"more than {limits.YAML_NODES:,} values: split the bank", event.start_mark)
        self.work.add(nodes - counted)

    def refuse_properties(self, event: Any, last: Any) -> None:
        if event.anchor is not None:
            self.report_at(event.start_mark, syntax.ANCHOR, last)
        if event.tag is not None:
            self.report_at(event.start_mark, syntax.TAG, last)

    def keep_glued(self, value: str, container: Any) -> None:
        last = len(container) - 1 if isinstance(container, list) else list(container)[-1]
        entries = quoted(f"{container[last]},{value}")
        message = f"{entries} reads as two entries: put it in quotes, or a space after the comma"
        self.document.glued.append((self.path(last), message))

    def warn_of_comment(self, text: str, end: Any) -> None:
        if not _COMMENT.match(text, end.index) or len(self.warnings) >= PROBLEMS_REPORTED:
            return
        lost = text[end.index : end.index + limits.TEXT_CHARS].split("\n", 1)[0].strip()
        remedy = "put the text in quotes, or two spaces and '# ' before a comment"
        message = f"{quoted(lost)} was dropped as a comment: {remedy}"
        self.warnings.append((message, end.line + 1, end.column + 1, self.path()))


def _named(character: str) -> str:
    kind = (
        "a text-direction mark"
        if character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        else ""
    )
    return f"{kind or 'an invisible character'} (U+{ord(character):04X})"
