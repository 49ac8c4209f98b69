"""How many cards fall due on each of the coming days, as things stand."""

from __future__ import annotations

import datetime as dt

from quizapp.progress import plots
from quizapp.progress.charts.base import Chart, Table, missing
from quizapp.progress.queries import FORECAST_DAYS, Record
from quizapp.web import words

_NAME, _TITLE = "forecast", "What comes due"


def forecast(record: Record) -> Chart:
    """Return the cards due on each of the next `FORECAST_DAYS` days."""
    if not record.cards:
        return missing(_NAME, _TITLE, "needs a first card in your drill")
    days = [record.today + dt.timedelta(days=number) for number in range(FORECAST_DAYS)]
    counts = [(day, record.due.get(day, 0)) for day in days]
    return Chart(
        _NAME,
        _TITLE,
        _told(counts, record.today),
        plots.columns(counts, tip="card"),
        Table(
            ("Day", "Cards due"),
            tuple((words.day(day, record.today), words.number(many)) for day, many in counts),
        ),
        "Cards you have begun, if you answered nothing meanwhile. What is overdue stands at today; each "
        "answer adds later days, and new cards come on top.",
    )


def _told(counts: list[tuple[dt.date, int]], today: dt.date) -> str:
    (_, now), *later = counts
    total = now + sum(many for _, many in later)
    busiest, most = max(later, key=lambda pair: pair[1])
    due = f"{words.count(now, 'card')} {'is' if now == 1 else 'are'}" if now else "No card is"
    told = f"{due} due today, {total:,} in {len(counts)} days"
    return (
        f"{told}; the busiest day to come is {words.day(busiest, today)} with {most:,}."
        if most
        else f"{told}."
    )
