"""Whether what was asked is known now, beside a result: how well its evidence card is recalled, when it comes back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from quizapp.memory.kinds import Queue
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


def back_on(remembered: Memory, today: dt.date) -> dt.date | None:
    """Return the study day on which a card comes back, None where it waits for none."""
    if remembered.queue is Queue.NONE or remembered.due_on is None:
        return None
    return max(remembered.due_on, today + ONE_DAY if remembered.buried_on == today else today)
