"""How far the cards of each begun bank have come."""

from __future__ import annotations

from quizapp.progress import plots
from quizapp.progress.charts.base import Chart, Table, missing
from quizapp.progress.measures.states import MATURE_DAYS, State
from quizapp.progress.queries import Record
from quizapp.web import words

_NAME, _TITLE = "states", "Cards by state"


def states(record: Record) -> Chart:
    """Return the cards of each bank by state; a card never touched is new."""
    begun = {group.bank_id for group in record.cards}
    rows = [(bank.title, _split(record, bank.id, bank.cards)) for bank in record.banks if bank.id in begun]
    if not rows:
        return missing(_NAME, _TITLE, "needs a first card")
    total = sum(sum(counts) for _, counts in rows)
    met = total - sum(counts[State.NEW] for _, counts in rows)
    mature = sum(counts[State.MATURE] for _, counts in rows)
    return Chart(
        _NAME,
        _TITLE,
        f"Of {words.count(total, 'card')} in the banks you have begun you have met {met:,}; "
        f"{mature:,} {'is' if mature == 1 else 'are'} mature.",
        plots.stacks(rows, legend=[state.word for state in State]),
        Table(
            ("Bank", *(state.word.capitalize() for state in State), "All"),
            tuple((title, *map(words.number, counts), words.number(sum(counts))) for title, counts in rows),
        ),
        f"A mature card returns after {MATURE_DAYS} days or more, a young one sooner.",
    )


def _split(record: Record, bank_id: int, cards: int) -> list[int]:
    """Return the number of cards in each state; `cards` of the bank are drilled in all."""
    counts = [0] * len(State)
    for group in record.cards:
        if group.bank_id == bank_id:
            counts[group.state] += group.cards
    counts[State.NEW] = max(0, cards - sum(counts[State.LEARNING :]))
    return counts
