"""The contract of charts, over the table: words without data, and a reading, a plot and a table with it."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from quizapp.memory.kinds import Rating
from quizapp.progress.charts import CHARTS
from quizapp.progress.charts.base import Chart, Draw
from quizapp.progress.queries import Record
from tests.factories import banks, quizzes
from tests.factories.accounts import create_learner
from tests.factories.memory import MORNING, create_cards, drill

DAY = dt.timedelta(days=1)
TODAY = MORNING.date()
TITLES = (
    "What you would recall now",
    "Study days",
    "What you remembered when cards came back",
    "What comes due",
)
TITLES += ("Cards by state", "Quiz scores")


def drawn(record: Record) -> dict[str, Chart]:
    return {chart.title: chart for chart in (draw(record) for draw in CHARTS)}


def plain(chart: Chart) -> str:
    return chart.reading.replace("\N{NO-BREAK SPACE}", " ")


def cells(chart: Chart) -> list[list[str]]:
    assert chart.table is not None
    return [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in chart.table.rows]


@pytest.fixture
def record(app: Flask) -> Record:
    """One learner: twelve cards drilled on three days, and four quizzes of three questions."""
    banks.publish(quizzes.MIXED)
    learner = create_learner()
    for card_id in create_cards(12):
        drill(learner, card_id, Rating.EASY, now=MORNING - 15 * DAY)
        drill(learner, card_id, Rating.GOOD, now=MORNING - 4 * DAY)
        drill(learner, card_id, Rating.GOOD if card_id % 4 else Rating.AGAIN, now=MORNING)
    for number, wrong in enumerate(([1, 2], [1], [], [])):
        code = quizzes.start(learner, at=MORNING - (10 - number) * DAY)
        quizzes.answer_all(learner, code, wrong=wrong)
    return Record(learner.id, 0.9, TODAY)


@pytest.mark.parametrize("draw", CHARTS, ids=lambda draw: draw.__name__)
def test_without_data_a_chart_says_what_is_missing(app: Flask, draw: Draw) -> None:
    chart = draw(Record(create_learner().id, 0.9, TODAY))
    assert chart.reading.startswith("— (needs ")
    assert (chart.plot, chart.table) == (None, None)


def test_with_data_each_has_one_sentence_a_plot_and_numbers(record: Record) -> None:
    charts = drawn(record)
    assert tuple(charts) == TITLES
    for chart in charts.values():
        assert chart.plot is not None, chart.name
        assert chart.reading.endswith(".")
        assert "None" not in chart.reading
        assert chart.table is not None
        assert chart.table.rows
        assert {len(row) for row in chart.table.rows} == {len(chart.table.columns)}
    assert len({chart.name for chart in charts.values()}) == len(charts)


def test_reviews_remembered_are_held_against_what_is_aimed_for(record: Record) -> None:
    chart = drawn(record)["What you remembered when cards came back"]
    assert plain(chart) == (
        "You remembered 88 % of 24 reviews in the last 30 days, in keeping with the 90 % you aim for."
    )
    assert cells(chart)[0] == ["30 days", "24", "21", "88 %", "76–94 %"]


def test_too_few_reviews_say_how_many_are_missing(app: Flask) -> None:
    learner = create_learner()
    for card_id in create_cards(3):
        drill(learner, card_id, Rating.EASY, now=MORNING - 9 * DAY)
        drill(learner, card_id, now=MORNING)
    chart = drawn(Record(learner.id, 0.9, TODAY))["What you remembered when cards came back"]
    assert plain(chart) == "— (needs 17 more reviews of learnt cards, a day or more after the last answer)"


def test_study_days_are_told_with_both_streaks(record: Record) -> None:
    chart = drawn(record)["Study days"]
    assert plain(chart) == (
        "You studied on 3 days of the last 26 weeks; 1 day in a row now, your longest run."
    )
    assert len(cells(chart)) == 26


def test_the_forecast_counts_what_the_table_says(record: Record) -> None:
    chart = drawn(record)["What comes due"]
    rows = cells(chart)
    assert len(rows) == 30
    total = sum(int(row[1]) for row in rows)
    assert f"{total} in 30 days" in plain(chart)
    assert rows[0][0] == "today"


def test_states_add_up_to_the_cards_of_the_bank(record: Record) -> None:
    (row,) = cells(drawn(record)["Cards by state"])
    assert row[0] == "A sample bank"
    assert sum(map(int, row[1:-1])) == int(row[-1])


def test_scores_name_the_latest_and_what_a_trend_still_needs(record: Record) -> None:
    chart = drawn(record)["Quiz scores"]
    (line,) = chart.plot.lines
    assert line.told.replace("\N{NO-BREAK SPACE}", " ") == "last 100 % · trend needs 2 more quizzes"
    assert [row[2] for row in cells(chart)] == ["33 %", "67 %", "100 %", "100 %"]
