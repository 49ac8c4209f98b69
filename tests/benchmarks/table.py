"""The table of ratios that speed is promised by: what is measured, what must be reached, what would be better still."""

from __future__ import annotations

from tests.benchmarks import answering, banks, cycle, opening, pages, starting, weights
from tests.benchmarks.measuring import Row

TABLE: tuple[Row, ...] = (
    Row(1, "answer over HTTP and next card, p50 / F", "≤ 8", "≤ 5.5", answering.one_connection),
    Row(
        2, "the same by 8 learners at once, p99 / p50; errors", "≤ 4; 0", "≤ 3; 0", answering.many_connections
    ),
    Row(3, "the same on a site of 100,000 cards / of 1,000", "≤ 1.25", "≤ 1.10", answering.on_large_sites),
    Row(4, "first card of a deck of 100,000 / Anki's first queue", "≤ 1/10", "≤ 1/25", opening.first_card),
    Row(5, "answer and next card in process / Anki's get and answer", "≤ 1.5", "≤ 1.0", cycle.answer),
    Row(6, "load; check 10,000 notes / yaml.load(CSafeLoader)", "≤ 0.6; ≤ 0.6", "≤ 0.35; ≤ 0.35", banks.load),
    Row(
        7,
        "10,000 notes to rows, cards/s / Anki's import: same; bare",
        "≥ 1.0; ≥ 1.0",
        "≥ 2.0; ≥ 2.0",
        banks.publication,
    ),
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
