"""What a use case tells about the entry it found or made."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.memory.entry import Entry
from quizapp.memory.kinds import ANSWERS, Phase, Rating, ReviewKind
from quizapp.memory.scheduler import Memory, is_leech


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the log says after a request: the entry, the memory after it; `repeated`: it was there already."""

    seq: int
    card_id: int
    kind: ReviewKind
    rating: Rating | None
    memory: Memory
    repeated: bool = False

    @classmethod
    def of(cls, entry: Entry, *, repeated: bool = False) -> Recorded:
        return cls(entry.seq, entry.card_id, entry.kind, _rating(entry), entry.memory, repeated)

    @property
    def leech(self) -> bool:
        """Whether this answer was the lapse that suspended the card."""
        return (
            self.kind in ANSWERS
            and self.memory.suspended
            and (self.memory.phase, self.memory.step) == (Phase.RELEARNING, 0)
            and is_leech(self.memory.lapses)
        )


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo took back, and the memory as it is again; `seq` is the undo's own entry."""

    seq: int
    card_id: int
    subject_seq: int
    kind: ReviewKind
    rating: Rating | None
    memory: Memory

    @classmethod
    def of(cls, undo: Entry, subject: Entry | None) -> Undone:
        assert subject is not None
        return cls(undo.seq, undo.card_id, subject.seq, subject.kind, _rating(subject), undo.memory)


def _rating(entry: Entry) -> Rating | None:
    return None if entry.rating is None else Rating(entry.rating)
