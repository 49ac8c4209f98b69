"""The contract of a chart.

A chart is a module of this folder with one function, listed in the table of `charts/__init__.py`: it asks a
`Record` (or, for what no other chart needs, a query of its own), measures, and returns a `Chart`. The
reading is one sentence that says what the plot shows; the table holds every number of the plot. Where there
is too little to measure, `plot` is None, the reading is "—" with what is missing, and the table is empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from quizapp.progress.plots import Plot
from quizapp.progress.queries import Record
from quizapp.web import words


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers as words; the first `heads` columns are text, the others numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heads: int = 1


@dataclass(frozen=True, slots=True)
class Chart:
    """One figure of the progress page. `note` says how to read it, where that is not plain."""

    name: str
    title: str
    reading: str
    plot: Plot | None = None
    table: Table | None = None
    note: str = ""
    wide: bool = False  # takes the whole width of a desk


Draw = Callable[[Record], Chart]


def missing(name: str, title: str, needs: str) -> Chart:
    """Return the chart of a measure without data; `needs` says what is missing."""
    return Chart(name, title, f"{words.NOTHING} ({needs})")
