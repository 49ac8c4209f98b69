"""The order in which cards are drilled: open steps that are due, then reviews, then new cards.

Everything here orders a few hundred candidates that an index has found; nothing reads a clock or a database.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from quizapp import draw
from quizapp.memory import scheduler
from quizapp.study.scope import Order

LEARN_AHEAD = dt.timedelta(minutes=20)
IN_A_ROW = 2  # no more cards of one topic in a row, if another waits
HONEST_WITHIN = 0.05
JUDGED_FROM = 50  # fewer reviews say nothing about predictions

Topic = int | str | None


class Candidate(NamedTuple):
    """A card that may be shown next. `topic` is its bank, or its first tag in a drill of one bank.

    `due_at` is set for an open step; `due_on`, `stability` and `last_on` are None for a new card. (A tuple: an answer
    makes a hundred of them.)
    """

    card_id: int
    topic: Topic
    due_on: dt.date | None = None
    due_at: dt.datetime | None = None
    stability: float | None = None
    last_on: dt.date | None = None


def due_steps(steps: Iterable[Candidate], now: dt.datetime) -> list[Candidate]:
    """Return the open steps that are due, the one that has waited longest first."""
    return sorted(
        (step for step in steps if step.due_at is None or step.due_at <= now),
        key=lambda step: (step.due_at or dt.datetime.min.replace(tzinfo=dt.UTC), step.card_id),
    )


def next_step(steps: Iterable[Candidate], now: dt.datetime) -> Candidate | None:
    """Return the open step that is due soonest, if that is near enough to be shown early."""
    soonest = min(steps, key=lambda step: (step.due_at or now, step.card_id), default=None)
    near = soonest is not None and (soonest.due_at or now) - now <= LEARN_AHEAD
    return soonest if near else None


def reviews_in_order(
    reviews: Iterable[Candidate],
    *,
    order: Order,
    today: dt.date,
    seed: int,
    shown_topics: Sequence[Topic] = (),
) -> Iterator[Candidate]:
    """Yield `reviews` as they are drilled; `shown_topics` are those of the last cards, oldest first.

    By due date, each date shuffled by `seed`; or highest recall first, which saves most when not all can be
    done.
    """
    if order is Order.RECALL:
        return interleaved(sorted(reviews, key=lambda review: -_recall(review, today)), shown_topics)
    return interleaved(_shuffled_by_day(reviews, seed), shown_topics)


def _shuffled_by_day(reviews: Iterable[Candidate], seed: int) -> Iterator[Candidate]:
    """Yield by due date, each day shuffled; lazily, since the first few are all that is looked at."""
    by_date = sorted(reviews, key=_DUE_ON)
    for _, of_day in groupby(by_date, key=_DUE_ON):
        yield from sorted(of_day, key=lambda review: _drawn(seed, review.card_id))


_DUE_ON = attrgetter("due_on")
# A sitting draws for the same cards after each answer.
_drawn = lru_cache(maxsize=16_384)(draw.number)


def interleaved(candidates: Iterable[Candidate], shown_topics: Sequence[Topic] = ()) -> Iterator[Candidate]:
    """Yield `candidates` in their order, but no more than two in a row of one topic if another waits."""
    coming, passed_over = iter(candidates), deque[Candidate]()
    shown = list(shown_topics[-IN_A_ROW:])
    while True:
        tired_of = set(shown) if len(shown) == IN_A_ROW and len(set(shown)) == 1 else set()
        chosen = next((card for card in passed_over if card.topic not in tired_of), None)
        if chosen is not None:
            passed_over.remove(chosen)
        while chosen is None and (card := next(coming, None)) is not None:
            if card.topic in tired_of:
                passed_over.append(card)
            else:
                chosen = card
        if chosen is None and passed_over:
            chosen = passed_over.popleft()
        if chosen is None:
            return
        shown = [*shown[1 - IN_A_ROW :], chosen.topic]
        yield chosen


def together(new: Iterable[Candidate]) -> list[Candidate]:
    """Return new cards in their order, but topic by topic: the first learning of a topic stays together."""
    topics: dict[Topic, list[Candidate]] = {}
    for candidate in new:
        topics.setdefault(candidate.topic, []).append(candidate)
    return [candidate for of_topic in topics.values() for candidate in of_topic]


def predictions_run_high(outcomes: Sequence[tuple[float, bool]]) -> bool:
    """Return whether recall was predicted too high; `outcomes` are (predicted recall, remembered)."""
    if len(outcomes) < JUDGED_FROM:
        return False
    return sum(predicted - remembered for predicted, remembered in outcomes) / len(outcomes) > HONEST_WITHIN


def _recall(review: Candidate, today: dt.date) -> float:
    if review.stability is None or review.last_on is None:
        return 0.0
    elapsed_days = max(0, (today - review.last_on).days)
    return scheduler.retrievability(elapsed_days=elapsed_days, stability=review.stability)
