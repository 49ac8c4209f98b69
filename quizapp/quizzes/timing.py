"""How long an item took: the browser says, the server bounds."""

from __future__ import annotations

import datetime as dt

from quizapp.limits import ITEM_MS_MAX

_MILLISECOND = dt.timedelta(milliseconds=1)


def spent_ms(claimed: int | None, *, since: dt.datetime, now: dt.datetime) -> int:
    """Return the milliseconds of a visit to an item, at most the time passed since `since`: what is counted already.

    Where the browser says nothing the time passed is taken. Never below 0, never above `ITEM_MS_MAX`: whoever
    goes for lunch is not thinking.
    """
    passed = max(0, (now - since) // _MILLISECOND)
    return min(passed if claimed is None else max(0, claimed), passed, ITEM_MS_MAX)
