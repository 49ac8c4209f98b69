"""Two versions of a bank's file, note by note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quizapp import limits
from quizapp.banks.bankfile import Head
from quizapp.banks.check import load
from quizapp.banks.reader import read
from quizapp.banks.work import Work
from quizapp.teaching.diff import STEPS_OF_PAGE, Change, changes
from quizapp.teaching.writing import contents

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NotePair:
    """A note in both versions; a side is empty where that version does not have it."""

    key: str
    before: Content
    after: Content
    work: Work  # that the page has for all its notes

    @property
    def title(self) -> str:
        return contents.title(self.after or self.before) or self.key

    @property
    def changes(self) -> list[Change]:
        """What differs, field by field."""
        return changes(self.before, self.after, self.work)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the later version has that the earlier had not, words otherwise, or lacks. Drafts in a file do not count."""

    settings: list[Change]
    new: list[NotePair]
    changed: list[NotePair]
    retired: list[NotePair]
    unchanged: int


def compare(before: bytes, after: bytes) -> Comparison:
    """Return what changed from one file of a bank to another; both were published, so both can be read.

    Raises TakesLong.
    """
    old, new, work = _notes(before), _notes(after), Work(STEPS_OF_PAGE)
    both = [key for key in new if key in old]
    changed = [NotePair(key, old[key], new[key], work) for key in both if old[key] != new[key]]
    return Comparison(
        settings=settings(before, after, work),
        new=[NotePair(key, {}, note, work) for key, note in new.items() if key not in old],
        changed=changed,
        retired=[NotePair(key, note, {}, work) for key, note in old.items() if key not in new],
        unchanged=len(both) - len(changed),
    )


def settings(before: bytes, after: bytes, work: Work) -> list[Change]:
    """Return what changed in a bank beside its notes, from one file without errors to another.

    Raises TakesLong.
    """
    return changes(_head(before), _head(after), work)


def _head(source: bytes) -> Content:
    data = read(source, Work(limits.READ_AT_ONCE_STEPS)).data
    head = Head.model_validate({**data, "notes": []})
    return head.model_dump(mode="json", exclude={"format", "notes"}, exclude_defaults=True)


def _notes(source: bytes) -> dict[str, Content]:
    return {
        note.id: note.model_dump(mode="json", exclude_defaults=True)
        for _, note in load(source, file="", most=limits.READ_AT_ONCE_STEPS).notes
        if note.status != "draft"
    }
