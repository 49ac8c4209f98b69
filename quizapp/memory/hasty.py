"""Answers too fast to mean anything: kept, marked, and left out when parameters are fitted."""

from __future__ import annotations

import datetime as dt

SHORTEST_MS = 800
RUN = 10
RUN_TIME = dt.timedelta(seconds=15)


def is_hasty(*, thinking_ms: int | None, alike_before: int) -> bool:
    """Return whether an answer came in under 800 ms, or is the tenth alike in under 15 s.

    `alike_before` counts the nine entries before it that are drill answers of the same rating in that time.
    """
    return (thinking_ms is not None and thinking_ms < SHORTEST_MS) or alike_before >= RUN - 1
