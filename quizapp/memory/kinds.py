"""The closed sets of memory: what an entry of the log is, how an answer is rated, where a card stands."""

from __future__ import annotations

from enum import IntEnum


class ReviewKind(IntEnum):
    """What an entry of the log records; the numbers stand in the database."""

    DRILL = 1
    QUIZ = 2
    UNDO = 3
    RESET = 4
    SUSPEND = 5
    UNSUSPEND = 6
    BURY = 7


ANSWERS = frozenset({ReviewKind.DRILL, ReviewKind.QUIZ})


class Rating(IntEnum):
    """How well a card was recalled. Hard is a pass: "I got it, slowly"."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Phase(IntEnum):
    """Where a card stands; LEARNING and RELEARNING are open steps, due again within minutes."""

    NEW = 0
    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


class Queue(IntEnum):
    """Where the drill finds a card: nowhere (suspended, hidden, unseen), in open steps, in reviews."""

    NONE = 0
    STEP = 1
    REVIEW = 2
