"""Test: answers may be changed until the whole is submitted, and are explained then."""

from __future__ import annotations

from quizapp.quizzes.modes.base import Mode

TEST = Mode(
    name="test",
    title="Test",
    promise="Change answers as you like; all is explained at the end.",
    told_at_once=False,
    strict=False,
)
