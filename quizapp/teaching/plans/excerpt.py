"""Problems with the line they lie in: what an author sees of each, on a page or as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quizapp.banks.problems import Level, Problem

_BEFORE, _AFTER = 56, 64  # characters of the line shown on either side of the place


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A problem and its line in three parts: before the place, the character there (a space at the end), after it."""

    level: Level
    message: str
    line: int
    column: int
    note: str
    suggestion: str
    before: str
    at: str
    after: str


def excerpts(source: bytes, problems: Iterable[Problem]) -> list[Excerpt]:
    """Return the problems with their lines: errors first, each kind in the file's order."""
    lines = source.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
    ordered = sorted(problems, key=lambda problem: problem.level != "error")
    return [
        _excerpt(problem, lines[problem.line - 1] if problem.line <= len(lines) else "")
        for problem in ordered
    ]


def as_text(name: str, found: Iterable[Excerpt]) -> Iterator[str]:
    """Yield the problems as plain text, as an editor or a mail shows them."""
    for one in found:
        number = f"{one.line:>6} | "
        yield f"{name}:{one.line}:{one.column}: {one.level}: {one.message}\n"
        yield f"{number}{one.before}{one.at}{one.after}".rstrip() + "\n"
        yield f"{' ' * (len(number) - 2)}| {' ' * len(one.before)}^\n"
        if one.suggestion:
            yield f"{' ' * (len(number) - 2)}= write: {one.suggestion}\n"
        yield "\n"


def _excerpt(problem: Problem, line: str) -> Excerpt:
    line = line.replace("\t", " ")
    place = min(problem.column - 1, len(line))
    before, at, after = line[:place], line[place : place + 1] or " ", line[place + 1 :]
    return Excerpt(
        problem.level,
        problem.message,
        problem.line,
        problem.column,
        problem.note,
        problem.suggestion,
        before if len(before) <= _BEFORE else "…" + before[1 - _BEFORE :],
        at,
        after if len(after) <= _AFTER else after[: _AFTER - 1] + "…",
    )
