"""Plots as coordinates: what a template needs to draw one, in a picture `WIDTH` units wide.

Each kind is drawn by `templates/progress/plots/<kind>.html`, with colours by class, so that both themes are
right, and no shape is told by colour alone.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from quizapp.progress.measures.estimate import Estimate
from quizapp.quizzes.history import spark
from quizapp.web import words

WIDTH = 520
_LEFT = 46  # room for the words of the vertical axis


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place: `at` is x on a horizontal axis, y on a vertical one."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle and what it says when pointed at; `level` picks the class."""

    x: float
    y: float
    width: float
    height: float
    tip: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Plot:
    """Anything to draw; `kind` names the template."""

    kind: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Columns(Plot):
    """One column per day, from an axis of whole numbers."""

    kind: ClassVar[str] = "columns"
    height: int
    base: float
    boxes: tuple[Box, ...]
    across: tuple[Label, ...]
    up: tuple[Label, ...]


def columns(counts: Sequence[tuple[dt.date, int]], *, tip: str) -> Columns:
    """Return columns of counts per day; `tip` is the word for one of what is counted. Every seventh day is named."""
    height, top, base, right = 190, 10, 160, 24
    most = nice_top(max((many for _, many in counts), default=0))
    pitch = (WIDTH - _LEFT - right) / max(1, len(counts))
    boxes, across = [], []
    for number, (day, many) in enumerate(counts):
        x = _LEFT + pitch * number
        tall = (base - top) * many / most
        named = words.day(day, counts[0][0])
        boxes.append(Box(x + 1.5, base - tall, pitch - 3, tall, f"{named}: {words.count(many, tip)}"))
        if number % 7 == 0:
            across.append(Label(x + pitch / 2, "today" if number == 0 else f"{day.day} {day:%b}"))
    up = [Label(base - (base - top) * part, words.number(most * part)) for part in (0, 0.5, 1)]
    return Columns(height, base, tuple(boxes), tuple(across), tuple(up))


def nice_top(most: int) -> int:
    """Return the least even number of the form 2, 4, 6, 10, 20, 40, 60, 100 … that is not below `most`."""
    size = 1
    while True:
        for step in (2, 4, 6):
            if step * size >= most:
                return step * size
        size = 10 * size
        if size >= most:
            return size


@dataclass(frozen=True, slots=True)
class Heat(Plot):
    """One square per day, weeks from left to right, Monday on top."""

    kind: ClassVar[str] = "heat"
    height: int
    boxes: tuple[Box, ...]
    months: tuple[Label, ...]
    weekdays: tuple[Label, ...]
    levels: tuple[str, ...]  # the words of each level


LEVELS = (0, 1, 10, 30, 60)  # answers from which a day has each level
_LEVEL_WORDS = ("none", "1–9", "10–29", "30–59", "60 or more")


def heat(answers: Mapping[dt.date, int], today: dt.date, *, weeks: int) -> Heat:
    """Return the answers of each day of the last `weeks` weeks, this one included."""
    top = 22
    pitch = (WIDTH - _LEFT) / weeks
    size = pitch - 3
    monday = today - dt.timedelta(days=today.weekday() + 7 * (weeks - 1))
    boxes, months = [], []
    for number in range((today - monday).days + 1):
        day = monday + dt.timedelta(days=number)
        week, weekday = divmod(number, 7)
        x, y = _LEFT + pitch * week, top + pitch * weekday
        many = answers.get(day, 0)
        tip = f"{day:%a} {day.day} {day:%B}: {words.count(many, 'answer')}"
        boxes.append(Box(x, y, size, size, tip, level(many)))
        if day.day <= 7 and weekday == 0 and week < weeks - 1:
            months.append(Label(x, f"{day:%b}"))
    weekdays = [
        Label(top + pitch * row + size / 2, name) for row, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"))
    ]
    height = math.ceil(top + 7 * pitch)
    return Heat(height, tuple(boxes), tuple(months), tuple(weekdays), _LEVEL_WORDS)


def level(many: int) -> int:
    """Return the highest level that `many` answers reach."""
    return max(number for number, least in enumerate(LEVELS) if many >= least)


@dataclass(frozen=True, slots=True)
class Range:
    """One estimate on its row: where it and the ends of its range stand, None where there is too little."""

    label: str
    value: str
    y: float
    at: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Ranges(Plot):
    """Estimates with their ranges on one scale, beside a line for what is wanted."""

    kind: ClassVar[str] = "ranges"
    height: int
    left: float
    base: float
    rows: tuple[Range, ...]
    across: tuple[Label, ...]
    wanted: Label


def ranges(rows: Sequence[tuple[str, Estimate | None]], *, wanted: float) -> Ranges:
    """Return estimates on a scale that ends at 100 % and begins at a ten below everything on it."""
    left, right, top, pitch = 170, WIDTH - 32, 30, 34
    known = [estimate for _, estimate in rows if estimate is not None]
    start = max(0, math.floor(10 * min([wanted, *(estimate.low for estimate in known)]) - 1) / 10)
    base = top + pitch * len(rows)

    def at(share: float) -> float:
        return left + (right - left) * (share - start) / (1 - start)

    drawn = []
    for number, (label, estimate) in enumerate(rows):
        y = top + pitch * (number + 0.5)
        if estimate is None:
            drawn.append(Range(label, words.NOTHING, y))
        else:
            places = (at(estimate.value), at(estimate.low), at(estimate.high))
            drawn.append(Range(label, words.percent(estimate.value), y, *places))
    tens = range(10, round(10 * start) - 1, -1 if start >= 0.5 else -2)
    across = [Label(at(ten / 10), words.percent(ten / 10)) for ten in tens]
    return Ranges(
        base + 30,
        left,
        base,
        tuple(drawn),
        tuple(across),
        Label(at(wanted), f"wanted {words.percent(wanted)}"),
    )


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar of several parts, and its numbers in words."""

    label: str
    told: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Stacks(Plot):
    """Bars of parts; `legend` are the words of the levels."""

    kind: ClassVar[str] = "stacks"
    height: int
    rows: tuple[Stack, ...]
    legend: tuple[str, ...]


def stacks(rows: Sequence[tuple[str, Sequence[int]]], *, legend: Sequence[str]) -> Stacks:
    """Return bars of equal length, divided as the counts of each row are; the rows' words name what is there."""
    height, gap = 16, 2
    drawn = []
    for label, counts in rows:
        parts = [(number, many) for number, many in enumerate(counts) if many]
        room = WIDTH - gap * (len(parts) - 1)
        x, boxes, told = 0.0, [], []
        for number, many in parts:
            wide = room * many / sum(counts)
            told.append(f"{words.number(many)} {legend[number]}")
            boxes.append(Box(x, 0, wide, height, told[-1], number))
            x += wide + gap
        drawn.append(Stack(label, " · ".join(told), tuple(boxes)))
    return Stacks(height, tuple(drawn), tuple(legend))


@dataclass(frozen=True, slots=True)
class Bar:
    """A share with words beside it."""

    label: str
    told: str
    value: float


@dataclass(frozen=True, slots=True)
class Bars(Plot):
    """Groups of shares under a heading each."""

    kind: ClassVar[str] = "bars"
    groups: tuple[tuple[str, tuple[Bar, ...]], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One small line of shares, its dots with what they say."""

    label: str
    told: str
    path: str
    dots: tuple[Box, ...]  # of no size: a place and a tip


@dataclass(frozen=True, slots=True)
class Lines(Plot):
    """Small lines on one scale of 0 to 100 %, each in a picture of its own."""

    kind: ClassVar[str] = "lines"
    width: int
    height: int
    grid: tuple[Label, ...]
    lines: tuple[Line, ...]


def lines(rows: Sequence[tuple[str, str, Sequence[tuple[float, str]]]]) -> Lines:
    """Return lines of (label, words, (share, tip) in order of time)."""
    width, height, inset = 240, 72, 6
    drawn = []
    for label, told, shares in rows:
        places = spark.points([share for share, _ in shares], width=width, height=height, inset=inset)
        dots = tuple(Box(x, y, 0, 0, tip) for (x, y), (_, tip) in zip(places, shares, strict=True))
        drawn.append(Line(label, told, spark.path(places), dots))
    grid = [Label(inset + (height - 2 * inset) * (1 - share), words.percent(share)) for share in (0, 0.5, 1)]
    return Lines(width, height, tuple(grid), tuple(drawn))
