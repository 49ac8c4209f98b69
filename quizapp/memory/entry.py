"""The log's entries as values."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from quizapp.memory.kinds import ReviewKind
from quizapp.memory.scheduler import PARAMETERS_VERSION, Memory


class Entry(NamedTuple):
    """One entry of a learner's log. The fields are columns of `review`; `memory` is the one after it."""

    seq: int
    card_id: int
    kind: ReviewKind
    answer_key: bytes
    reviewed_at: dt.datetime
    study_on: dt.date
    previous_seq: int
    revision: int
    memory: Memory
    rating: int | None = None
    item_id: int | None = None
    fraction: float | None = None
    strict: bool | None = None
    guess_chance: float | None = None
    thinking_ms: int | None = None
    hasty: bool = False
    sitting_id: int | None = None
    subject_seq: int | None = None
    origin_learner_id: int | None = None
    parameters: int = PARAMETERS_VERSION
