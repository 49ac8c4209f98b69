"""The browser's word about time is bounded by the server's."""

from __future__ import annotations

import datetime as dt

import pytest

from quizapp.limits import ITEM_MS_MAX
from quizapp.quizzes.timing import spent_ms

SINCE = dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("claimed", "passed_ms", "counted"),
    [
        (4_000, 9_000, 4_000),
        (20_000, 9_000, 9_000),
        (None, 9_000, 9_000),
        (None, 10 * ITEM_MS_MAX, ITEM_MS_MAX),
        (-5, 9_000, 0),
        (4_000, -3_000, 0),
    ],
)
def test_what_counts(claimed: int | None, passed_ms: int, counted: int) -> None:
    now = SINCE + dt.timedelta(milliseconds=passed_ms)
    assert spent_ms(claimed, since=SINCE, now=now) == counted
