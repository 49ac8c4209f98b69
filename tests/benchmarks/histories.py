"""What a diligent learner leaves behind: months of study days, with drilled cards and a quiz now and then.

The program's own scheduler decides what becomes of each card, so that the rows agree with one another.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from zoneinfo import ZoneInfo

from quizapp.memory import due, scheduler
from quizapp.memory.entry import Entry
from quizapp.memory.evidence import Evidence, answer_in_quiz
from quizapp.memory.kinds import Queue, Rating, ReviewKind
from quizapp.memory.scheduler import NEW_MEMORY, Memory, Outcome
from quizapp.memory.service import ANSWER_KEY_BYTES
from quizapp.study_day import ONE_DAY, Moment

CARDS_A_DAY, NEW_A_DAY = 80, 20
QUIZ_EVERY_DAYS, QUIZ_ITEMS, OPTIONS = 5, 20, 4
DAYS_AWAY = 14  # before today, so that something is due
RATINGS, WEIGHTS = list(Rating), (12, 8, 75, 5)

_BEGINNING = dt.date(2020, 1, 1)


class History:
    """A learner's log in order, and which of its entries were given in one quiz."""

    def __init__(self, *, answers: int, card_ids: Sequence[int], today: dt.date) -> None:
        """Study the cards in this order until there are so many answers, the last of them a few days before `today`."""
        self.entries: list[Entry] = []
        self.quizzes: list[list[Entry]] = []
        self._new = iter(card_ids)
        self._last: dict[int, Entry] = {}
        self._due: dict[dt.date, list[int]] = defaultdict(list)
        self._waiting: list[int] = []
        self._dice = random.Random(7)
        day = _BEGINNING
        while len(self.entries) < answers:
            self._study(day)
            if day.toordinal() % QUIZ_EVERY_DAYS == 0:
                self._take_quiz(day)
            day += ONE_DAY
        self._move(today - DAYS_AWAY * ONE_DAY - day)

    def _study(self, day: dt.date) -> None:
        """Drill what is due, then some new cards, each until it is learned for the day."""
        wanted = dict.fromkeys([*self._waiting, *self._due.pop(day, [])])
        waiting = [card_id for card_id in wanted if self._is_due(card_id, day)]
        todo, self._waiting = waiting[:CARDS_A_DAY], waiting[CARDS_A_DAY:]
        todo += islice(self._new, NEW_A_DAY)
        morning = dt.datetime.combine(day, dt.time(9), dt.UTC)
        for place, card_id in enumerate(todo):
            at = morning + dt.timedelta(seconds=20 * place)
            while self._drill(card_id, at).queue is Queue.STEP:
                at += dt.timedelta(minutes=10)

    def _is_due(self, card_id: int, day: dt.date) -> bool:
        memory = self._last[card_id].memory
        return memory.queue is not Queue.NONE and memory.due_on is not None and memory.due_on <= day

    def _drill(self, card_id: int, at: dt.datetime) -> Memory:
        before = self._before(card_id)
        rating = Rating.GOOD if before.queue is Queue.STEP else self._dice.choices(RATINGS, WEIGHTS)[0]
        outcome = scheduler.answer(before, rating, study_on=at.date(), desired_retention=0.9)
        return self._add(_entry(ReviewKind.DRILL, card_id, at, rating=rating), outcome).memory

    def _take_quiz(self, day: dt.date) -> None:
        """Answer items about some cards met before."""
        evening = dt.datetime.combine(day, dt.time(20), dt.UTC)
        asked = self._dice.sample(list(self._last), min(QUIZ_ITEMS, len(self._last)))
        quiz = []
        for place, card_id in enumerate(asked):
            evidence = Evidence(float(self._dice.random() < 0.8), strict=False, guess_chance=1 / OPTIONS)
            outcome = answer_in_quiz(
                self._before(card_id), evidence, hidden=False, study_on=day, desired_retention=0.9
            )
            entry = _entry(ReviewKind.QUIZ, card_id, evening + dt.timedelta(seconds=20 * place))._replace(
                item_id=card_id,
                fraction=evidence.fraction,
                strict=evidence.strict,
                guess_chance=evidence.guess_chance,
            )
            quiz.append(self._add(entry, outcome))
        self.quizzes.append(quiz)

    def _before(self, card_id: int) -> Memory:
        return self._last[card_id].memory if card_id in self._last else NEW_MEMORY

    def _add(self, entry: Entry, outcome: Outcome) -> Entry:
        """Log `entry` with the memory that its outcome comes to, and note when the card is wanted again."""
        seq = len(self.entries) + 1
        memory = due.dated(outcome, Moment.at(entry.reviewed_at, ZoneInfo("UTC"), 4), outcome.interval_days)
        entry = entry._replace(
            seq=seq,
            answer_key=seq.to_bytes(ANSWER_KEY_BYTES, "big"),
            previous_seq=self._last[entry.card_id].seq if entry.card_id in self._last else 0,
            memory=memory,
        )
        self.entries.append(entry)
        self._last[entry.card_id] = entry
        if memory.due_on is not None:
            self._due[max(memory.due_on, entry.study_on + ONE_DAY)].append(entry.card_id)
        return entry

    def _move(self, by: dt.timedelta) -> None:
        """Put everything that was done and will be due so much later."""
        moved = {entry.seq: _moved(entry, by) for entry in self.entries}
        self.quizzes = [[moved[entry.seq] for entry in quiz] for quiz in self.quizzes]
        self.entries = list(moved.values())


def _entry(kind: ReviewKind, card_id: int, at: dt.datetime, rating: Rating | None = None) -> Entry:
    return Entry(
        seq=0,
        card_id=card_id,
        kind=kind,
        answer_key=b"",
        reviewed_at=at,
        study_on=at.date(),
        previous_seq=0,
        revision=1,
        memory=NEW_MEMORY,
        rating=rating,
        thinking_ms=6000,
    )


def _moved(entry: Entry, by: dt.timedelta) -> Entry:
    memory = entry.memory
    return entry._replace(
        reviewed_at=entry.reviewed_at + by,
        study_on=entry.study_on + by,
        memory=memory._replace(
            due_on=memory.due_on and memory.due_on + by,
            due_at=memory.due_at and memory.due_at + by,
            last_on=memory.last_on and memory.last_on + by,
        ),
    )
