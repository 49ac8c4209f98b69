"""How a quiz may be taken; `base.py` states the contract of a mode."""

from __future__ import annotations

from quizapp.banks.table import table
from quizapp.quizzes.modes.base import Mode
from quizapp.quizzes.modes.practice import PRACTICE
from quizapp.quizzes.modes.test import TEST

MODES: dict[str, Mode] = table(PRACTICE, TEST)
