"""Names of time zones: what a learner may choose."""

from __future__ import annotations

import functools
import zoneinfo

_NOT_A_PLACE = {"Factory", "localtime"}


@functools.cache
def zone_names() -> tuple[str, ...]:
    """Return every IANA name in order, such as Europe/Zurich; they are read from disk once."""
    return tuple(sorted(zoneinfo.available_timezones() - _NOT_A_PLACE))


def zone_or(name: str, default: str) -> str:
    """Return `name` if it is an IANA time zone (a browser may say anything), else `default`."""
    return name if name in zone_names() else default
