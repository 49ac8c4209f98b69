"""Plots as coordinates: everything inside the picture, nothing out of proportion."""

from __future__ import annotations

import datetime as dt

import pytest

from quizapp.progress import plots
from quizapp.progress.measures.estimate import Estimate

TODAY = dt.date(2026, 3, 4)  # a Wednesday


def days(counts: list[int]) -> list[tuple[dt.date, int]]:
    return [(TODAY + dt.timedelta(days=number), many) for number, many in enumerate(counts)]


@pytest.mark.parametrize(
    ("most", "top"), [(0, 2), (2, 2), (3, 4), (7, 10), (10, 10), (11, 20), (41, 60), (61, 100), (101, 200)]
)
def test_an_axis_ends_at_a_round_even_number(most: int, top: int) -> None:
    assert plots.nice_top(most) == top


def test_columns_are_as_tall_as_their_counts() -> None:
    plot = plots.columns(days([10, 5, 0]), tip="card")
    tall, half, none = (box.height for box in plot.boxes)
    assert (tall, half, none) == (pytest.approx(2 * half), half, 0)
    assert [label.text for label in plot.up] == ["0", "5", "10"]
    assert plot.boxes[1].tip == "tomorrow: 5\N{NO-BREAK SPACE}cards"


def test_no_column_is_a_flat_axis_and_every_seventh_day_is_named() -> None:
    plot = plots.columns(days([0] * 30), tip="card")
    assert {box.height for box in plot.boxes} == {0}
    assert [label.text for label in plot.across] == ["today", "11 Mar", "18 Mar", "25 Mar", "1 Apr"]
    assert plot.boxes[-1].x + plot.boxes[-1].width < plots.WIDTH


def test_a_heat_map_has_whole_weeks_up_to_today() -> None:
    plot = plots.heat({TODAY: 30, TODAY - dt.timedelta(days=1): 1}, TODAY, weeks=26)
    assert len(plot.boxes) == 25 * 7 + 3
    assert [box.level for box in plot.boxes[-3:]] == [0, 1, 3]
    assert plot.boxes[-1].tip == "Wed 4 March: 30\N{NO-BREAK SPACE}answers"
    assert max(box.x + box.width for box in plot.boxes) <= plots.WIDTH
    assert max(box.y + box.height for box in plot.boxes) <= plot.height


@pytest.mark.parametrize(("many", "level"), [(0, 0), (1, 1), (9, 1), (10, 2), (59, 3), (60, 4), (999, 4)])
def test_levels_of_a_day(many: int, level: int) -> None:
    assert plots.level(many) == level


@pytest.mark.parametrize("low", [0.0, 0.31, 0.5, 0.87])
def test_ranges_lie_on_their_scale(low: float) -> None:
    plot = plots.ranges([("30 days", Estimate(0.95, low, 1.0, 40)), ("90 days", None)], wanted=0.9)
    row, empty = plot.rows
    assert plot.left <= row.low < row.at < row.high < plots.WIDTH
    assert row.low < plot.wanted.at < row.at
    assert (empty.at, empty.value) == (None, "—")
    assert all(plot.left - 0.01 <= label.at <= row.high for label in plot.across)


def test_the_parts_of_a_stack_fill_its_bar_and_are_told_in_words() -> None:
    plot = plots.stacks([("A bank", [6, 0, 3])], legend=("new", "learning", "young"))
    (row,) = plot.rows
    assert row.told == "6 new · 3 young"
    assert [box.level for box in row.boxes] == [0, 2]
    assert row.boxes[0].width == pytest.approx(2 * row.boxes[1].width)
    assert row.boxes[-1].x + row.boxes[-1].width == pytest.approx(plots.WIDTH)


def test_a_line_has_a_dot_for_each_score() -> None:
    plot = plots.lines([("A bank", "80 % last", [(0.0, "Monday: 0 %"), (1.0, "Tuesday: 100 %")])])
    first, last = plot.lines[0].dots
    assert (first.x, first.y) == (6, 66)
    assert (last.x, last.y) == (234, 6)
    assert last.tip == "Tuesday: 100 %"
