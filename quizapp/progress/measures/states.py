"""Where cards stand on their way from new to known."""

from __future__ import annotations

from enum import IntEnum

MATURE_DAYS = 21


class State(IntEnum):
    """NEW was never answered; LEARNING has an open step; in review, MATURE has an interval of `MATURE_DAYS` up.

    A suspended card is that alone, whatever else it is. Source: Anki manual, Statistics, "Card counts".
    """

    NEW = 0
    LEARNING = 1
    YOUNG = 2
    MATURE = 3
    SUSPENDED = 4

    @property
    def word(self) -> str:
        return self.name.lower()
