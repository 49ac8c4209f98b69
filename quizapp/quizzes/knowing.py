"""Whether what was asked is known now: the recall probability of its evidence card, beside a result."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from quizapp.memory.scheduler import Memory
from quizapp.study_day import ONE_DAY


@dataclass(frozen=True, slots=True)
class Known:
    """The chance of recalling a card: today, or `tomorrow` where it was answered today and is fresh anyway."""

    recall: float
    tomorrow: bool


def known(remembered: Memory, today: dt.date) -> Known | None:
    """Return how well a card is known on study day `today`, None if it was never answered."""
    tomorrow = remembered.last_on is not None and remembered.last_on >= today
    recall = remembered.recall_on(today + ONE_DAY if tomorrow else today)
    return None if recall is None else Known(recall, tomorrow)
