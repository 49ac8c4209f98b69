"""The table of ratios that speed is promised by: what is measured, what must be reached, what would be better still."""

from __future__ import annotations

from tests.benchmarks.measuring import Row

TABLE: tuple[Row, ...] = ()
