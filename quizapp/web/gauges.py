"""A figure that is read when it is asked for, rather than counted as things happen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gauge:
    """One figure, or one for each value of `label`. `name` and unit as Prometheus wants them: seconds, bytes."""

    name: str
    meaning: str
    figures: dict[str, float]
    label: str = ""
