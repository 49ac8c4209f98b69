"""The one clock. Use cases get the instant as an argument; only routes and commands ask here."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """Return the current instant in UTC, cut to the millisecond that the database keeps."""
    instant = dt.datetime.now(dt.UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
