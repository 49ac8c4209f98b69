"""Small plots of shares in time, as coordinates."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]


def points(shares: Sequence[float], *, width: float, height: float, inset: float) -> list[Point]:
    """Return where each share, 0 to 1, stands: evenly from left to right, 1 on top, `inset` from every edge.

    A single one stands at the right edge, as the latest.
    """
    across, down = width - 2 * inset, height - 2 * inset
    steps = len(shares) - 1
    return [
        (
            round(inset + across * (number / steps if steps else 1), 1),
            round(inset + down * (1 - share), 1),
        )
        for number, share in enumerate(shares)
    ]


def path(places: Sequence[Point]) -> str:
    """Return points as the `points` of a polyline."""
    return " ".join(f"{x:g},{y:g}" for x, y in places)
