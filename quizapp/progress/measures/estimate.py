"""A share that was estimated, and the range it lies in."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.web import words

Z = 1.2816  # of the standard normal: 80 % lie within, so that four of five ranges hold the truth


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share in [0, 1] from `n` observations, with the ends of its 80 % range."""

    value: float
    low: float
    high: float
    n: int

    @property
    def span(self) -> str:
        """The range in words: "71–84 %"."""
        return f"{100 * self.low:.0f}–{words.percent(self.high)}"
