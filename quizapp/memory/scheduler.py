"""What an answer does to a memory: FSRS-6, by the `fsrs` library, on study days instead of 24-hour periods.

The library counts whole periods of 24 hours, so that last night and this morning would be one day. It is
therefore shown noon UTC of the study day, for the last review and for this one. Its fuzz is off (the global
random generator drives it): `spread.py` has ours. When the card returns is chosen in `due.py`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import fsrs

from quizapp.memory.kinds import Phase, Queue, Rating

PARAMETERS_VERSION = 1
PARAMETERS: dict[int, tuple[float, ...]] = {
    # the published FSRS-6 defaults, written out: a log row names its version, and must fold the same for ever
    1: (
        *(0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796),
        *(1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542),
    ),
}
LEARNING_STEPS = (dt.timedelta(minutes=1), dt.timedelta(minutes=10))
RELEARNING_STEPS = (dt.timedelta(minutes=10),)
MAXIMUM_INTERVAL_DAYS = 365  # a course, not a lifetime
MAXIMUM_STABILITY_DAYS = 36_500.0
LEECH_LAPSES, LEECH_AGAIN_AFTER = 8, 4

_NOON = dt.time(12, tzinfo=dt.UTC)


class Memory(NamedTuple):
    """What one learner remembers of one card. The fields are columns of `review` and of `card_memory`.

    `due_on` is a study day; an open step has `due_at` too, the instant from which it is due. A card without
    `due_on` is in no queue: it is unseen, or hidden and only carries evidence. `last_on` is the study day of
    the last answer. (A tuple: an answer and the four offers of the next card make two dozen of them.)
    """

    phase: Phase = Phase.NEW
    step: int | None = None
    stability: float | None = None
    difficulty: float | None = None
    due_on: dt.date | None = None
    due_at: dt.datetime | None = None
    last_on: dt.date | None = None
    repetitions: int = 0
    lapses: int = 0
    suspended: bool = False
    buried_on: dt.date | None = None

    @property
    def queue(self) -> Queue:
        if self.suspended or self.due_on is None:
            return Queue.NONE
        return Queue.REVIEW if self.phase is Phase.REVIEW else Queue.STEP

    def recall_on(self, day: dt.date) -> float | None:
        """Return the probability of recalling the card on study day `day`, None if it was never answered."""
        if self.stability is None or self.last_on is None:
            return None
        elapsed_days = max(0, (day - self.last_on).days)
        return retrievability(elapsed_days=elapsed_days, stability=self.stability)


NEW_MEMORY = Memory()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A memory after an answer, its return not yet dated: after `wait`, or in about `interval_days`.

    With neither, the due date in `memory` stands.
    """

    memory: Memory
    wait: dt.timedelta | None = None
    interval_days: int | None = None


def answer(
    memory: Memory,
    rating: Rating,
    *,
    study_on: dt.date,
    desired_retention: float,
    parameters: int = PARAMETERS_VERSION,
) -> Outcome:
    """Return what `rating`, given on `study_on`, makes of `memory`.

    A study day before that of the last answer counts as that day. A lapse is Again on a card in review; with
    the 8th, and every 4th after it, the card is suspended (a leech).
    """
    last_on = memory.last_on or study_on
    today = max(study_on, last_on)
    before = fsrs.Card(
        card_id=0,
        state=fsrs.State(memory.phase or Phase.LEARNING),
        step=0 if memory.phase is Phase.NEW else memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=_noon(today),
        last_review=None if memory.last_on is None else _noon(last_on),
    )
    after, _ = _library(parameters).review_card(before, fsrs.Rating(rating), _noon(today))
    assert after.stability is not None
    stability = min(after.stability, MAXIMUM_STABILITY_DAYS)
    lapsed = rating is Rating.AGAIN and memory.phase is Phase.REVIEW
    lapses = memory.lapses + lapsed
    answered = Memory(
        phase=Phase(after.state),
        step=after.step,
        stability=stability,
        difficulty=after.difficulty,
        due_on=memory.due_on,
        due_at=memory.due_at,
        last_on=today,
        repetitions=memory.repetitions + 1,
        lapses=lapses,
        suspended=memory.suspended or (lapsed and is_leech(lapses)),
        buried_on=memory.buried_on,
    )
    if answered.phase is Phase.REVIEW:
        return Outcome(answered, interval_days=interval_days(stability, desired_retention, parameters))
    return Outcome(answered, wait=after.due - _noon(today))


def is_leech(lapses: int) -> bool:
    """Return whether the lapse that made `lapses` of them is one at which a card is suspended."""
    return lapses >= LEECH_LAPSES and (lapses - LEECH_LAPSES) % LEECH_AGAIN_AFTER == 0


def interval_days(stability: float, desired_retention: float, parameters: int = PARAMETERS_VERSION) -> int:
    """Return in how many study days recall falls to `desired_retention`, 1 to 365.

    Source: FSRS-6, the forgetting curve solved for time.
    """
    decay, factor = _curve(parameters)
    days = stability / factor * (desired_retention ** (-1 / decay) - 1)
    return min(max(round(days), 1), MAXIMUM_INTERVAL_DAYS)


def retrievability(*, elapsed_days: float, stability: float, parameters: int = PARAMETERS_VERSION) -> float:
    """Return the probability, in [0, 1], of recalling a card after `elapsed_days`.

    `stability` is in days, above 0: the time at which the result is 0.9. Raises ValueError if `stability` <=
    0. Source: FSRS-6, forgetting curve.
    """
    if stability <= 0:
        raise ValueError("stability must be above 0")
    decay, factor = _curve(parameters)
    return (1 + factor * elapsed_days / stability) ** -decay


@cache
def _library(parameters: int) -> fsrs.Scheduler:
    return fsrs.Scheduler(
        PARAMETERS[parameters],
        learning_steps=LEARNING_STEPS,
        relearning_steps=RELEARNING_STEPS,
        enable_fuzzing=False,
    )


@cache
def _curve(parameters: int) -> tuple[float, float]:
    decay = PARAMETERS[parameters][20]
    return decay, 0.9 ** (-1 / decay) - 1


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, _NOON)
