"""The table of the benchmarks is whole, and judges as it says; nothing here is measured."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.benchmarks.floor import Floor
from tests.benchmarks.measuring import interleaved, meets, ratio
from tests.benchmarks.table import TABLE


def test_every_promise_has_its_row() -> None:
    assert [row.number for row in TABLE] == [*range(1, 10), *range(11, 14)]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.title)
def test_a_row_has_as_many_bounds_to_stretch_for_as_it_must_keep(row) -> None:
    bounds = row.must.count(";") + 1
    assert row.stretch.count(";") + 1 == bounds
    meets((0.0,) * bounds, row.must)
    meets((0.0,) * bounds, row.stretch)


@pytest.mark.parametrize(
    ("values", "bounds", "kept"),
    [
        ((4.0,), "≤ 4", True),
        ((4.1,), "≤ 4", False),
        ((0.9,), "≥ 1.0", False),
        ((0.1,), "≤ 1/10", True),
        ((0.11,), "≤ 1/10", False),
        ((3.0, 0.0), "≤ 4; 0", True),
        ((3.0, 1.0), "≤ 4; 0", False),
    ],
)
def test_figures_are_judged_by_their_bounds(values: tuple[float, ...], bounds: str, kept: bool) -> None:
    assert meets(values, bounds) is kept


def test_contestants_take_turns_and_their_first_blocks_do_not_count() -> None:
    turns = itertools.count()
    figures = interleaved(blocks=2, one=lambda: float(next(turns)), other=lambda: float(next(turns)))
    assert figures == {"one": [2.0, 4.0], "other": [3.0, 5.0]}
    assert ratio(figures, "other", "one") == 4 / 3


def test_the_floor_records_answers(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    assert floor.block() > 0
