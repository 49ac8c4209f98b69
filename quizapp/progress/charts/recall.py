"""The probability of recalling begun cards now, bank by bank and topic by topic."""

from __future__ import annotations

from quizapp.progress.charts.base import Chart, Table, missing
from quizapp.progress.measures.recall import CARDS_NEEDED, mean_recall, recall_estimate
from quizapp.progress.plots import Bar, Bars
from quizapp.progress.queries import Recalls, Record
from quizapp.web import words

TOPICS_SHOWN = 10
_NAME, _TITLE = "recall", "What you would recall now"


def recall(record: Record) -> Chart:
    """Return mean recall per bank, and per topic where enough cards are begun, the weakest topics first."""
    named = {bank.id: bank.title for bank in record.banks}
    banks = [
        (named[bank_id], recalls) for bank_id, recalls in record.recalls_by_bank.items() if bank_id in named
    ]
    if not banks:
        return missing(_NAME, _TITLE, "needs a first answer")
    banks.sort()
    topics = sorted(record.recalls_by_tag.items(), key=lambda topic: (mean_recall(topic[1]) or 0, topic[0]))
    weighed = [topic for topic in topics if recall_estimate(topic[1]) is not None]
    groups = [("Banks", tuple(_bar(*bank) for bank in banks))]
    if len(weighed) > 1:
        shown = weighed[:TOPICS_SHOWN]
        heading = "Topics" if len(weighed) == len(shown) else f"The {len(shown)} weakest topics"
        groups.append((heading, tuple(_bar(*topic) for topic in shown)))
    return Chart(
        _NAME,
        _TITLE,
        _told(banks, weighed),
        Bars(tuple(groups)),
        Table(
            ("Of", "Name", "Cards begun", "Recalled now", "Range"),
            tuple(
                (
                    kind,
                    name,
                    words.number(recalls.total()),
                    words.percent(mean_recall(recalls)),
                    _range(recalls),
                )
                for kind, rows in (("Bank", banks), ("Topic", topics))
                for name, recalls in rows
            ),
            heads=2,
        ),
        f"A range holds the truth in four of five cases. It needs {CARDS_NEEDED} cards, and so does a "
        "topic to be shown above.",
        wide=True,
    )


def _told(banks: list[tuple[str, Recalls]], topics: list[tuple[str, Recalls]]) -> str:
    rows = topics if len(topics) > 1 else banks
    low = min(rows, key=lambda row: mean_recall(row[1]) or 0)
    high = max(rows, key=lambda row: mean_recall(row[1]) or 0)
    if low is high:
        return f"Of “{low[0]}” you would recall about {words.percent(mean_recall(low[1]))}."
    return (
        f"Weakest is “{low[0]}” with about {words.percent(mean_recall(low[1]))}, "
        f"strongest “{high[0]}” with {words.percent(mean_recall(high[1]))}."
    )


def _bar(name: str, recalls: Recalls) -> Bar:
    mean = mean_recall(recalls) or 0.0
    return Bar(name, f"{words.percent(mean)} of {words.count(recalls.total(), 'card')}", mean)


def _range(recalls: Recalls) -> str:
    estimate = recall_estimate(recalls)
    return words.NOTHING if estimate is None else estimate.span
