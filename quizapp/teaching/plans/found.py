"""What checking a draft found: all problems, and without errors what publishing it would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from quizapp import limits
from quizapp.banks.bankfile import BankFile
from quizapp.banks.check import Checked, check
from quizapp.banks.publishing.derive import Derived
from quizapp.banks.publishing.plan import Plan
from quizapp.banks.work import TakesLong
from quizapp.teaching.plans.excerpt import Excerpt

_TITLE_CHARS = 120


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note in a list: its written id, its type, and what it asks first, in plain text."""

    key: str
    type: str
    title: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What a publication would change. `contents` are the new contents of the changed notes, by written id."""

    slug: str
    title: str
    is_new: bool
    archived: bool  # publishing offers the bank again
    version: int
    same_file: bool
    same_content: bool  # other bytes that say the same: only comments or layout differ
    retires_many: bool
    learners: int
    cards: int
    items: int
    held_back: int  # notes that say `status: draft`
    new: tuple[NoteLine, ...]
    changed: tuple[NoteLine, ...]
    retired: tuple[NoteLine, ...]
    unchanged: tuple[NoteLine, ...]
    contents: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """Either at least one error, or a plan; warnings in both cases.

    `taken`: the written id, where it is that of a bank which the viewer may not change. They learn nothing else of it.
    """

    problems: tuple[Excerpt, ...]
    planned: Planned | None
    taken: str = ""

    @property
    def errors(self) -> int:
        return sum(problem.level == "error" for problem in self.problems)

    @property
    def warnings(self) -> int:
        return len(self.problems) - self.errors

    def as_json(self) -> dict[str, Any]:
        """Return plain data that `from_json` reads back."""
        return asdict(self)


def from_json(data: Mapping[str, Any]) -> Found:
    """Return what `as_json` was made from."""
    problems = tuple(Excerpt(**problem) for problem in data["problems"])
    planned = data["planned"]
    if planned is None:
        return Found(problems, None, data["taken"])
    lists = {
        name: tuple(NoteLine(**line) for line in planned[name])
        for name in ("new", "changed", "retired", "unchanged")
    }
    return Found(problems, Planned(**{**planned, **lists}))


def note_lines(derived: Iterable[Derived]) -> dict[str, NoteLine]:
    """Return the notes of a draft as lines, by written id."""
    return {entry.key: NoteLine(entry.key, entry.type, _title(entry)) for entry in derived}


def planned(
    plan: Plan,
    derived: Sequence[Derived],
    retired: Mapping[str, NoteLine],
    *,
    bank: BankFile,
    is_new: bool,
    archived: bool,
    same_content: bool,
) -> Planned:
    """Return `plan` with a line for each note; `retired` are the lines of published notes that would go."""
    lines = note_lines(derived)
    changed = set(plan.changed)
    return Planned(
        slug=bank.slug,
        title=bank.title,
        is_new=is_new,
        archived=archived,
        version=plan.version,
        same_file=plan.same_file,
        same_content=same_content,
        retires_many=plan.retires_many,
        learners=plan.learners,
        cards=sum(entry.drilled for entry in derived),
        items=sum(len(entry.items) for entry in derived),
        held_back=len(bank.notes) - len(derived),
        new=tuple(lines[key] for key in plan.new),
        changed=tuple(lines[key] for key in plan.changed),
        retired=tuple(retired[key] for key in plan.retired),
        unchanged=tuple(lines[key] for key in plan.unchanged),
        contents={entry.key: entry.content for entry in derived if entry.key in changed},
    )


def is_large(source: bytes) -> bool:
    """Return whether this file is so large that a job checks it, whatever it holds."""
    if len(source) > limits.CHECKED_AT_ONCE_BYTES:
        return True
    return source.count(b"id:") > limits.CHECKED_AT_ONCE_NOTES


def check_at_once(source: bytes, *, file: str, media: Mapping[str, bytes]) -> Checked | None:
    """Return what `check` finds, or None where that takes so long that a job does it."""
    if is_large(source):
        return None
    try:
        return check(source, file=file, media=media, most=limits.CHECKED_AT_ONCE_STEPS)
    except TakesLong:
        return None


def _title(entry: Derived) -> str:
    title = entry.title
    return title if len(title) <= _TITLE_CHARS else title[: _TITLE_CHARS - 1] + "…"
