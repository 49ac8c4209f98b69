"""How long cards take, by the learner's own days; a newcomer gets a guess, which answers soon outweigh."""

from __future__ import annotations

GUESSED_SECONDS = 15.0
GUESS_WEIGHS = 20  # reviews


def seconds_per_card(*, reviews: int, thinking_ms: int) -> float:
    """Return the mean seconds one review takes, given `reviews` that took `thinking_ms` together."""
    return (GUESSED_SECONDS * GUESS_WEIGHS + thinking_ms / 1000) / (GUESS_WEIGHS + reviews)


def minutes(cards: int, seconds: float) -> int:
    """Return about how many minutes `cards` take at `seconds` each; at least 1 if there are any."""
    return max(1, round(cards * seconds / 60)) if cards else 0
