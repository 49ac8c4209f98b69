"""How an export writes an instant."""

from __future__ import annotations

import datetime as dt


def iso_utc(instant: dt.datetime) -> str:
    """Return "2026-03-03T09:00:00.000Z"."""
    return f"{instant.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
