"""Practice: each answer is final, and explained at once."""

from __future__ import annotations

from quizapp.quizzes.modes.base import Mode

PRACTICE = Mode(
    name="practice",
    title="Practice",
    promise="Each answer is explained at once.",
    told_at_once=True,
    strict=False,
)
