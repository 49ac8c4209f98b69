"""The table of ratios that speed is promised by: what is measured, what must be reached, what would be better still."""

from __future__ import annotations

from tests.benchmarks import banks, cycle, opening, pages, starting, weights
from tests.benchmarks.measuring import Row

TABLE: tuple[Row, ...] = (
    Row(4, "first card of a deck of 100,000 / Anki's first queue", "≤ 1/10", "≤ 1/25", opening.first_card),
    Row(5, "answer and next card in process / Anki's get and answer", "≤ 1.5", "≤ 1.0", cycle.answer),
    Row(6, "check 10,000 notes / yaml.load(CSafeLoader)", "≤ 0.6", "≤ 0.35", banks.load),
    Row(7, "publish 10,000 notes, cards/s / Anki's import_csv", "≥ 1.0", "≥ 2.0", banks.publication),
    Row(8, "start a quiz out of 100,000 items / out of 100", "≤ 2", "≤ 1.2", opening.quiz_start),
    Row(
        9,
        "dashboard; history; statistics: 1M reviews / 10,000",
        "≤ 2; ≤ 2; ≤ 2",
        "≤ 1.2; ≤ 1.2; ≤ 1.2",
        pages.pages,
    ),
    Row(
        11,
        "bytes per memory row; per review row, indexes included",
        "≤ 120; ≤ 150",
        "≤ 80; ≤ 130",
        weights.kept,
    ),
    Row(12, "kB over the wire for the first card", "≤ 60", "≤ 45", weights.sent),
    Row(13, "create_app() / import flask, flask_sqlalchemy", "≤ 4", "≤ 2.5", starting.start),
)
