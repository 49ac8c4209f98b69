"""Numbers, times and spans in words. Pure: the instant of now and the reader's zone are arguments."""

from __future__ import annotations

import datetime as dt

NOTHING = "—"
_MINUTE, _HOUR = 60, 3600


def number(value: float | None, digits: int = 0) -> str:
    """Return `value` with `digits` decimals and thousands apart, or "—" for None."""
    return NOTHING if value is None else f"{value:,.{digits}f}"


def percent(fraction: float | None, digits: int = 0) -> str:
    """Return a fraction in [0, 1] as per cent, or "—" for None."""
    return NOTHING if fraction is None else f"{100 * fraction:.{digits}f}\N{NO-BREAK SPACE}%"


def count(many: int, one: str, more: str | None = None) -> str:
    """Return "1 card", "12 cards": `more` is the plural where an s does not make it."""
    return f"{many:,}\N{NO-BREAK SPACE}{one if many == 1 else more or one + 's'}"


def size(many: int) -> str:
    """Return `many` bytes as people read it, in binary units: "812 bytes", "3.4 KiB", "128 MiB"."""
    if many < 1024:
        return count(many, "byte")
    power = next((power for power in (1, 2) if many < 1023.5 * 1024**power), 3)
    value = many / 1024**power
    return f"{value:,.{1 if value < 9.95 else 0}f}\N{NO-BREAK SPACE}{('KiB', 'MiB', 'GiB')[power - 1]}"


def duration(ms: int | None) -> str:
    """Return a span of milliseconds as "42 s", "4 min 12 s" or "1 h 05 min", or "—" for None."""
    if ms is None:
        return NOTHING
    seconds = round(ms / 1000)
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        minutes, rest = divmod(seconds, _MINUTE)
        return f"{minutes} min {rest:02} s" if rest else f"{minutes} min"
    hours, rest = divmod(seconds, _HOUR)
    return f"{hours} h {rest // _MINUTE:02} min"


def interval(span: dt.timedelta | int | None) -> str:
    """Return the time until a card returns, as short as a button needs: "5.5 min", "3 d", "2.1 mo", "1.4 y".

    A timedelta is a learning step; an int counts study days.
    """
    if span is None:
        return NOTHING
    if isinstance(span, dt.timedelta):
        minutes = span.total_seconds() / _MINUTE
        return f"{minutes:.2g} min" if minutes < _MINUTE else f"{minutes / _MINUTE:.2g} h"
    if span < 31:
        return f"{span} d"
    if span < 365:
        return f"{span / 30.44:.1f} mo"
    return f"{span / 365.25:.1f} y"


def lasting(days: float) -> str:
    """Return a span of days as one says it: "less than a day", "about 2 days", "about 3 months", "about 2 years"."""
    if days < 1:
        return "less than a day"
    for unit, length, limit in (("day", 1, 60), ("month", 30.44, 730)):
        if days < limit:
            return f"about {count(round(days / length), unit)}"
    return f"about {count(round(days / 365.25), 'year')}"


def first(told: str) -> str:
    """Return words as they begin a line: "Today 14:05" for "today 14:05"."""
    return told[:1].upper() + told[1:]


def day(date: dt.date, today: dt.date) -> str:
    """Return `date` as today, yesterday, tomorrow, "Tue 3 March", or with the year where it is another."""
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if (apart := (date - today).days) in near:
        return near[apart]
    return f"{date:%a} {date.day} {date:%B}" if date.year == today.year else f"{date.day} {date:%B %Y}"


def moment(instant: dt.datetime, now: dt.datetime, zone: dt.tzinfo) -> str:
    """Return `instant` as "today 14:05", "3 Mar 14:05" or "3 Mar 2025" in `zone`."""
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    if abs((local.date() - today).days) <= 1:
        return f"{day(local.date(), today)} {local:%H:%M}"
    if local.year == today.year:
        return f"{local.day} {local:%b} {local:%H:%M}"
    return f"{local.day} {local:%b %Y}"


def exact(instant: dt.datetime, zone: dt.tzinfo) -> str:
    """Return `instant` to the second in `zone`, with the zone's name."""
    local = instant.astimezone(zone)
    return f"{local:%a} {local.day} {local:%B %Y, %H:%M:%S} {zone}"


def apart(instant: dt.datetime, now: dt.datetime) -> str:
    """Return how far `instant` is from now: "just now", "in 3 days", "5 minutes ago"."""
    seconds = (instant - now).total_seconds()
    size = abs(seconds)
    if size < _MINUTE:
        return "just now" if seconds <= 0 else "in a moment"
    for unit, length, limit in (
        ("minute", _MINUTE, _HOUR),
        ("hour", _HOUR, 24 * _HOUR),
        ("day", 24 * _HOUR, 60 * 24 * _HOUR),
        ("month", 30.44 * 24 * _HOUR, 730 * 24 * _HOUR),
        ("year", 365.25 * 24 * _HOUR, float("inf")),
    ):
        if size < limit:
            many = count(int(size // length), unit)
            break
    return f"in {many}" if seconds > 0 else f"{many} ago"
