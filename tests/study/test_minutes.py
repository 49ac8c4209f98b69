"""How long cards take."""

from __future__ import annotations

from quizapp.study.minutes import GUESSED_SECONDS, minutes, seconds_per_card


def test_a_newcomer_gets_the_guess() -> None:
    assert seconds_per_card(reviews=0, thinking_ms=0) == GUESSED_SECONDS


def test_ones_own_answers_outweigh_the_guess() -> None:
    assert 5 < seconds_per_card(reviews=1000, thinking_ms=5_000_000) < 5.5


def test_any_card_takes_a_minute_and_none_takes_none() -> None:
    assert [minutes(cards, 15) for cards in (0, 1, 8, 120)] == [0, 1, 2, 30]
