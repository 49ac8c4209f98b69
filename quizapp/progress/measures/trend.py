"""Whether scores rise or fall."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

WINDOW = 3


def level(shares: Sequence[float]) -> float | None:
    """Return the mean of the last `WINDOW` shares (of all, where they are fewer), None without any."""
    return fmean(shares[-WINDOW:]) if shares else None


def change(shares: Sequence[float]) -> float | None:
    """Return how the mean of the last `WINDOW` shares differs from that of the `WINDOW` before them.

    `shares` are in order of time; None below twice `WINDOW`. Source: difference of adjacent moving averages,
    NIST/SEMATECH e-Handbook of Statistical Methods, 6.4.2.
    """
    if len(shares) < 2 * WINDOW:
        return None
    return fmean(shares[-WINDOW:]) - fmean(shares[-2 * WINDOW : -WINDOW])
