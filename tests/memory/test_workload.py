from __future__ import annotations

import pytest

from quizapp.memory.workload import answers_per_card, minutes_a_day


def test_wanting_to_recall_more_costs_more() -> None:
    costs = [answers_per_card(retention) for retention in (0.80, 0.85, 0.90, 0.95)]
    assert costs == sorted(costs)
    assert costs[-1] > 1.3 * costs[0]


def test_a_card_takes_at_least_its_steps_and_not_one_answer_a_day() -> None:
    assert 2 <= answers_per_card(0.9) <= 60


def test_minutes_are_answers_times_seconds() -> None:
    expected = 20 * answers_per_card(0.9) * 9 / 60
    assert minutes_a_day(desired_retention=0.9, new_per_day=20, seconds_per_answer=9) == pytest.approx(
        expected
    )
    assert minutes_a_day(desired_retention=0.9, new_per_day=0, seconds_per_answer=9) == 0
