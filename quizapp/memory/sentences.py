"""What is recorded, in words, for somebody whose answer came too late."""

from __future__ import annotations

from quizapp.memory.entry import Entry
from quizapp.memory.kinds import Rating, ReviewKind
from quizapp.memory.scheduler import Memory
from quizapp.study_day import Moment
from quizapp.web import words

_MARKS = {
    ReviewKind.UNDO: "The last answer to this card was taken back",
    ReviewKind.RESET: "This card was reset",
    ReviewKind.SUSPEND: "This card was suspended",
    ReviewKind.UNSUSPEND: "This card was taken back into the drill",
    ReviewKind.BURY: "This card was put off until the next study day",
}


def recorded(entry: Entry, moment: Moment) -> str:
    """Return what `entry` recorded: "Already answered: Good, due Thu 3 December."."""
    if entry.kind is ReviewKind.DRILL:
        said = f"Already answered: {Rating(entry.rating or 0).name.capitalize()}"
    elif entry.kind is ReviewKind.QUIZ:
        said = f"Already answered in a quiz: {_mark(entry)}"
    else:
        return f"{_MARKS[entry.kind]}."
    return f"{said}{_returns(entry.memory, moment)}."


def _mark(entry: Entry) -> str:
    if entry.fraction == 1:
        return "right"
    return "partly right" if entry.fraction and not entry.strict else "wrong"


def _returns(memory: Memory, moment: Moment) -> str:
    if memory.suspended:
        return ", suspended"
    if memory.due_on is None:
        return ""
    if memory.due_at is not None and memory.due_on == moment.on:
        return f", due at {memory.due_at.astimezone(moment.zone):%H:%M}"
    return f", due {words.day(memory.due_on, moment.on)}"
