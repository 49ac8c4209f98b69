"""Whether something is known now."""

from __future__ import annotations

import datetime as dt

import pytest

from quizapp.memory.kinds import Phase
from quizapp.memory.scheduler import NEW_MEMORY, Memory
from quizapp.quizzes.knowing import Known, back_on, known

TODAY = dt.date(2026, 3, 3)


def remembered(last_on: dt.date) -> Memory:
    return Memory(phase=Phase.REVIEW, stability=1.0, difficulty=5.0, last_on=last_on)


@pytest.mark.parametrize(
    ("changes", "back"),
    [
        ({"due_on": TODAY - dt.timedelta(days=3)}, TODAY),
        ({"due_on": TODAY}, TODAY),
        ({"due_on": TODAY, "buried_on": TODAY}, TODAY + dt.timedelta(days=1)),
        ({"due_on": TODAY + dt.timedelta(days=4)}, TODAY + dt.timedelta(days=4)),
        ({"due_on": TODAY, "suspended": True}, None),
        ({"due_on": None}, None),
    ],
)
def test_when_a_card_comes_back(changes: dict[str, object], back: dt.date | None) -> None:
    assert back_on(remembered(TODAY)._replace(**changes), TODAY) == back


def test_what_was_never_answered_is_not_told() -> None:
    assert known(NEW_MEMORY, TODAY) is None


def test_after_one_day_at_stability_one_day_recall_is_nine_tenths() -> None:
    known_now = known(remembered(TODAY - dt.timedelta(days=1)), TODAY)
    assert known_now == Known(recall=known_now.recall, tomorrow=False)
    assert round(known_now.recall, 6) == 0.9


def test_what_was_answered_today_is_told_for_tomorrow() -> None:
    told = known(remembered(TODAY), TODAY)
    assert told is not None
    assert (round(told.recall, 6), told.tomorrow) == (0.9, True)
