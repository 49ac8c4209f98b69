"""Whether scores rise or fall. An attempt weighs by the items it asked."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from quizapp.quizzes.scoring import Score
from quizapp.web import words

WINDOW = 3


def level(scores: Sequence[Score]) -> float | None:
    """Return the points per item of the last `WINDOW` scores (of all, where they are fewer), None without any."""
    recent = scores[-WINDOW:]
    return Score(fsum(score.points for score in recent), sum(score.items for score in recent)).share


def change(scores: Sequence[Score]) -> float | None:
    """Return how the level differs from that of the `WINDOW` scores before.

    `scores` are in order of time; None below twice `WINDOW`. Source: difference of adjacent moving averages,
    NIST/SEMATECH e-Handbook of Statistical Methods, 6.4.2.
    """
    now, before = level(scores), level(scores[:-WINDOW])
    if now is None or before is None or len(scores) < 2 * WINDOW:
        return None
    return now - before


def told(scores: Sequence[Score]) -> str:
    """Return the last score and the trend: "last 40 % · last 3 level with the 3 before"."""
    return f"{latest(scores)} · {direction(scores)}"


def latest(scores: Sequence[Score]) -> str:
    """Return the last score in words: "last 40 %"."""
    return f"last {words.percent(scores[-1].share)}"


def direction(scores: Sequence[Score]) -> str:
    """Return the trend in words: "last 3 level with the 3 before"."""
    gained = change(scores)
    if gained is None:
        return f"trend needs {words.count(2 * WINDOW - len(scores), 'more quiz', 'more quizzes')}"
    points = round(100 * gained)
    by = f"{abs(points)} points {'above' if points > 0 else 'below'}" if points else "level with"
    return f"last {WINDOW} {by} the {WINDOW} before"
