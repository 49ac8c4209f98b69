"""How quiz scores have gone, bank by bank."""

from __future__ import annotations

from quizapp.progress import plots
from quizapp.progress.charts.base import Chart, Table, missing
from quizapp.progress.queries import SCORES_SHOWN, Record
from quizapp.quizzes.history import trend
from quizapp.quizzes.history.queries import BankScores
from quizapp.web import words

_NAME, _TITLE = "scores", "Quiz scores"


def scores(record: Record) -> Chart:
    """Return a small line per bank."""
    banks = record.scores
    if not banks:
        return missing(_NAME, _TITLE, "needs a finished quiz")
    dates = {bank.bank_id: [words.day(one.started_on, record.today) for one in bank.taken] for bank in banks}
    return Chart(
        _NAME,
        _TITLE,
        _told(banks),
        plots.lines(
            [
                (
                    bank.title,
                    trend.told(bank.scores),
                    [
                        (share, f"{date}: {words.percent(share)}")
                        for share, date in zip(bank.shares, dates[bank.bank_id], strict=True)
                    ],
                )
                for bank in banks
            ]
        ),
        Table(
            ("Bank", "Taken", "Score"),
            tuple(
                (bank.title, date, words.percent(share))
                for bank in banks
                for share, date in zip(bank.shares, dates[bank.bank_id], strict=True)
            ),
            heads=2,
        ),
        f"The last {SCORES_SHOWN} quizzes of each bank, oldest left, on a scale from 0 to 100 %. "
        "Quizzes of only what was missed are left out.",
        wide=True,
    )


def _told(banks: list[BankScores]) -> str:
    levels = {bank.title: trend.level(bank.scores) or 0.0 for bank in banks}
    low, high = min(levels, key=levels.__getitem__), max(levels, key=levels.__getitem__)
    if low == high:
        return f"In “{low}” your last quizzes scored {words.percent(levels[low])} on average."
    return (
        f"Lately you scored best in “{high}” ({words.percent(levels[high])}) "
        f"and lowest in “{low}” ({words.percent(levels[low])})."
    )
