"""How everything here is measured: the contestants of one row in turns, in one run, their first blocks thrown away."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from tests.benchmarks.sites import Shape, Site, build


@dataclass(frozen=True, slots=True)
class Measured:
    """What a row came to: its ratio, or one figure for each of its bounds, and how that was found."""

    value: float | tuple[float, ...]
    told: str

    @property
    def values(self) -> tuple[float, ...]:
        return self.value if isinstance(self.value, tuple) else (self.value,)


@dataclass(slots=True)
class Bench:
    """Where a run keeps its files; the sites it has built are shared by its rows."""

    scratch: Path
    large: bool = False
    _sites: dict[Shape, Site] = field(default_factory=dict)

    def folder(self, name: str) -> Path:
        """Return a folder of one's own."""
        path = self.scratch / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def site(self, shape: Shape) -> Site:
        """Return the site of this shape. Whoever writes to it leaves it as good for the next row."""
        if shape not in self._sites:
            self._sites[shape] = build(shape, self.folder(f"site-{len(self._sites)}"))
        return self._sites[shape]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `must` and `stretch` hold a bound for each figure: "≤ 4; 0"."""

    number: int
    title: str
    must: str
    stretch: str
    measure: Callable[[Bench], Measured]


def interleaved(blocks: int = 5, **contestants: Callable[[], float]) -> dict[str, list[float]]:
    """Run a block of each contestant in turn, `blocks` times after a warm-up, and return their figures.

    A contestant runs one block and returns its figure, such as its median in seconds.
    """
    for block in contestants.values():
        block()
    figures: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(blocks):
        for name, block in contestants.items():
            figures[name].append(block())
    return figures


def ratio(figures: dict[str, list[float]], over: str, under: str) -> float:
    """Return how many times `under` the contestant `over` took, by their median blocks."""
    return statistics.median(figures[over]) / statistics.median(figures[under])


def p50(times: int, work: Callable[[], object]) -> float:
    """Return the median time of `work` in seconds, done so many times."""
    return statistics.median(_times(times, work))


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes, done once."""
    return _times(1, work)[0]


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return what `work`, which waits for nothing itself, costs this process, however busy the machine is."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _times(times: int, work: Callable[[], object]) -> list[float]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return taken


def spread(figures: list[float], *, unit: float = 1.0) -> str:
    """Return the median of `figures` and between which they lie, in `unit`: "1.2 (1.1–1.4)"."""
    middle, least, most = (
        f"{figure / unit:.3g}" for figure in (statistics.median(figures), min(figures), max(figures))
    )
    return f"{middle} ({least}–{most})"


def meets(values: tuple[float, ...], bounds: str) -> bool:
    """Return whether each figure keeps its bound: "≤ 4", "≥ 1.0", "≤ 1/10", or the figure itself."""
    kept = []
    for value, bound in zip(values, bounds.split(";"), strict=True):
        sign, _, number = bound.strip().rpartition(" ")
        limit = float(Fraction(number))
        kept.append({"≤": value <= limit, "≥": value >= limit, "": value == limit}[sign])
    return all(kept)
