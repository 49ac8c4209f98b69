"""Findings: the problems of one file, gathered by everything that checks it, each put at its place."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from quizapp.banks.problems import Complaint, Level, Path, Problem, closest, shown
from quizapp.banks.reader import Document
from quizapp.banks.work import Work

_SOUGHT, _COMPARED = 500, 2000
_MOST = 20_000  # of errors, and of warnings
_STEPS = 10  # that a problem takes


class Findings:
    """Problems of `document`, in the order in which they were found. `work` counts what finding them takes."""

    def __init__(self, document: Document, file: str, work: Work) -> None:
        self.document = document
        self.work = work
        self.problems: list[Problem] = [_in_file(problem, file) for problem in document.problems]
        # At and below these paths something was left out, or stood in for, after a problem was told.
        self.told: set[Path] = set()
        self.guessed: set[Path] = set()  # the paths of the notes in which something was stood in for
        self.renamed: dict[Path, str] = {}  # by the path of the key that was meant: the key that is written
        self._file = file
        self._sought = 0
        self._number = {"error": 0, "warning": 0}

    def is_told(self, path: Path) -> bool:
        """Return whether a problem at `path` would follow from one that was told."""
        return bool(self.told) and any(path[:end] in self.told for end in range(1, len(path) + 1))

    def closest(self, word: str, known: Iterable[str]) -> str:
        """Return the known word that was probably meant, or "". It takes long, so only the first are helped."""
        self._sought += 1
        if self._sought > _SOUGHT:
            return ""
        compared = list(islice(known, _COMPARED))
        self.work.add(len(compared) // 2)
        return closest(word, compared)

    def at_value(self, path: Path, message: str, *, level: Level = "error", suggestion: str = "") -> None:
        """Report a problem at the value at `path`."""
        if self._number[level] < _MOST:
            written = tuple(self.renamed.get(path[: end + 1], part) for end, part in enumerate(path))
            self._add(self.document.place(written), path, message, level, suggestion)

    def at_key(self, path: Path, message: str, *, level: Level = "error", suggestion: str = "") -> None:
        """Report a problem at the key at `path`."""
        self._add(self.document.place(path, key=True), path, message, level, suggestion)

    def missing(self, path: Path, name: str, message: str) -> None:
        """Report that `name` is not in the mapping at `path`, or is there without a value."""
        if self.document.has((*path, name)):
            self._add(self.document.place((*path, name)), (*path, name), f"'{name}' is empty", "error", "")
        elif self.document.complete or not self._unfinished(path):
            self._add(self.document.first_key(path), path, message, "error", "")

    def complain(self, base: Path, complaint: Complaint) -> None:
        """Report a complaint of the note at `base`."""
        path = (*base, *complaint.path)
        self.work.add(1)
        if self._number["error"] >= _MOST or self.is_told(
            (*path, complaint.missing) if complaint.missing else path
        ):
            return
        if complaint.missing:
            self.missing(path, complaint.missing, complaint.message)
        elif complaint.at == "key":
            self.at_key(path, complaint.message)
        else:
            self.at_value(path, complaint.message)

    def _unfinished(self, path: Path) -> bool:
        """Return whether reading broke off inside the mapping at `path`: what is missing may stand further down."""
        return self.document.open[: len(path)] == path

    def _add(self, place: tuple[int, int], path: Path, message: str, level: Level, suggestion: str) -> None:
        if self._number[level] >= _MOST:
            return
        self._number[level] += 1
        self.work.add(_STEPS)
        if self._number[level] == _MOST:
            message = f"more than {_MOST:,} {level}s; the rest is not told: mend these first"
        line, column = place
        note = self.document.note_at(path)
        self.problems.append(Problem(level, message, line, column, note, shown(path), suggestion, self._file))


def _in_file(problem: Problem, file: str) -> Problem:
    return Problem(
        problem.level, problem.message, problem.line, problem.column, problem.note, problem.path, "", file
    )
