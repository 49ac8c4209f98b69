"""Dose notation that is misread in print, by the list of the Institute for Safe Medication Practices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.banks.flaws.base import Flaw
from quizapp.banks.problems import cut

_UNIT = r"(?:(?:mc|[mknµμ])?g|(?:mc|[mdµμ])?L|units?|IU|mEq|m?mol)\b"
_TRAILING_ZERO = re.compile(rf"(?<![\d.,])\d[\d,]*\.\d*0\s?{_UNIT}", re.IGNORECASE)
_NAKED_DECIMAL = re.compile(rf"(?<![\d.,])\.\d+\s?{_UNIT}", re.IGNORECASE)
_LONE_U = re.compile(r"(?<![\w.,])\d[\d.,]*\s?I?U\b(?!\.S)")
_MICRO = re.compile(r"[µμ]g\b")


def unsafe_dose(text: str) -> Iterator[Flaw]:
    """Yield a warning for each kind of unsafe notation in `text`, at its first place."""
    if found := _TRAILING_ZERO.search(text):
        yield _unsafe(found[0], "a point overlooked makes it ten times as much: leave the closing zero out")
    if found := _NAKED_DECIMAL.search(text):
        yield _unsafe(found[0], f"a point overlooked makes it ten times as much: write “0{cut(found[0])}”")
    if found := _LONE_U.search(text):
        yield _unsafe(found[0], "“U” is misread as a zero or a four: write “units”")
    if found := _MICRO.search(text):
        yield _unsafe(found[0], "it is misread as mg, a thousand times as much: write “mcg”")


def _unsafe(notation: str, reason: str) -> Flaw:
    return Flaw("unsafe_dose", "warning", f"“{cut(notation)}” is unsafe in print; {reason}.")
