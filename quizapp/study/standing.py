"""Where a card stands with a learner, in one word."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from quizapp.memory.kinds import Phase
from quizapp.memory.scheduler import LEECH_LAPSES, Memory


class Standing(StrEnum):
    """The words by which cards are listed and filtered."""

    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    DUE = "due"
    BURIED = "buried"
    SUSPENDED = "suspended"
    LEECH = "leech"


def standing(known: Memory, today: dt.date) -> Standing:
    """Return the word for a card of which the learner has the memory `known`, on study day `today`."""
    if known.suspended:
        return Standing.LEECH if known.lapses >= LEECH_LAPSES else Standing.SUSPENDED
    if known.buried_on == today:
        return Standing.BURIED
    if known.phase is Phase.NEW:
        return Standing.NEW
    if known.due_on is not None and known.due_on <= today:
        return Standing.DUE
    return Standing.REVIEW if known.phase is Phase.REVIEW else Standing.LEARNING
