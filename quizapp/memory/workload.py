"""What a desired retention costs: minutes a day, by simulating cards through the scheduler."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from quizapp import draw
from quizapp.memory import scheduler
from quizapp.memory.kinds import Rating

TERM_DAYS = 180
KNOWN_AT_FIRST = 0.5  # the share of new cards that are recalled when first shown

_CARDS = 300
_DAY = dt.date(2000, 1, 1)


def minutes_a_day(*, desired_retention: float, new_per_day: int, seconds_per_answer: float) -> float:
    """Return how many minutes a day drilling takes after half a year of `new_per_day` new cards each day.

    On that day each age from 0 to 180 days is had by `new_per_day` cards, so the answers of the day are as many as
    those that `new_per_day` cards take in their first 180 days.
    """
    return new_per_day * answers_per_card(desired_retention) * seconds_per_answer / 60


@lru_cache(maxsize=32)
def answers_per_card(desired_retention: float) -> float:
    """Return the mean number of answers a card takes in its first 180 days: Good with the probability of recall
    on the day it is due, else Again. Simulated for 300 cards with fixed draws, so the result is always the same.
    """
    return sum(_answers(desired_retention, card) for card in range(_CARDS)) / _CARDS


def _answers(desired_retention: float, card: int) -> int:
    memory, day, answers = scheduler.NEW_MEMORY, 0, 0
    while day < TERM_DAYS:
        recall = KNOWN_AT_FIRST if answers == 0 else memory.recall_on(_DAY + dt.timedelta(days=day)) or 0.0
        recalled = draw.number(card, answers) < recall * 2**63
        outcome = scheduler.answer(
            memory,
            Rating.GOOD if recalled else Rating.AGAIN,
            study_on=_DAY + dt.timedelta(days=day),
            desired_retention=desired_retention,
        )
        memory, answers = outcome.memory, answers + 1
        day += outcome.interval_days or 0  # steps are answered on the same day
    return answers
