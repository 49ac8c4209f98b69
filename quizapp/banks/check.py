"""Checking a bank file: everything that is wrong with it, in one go, each problem with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizapp import limits
from quizapp.banks import craft, references, texts
from quizapp.banks.bankfile import BankFile, Head, bank_file
from quizapp.banks.findings import Findings
from quizapp.banks.notes.common import Note
from quizapp.banks.problems import Problem
from quizapp.banks.reader import paused_collection, read
from quizapp.banks.shape import fit, fit_note
from quizapp.banks.work import Work

__all__ = ["BankFile", "Checked", "check", "load"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking found. There is a bank if and only if no problem is an error."""

    bank: BankFile | None
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Loaded:
    """A file read and fitted to its models, before anything is compared. Notes stand with their place in the list."""

    head: Head | None
    notes: list[tuple[int, Note]]
    findings: Findings


def check(
    source: bytes, *, file: str, media: Mapping[str, bytes] | None = None, most: int | None = None
) -> Checked:
    """Return the bank in `source`, and all its problems by place. `media` are its pictures by path, if it has any.

    Raises TakesLong where checking it and deriving what it yields would take more than `most` steps.
    """
    with paused_collection():
        loaded = load(source, file=file, most=most)
        head, notes, findings = loaded.head, loaded.notes, loaded.findings
        refused = texts.check(findings)
        sound = references.check(findings, notes, media, refused)
        craft.check(findings, head, sound, refused)
        problems = tuple(sorted(findings.problems, key=lambda problem: (problem.line, problem.column)))
    if head is None or any(problem.level == "error" for problem in problems):
        return Checked(None, problems)
    return Checked(bank_file(head, [note for _, note in notes]), problems)


def load(source: bytes, *, file: str, only: str | None = None, most: int | None = None) -> Loaded:
    """Return the head and the notes that `source` holds, with what is wrong with the form of each.

    `only`: just the notes with this written id. Raises TakesLong where it takes more than `most` steps.
    """
    with paused_collection():
        work = Work(most)
        document = read(source, work)
        findings = Findings(document, file, work)
        data = document.data
        if not data:
            return Loaded(None, [], findings)
        entries = data.get("notes")
        if not isinstance(entries, list):
            return Loaded(fit(Head, data, (), findings), [], findings)
        head = fit(Head, data | {"notes": []}, (), findings)
        if not entries and document.complete:
            findings.at_value(("notes",), "the bank has no notes: write at least one")
        if len(entries) > limits.NOTES_PER_BANK:
            findings.at_value(("notes",), f"more than {limits.NOTES_PER_BANK:,} notes: split the bank")
            return Loaded(head, [], findings)
        wanted = (
            (index, entry)
            for index, entry in enumerate(entries)
            if only is None or (isinstance(entry, dict) and entry.get("id") == only)
        )
        fitted = ((index, fit_note(entry, ("notes", index), findings)) for index, entry in wanted)
        notes = [(index, note) for index, note in fitted if note is not None]
        for path, message in document.glued:
            if path[:2] not in findings.told:  # of notes whose type is not known, nobody can tell
                findings.at_value(path, message)
        return Loaded(head, notes, findings)
