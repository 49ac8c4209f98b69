"""How many study days in a row somebody studied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container

from quizapp.memory.study_day import ONE_DAY


def streak(studied: Container[dt.date], today: dt.date) -> int:
    """Return the length of the run of studied days that ends today, or yesterday while today is still open."""
    day = today if today in studied else today - ONE_DAY
    length = 0
    while day in studied:
        length += 1
        day -= ONE_DAY
    return length
