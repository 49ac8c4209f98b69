"""What a quiz answer does to a memory: weaker evidence than recall, by how easily the answer was guessed."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from quizapp.memory import scheduler
from quizapp.memory.kinds import Phase, Rating
from quizapp.memory.scheduler import PARAMETERS_VERSION, Memory, Outcome

FIRST_SIGHT_RECALL = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """A marked quiz answer: `fraction` 0 to 1, and the chance that a blind guess earns full marks.

    `strict`: anything less than full marks counts as wrong.
    """

    fraction: float
    strict: bool
    guess_chance: float

    def __post_init__(self) -> None:
        if not (0 <= self.fraction <= 1 and 0 <= self.guess_chance <= 1):
            raise ValueError("fraction and guess chance lie between 0 and 1")

    @property
    def wrong(self) -> bool:
        return self.fraction == 0 or (self.strict and self.fraction < 1)


def known(*, recall: float, guess_chance: float) -> float:
    """Return the probability that a right answer was known, not guessed; `recall` is that before it.

    The odds of recall, recall / (1 - recall), are divided by the chance of a guess, then made a probability.
    """
    if guess_chance == 0:
        return 1.0
    return recall / (recall + (1 - recall) * guess_chance)


def answer_in_quiz(
    memory: Memory,
    evidence: Evidence,
    *,
    hidden: bool,
    study_on: dt.date,
    desired_retention: float,
    parameters: int = PARAMETERS_VERSION,
) -> Outcome:
    """Return what a quiz answer makes of `memory`.

    Wrong is Again: the card is to be relearned by recall. Right moves stability and difficulty, and a
    review's date; an open step stays open, because recognising is not recalling. A card first met this way is
    due from the next study day. A hidden card has no steps and no due date.
    """
    first_sight = memory.stability is None
    wrong = evidence.wrong

    def rated(before: Memory, rating: Rating) -> Outcome:
        return scheduler.answer(
            before,
            rating,
            study_on=study_on,
            desired_retention=desired_retention,
            parameters=parameters,
        )

    failed = rated(memory, Rating.AGAIN)
    after = failed.memory
    if not wrong:
        after = _mixed(
            passed=rated(memory, Rating.GOOD).memory,
            # the answer is told at once, which is one more look at it on the same day
            failed=after if first_sight else rated(after, Rating.GOOD).memory,
            weight=evidence.fraction
            * known(
                recall=FIRST_SIGHT_RECALL if first_sight else memory.recall_on(study_on) or 0.0,
                guess_chance=evidence.guess_chance,
            ),
        )
    if hidden:
        return Outcome(
            after._replace(
                phase=Phase.REVIEW,
                step=None,
                due_on=None,
                due_at=None,
                suspended=memory.suspended,
            )
        )
    if first_sight:
        return Outcome(after, interval_days=1)
    if wrong:
        return failed
    if memory.phase is not Phase.REVIEW:
        return Outcome(after._replace(phase=memory.phase, step=memory.step))
    assert after.stability is not None
    return Outcome(
        after, interval_days=scheduler.interval_days(after.stability, desired_retention, parameters)
    )


def _mixed(*, passed: Memory, failed: Memory, weight: float) -> Memory:
    """Return `passed` with its share `weight` of stability (geometric) and difficulty, the rest `failed`."""
    assert passed.stability
    assert passed.difficulty
    assert failed.stability
    assert failed.difficulty
    logarithm = weight * math.log(passed.stability) + (1 - weight) * math.log(failed.stability)
    return passed._replace(
        stability=math.exp(logarithm),
        difficulty=weight * passed.difficulty + (1 - weight) * failed.difficulty,
    )
