"""When a card returns: dates for the outcomes of an answer, and the four offers of the rating buttons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.memory import scheduler
from quizapp.memory.kinds import Phase, Rating
from quizapp.memory.scheduler import Memory, Outcome
from quizapp.memory.spread import Load, Seed, spread, spread_range
from quizapp.study_day import Moment


@dataclass(frozen=True, slots=True)
class Preview:
    """When a card would return. `due_at`: for an open step. `suspended`: it would not return (a leech)."""

    due_on: dt.date
    due_at: dt.datetime | None
    interval_days: int
    suspended: bool


def outcomes(memory: Memory, *, study_on: dt.date, desired_retention: float) -> dict[Rating, Outcome]:
    """Return what each rating would make of `memory`, worst rating first."""
    return {
        rating: scheduler.answer(memory, rating, study_on=study_on, desired_retention=desired_retention)
        for rating in Rating
    }


def days_to_weigh(candidates: Iterable[Outcome], study_on: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Return the ranges of days, first and last, among which `offers` will choose; none overlaps another."""
    today, ranges = study_on.toordinal(), list[tuple[int, int]]()
    for first, last in sorted(spread_range(each.interval_days) for each in candidates if each.interval_days):
        if ranges and first <= ranges[-1][1]:
            ranges[-1] = ranges[-1][0], max(last, ranges[-1][1])
        elif first < last:
            ranges.append((first, last))
    return [(dt.date.fromordinal(today + first), dt.date.fromordinal(today + last)) for first, last in ranges]


def offers(
    candidates: dict[Rating, Outcome], *, moment: Moment, load: Load, seed: Seed
) -> dict[Rating, Memory]:
    """Return the memory, due date and all, after each rating; a better rating never returns earlier."""
    offered = {}
    longest = 0
    for rating, outcome in candidates.items():
        days = None
        if outcome.interval_days is not None:
            days = spread(outcome.interval_days, study_on=moment.on, load=load, seed=seed, beyond=longest)
            longest = max(longest, days)
        offered[rating] = dated(outcome, moment, days)
    return offered


def dated(outcome: Outcome, moment: Moment, days: int | None) -> Memory:
    """Return the memory of `outcome`, due after its wait, or in `days` where it has an interval."""
    memory = outcome.memory
    if outcome.wait is not None:
        due_at = moment.now + outcome.wait
        return memory._replace(due_at=due_at, due_on=moment.day_of(due_at))
    if days is None:
        return memory
    due_on = moment.on + dt.timedelta(days=days)
    if memory.phase is Phase.REVIEW:
        return memory._replace(due_on=due_on, due_at=None)
    return memory._replace(due_on=due_on, due_at=moment.beginning_of(due_on))


def as_offered(outcome: Outcome, moment: Moment, offered_on: dt.date | None) -> Memory | None:
    """Return the memory of `outcome` if its date needs no choice, or `offered_on` may be chosen."""
    if outcome.interval_days is None:
        return dated(outcome, moment, None)
    shortest, longest = spread_range(outcome.interval_days)
    if shortest == longest:
        return dated(outcome, moment, shortest)
    if offered_on is None or not shortest <= (offered_on - moment.on).days <= longest:
        return None
    return dated(outcome, moment, (offered_on - moment.on).days)


def preview(memory: Memory, study_on: dt.date) -> Preview:
    """Return what a button says about `memory`, one of the offers."""
    assert memory.due_on is not None
    interval_days = (memory.due_on - study_on).days
    return Preview(memory.due_on, memory.due_at, interval_days, memory.suspended)
