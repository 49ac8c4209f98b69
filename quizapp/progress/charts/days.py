"""The days on which a learner answered anything, in drills or quizzes, and how many in a row."""

from __future__ import annotations

import datetime as dt

from quizapp.progress import plots
from quizapp.progress.charts.base import Chart, Table, missing
from quizapp.progress.measures.streak import Streaks, streaks
from quizapp.progress.queries import Record
from quizapp.web import words

WEEKS = 26
_NAME, _TITLE = "days", "Study days"


def days(record: Record) -> Chart:
    """Return the heat map of the last `WEEKS` weeks."""
    answers = {day: counts.reviews for day, counts in record.days.items() if counts.reviews}
    if not answers:
        return missing(_NAME, _TITLE, "needs a first answer")
    monday = record.today - dt.timedelta(days=record.today.weekday())
    weeks = [monday - dt.timedelta(weeks=number) for number in range(WEEKS)]
    studied = sum(day >= weeks[-1] for day in answers)
    return Chart(
        _NAME,
        _TITLE,
        f"You studied on {words.count(studied, 'day')} of the last {WEEKS} weeks; "
        f"{_told(streaks(answers, record.today))}",
        plots.heat(answers, record.today, weeks=WEEKS),
        Table(
            ("Week from", "Days studied", "Answers", "Time"),
            tuple(_week(record, week) for week in weeks),
        ),
    )


def _told(runs: Streaks) -> str:
    longest = words.count(runs.longest, "day")
    if not runs.current:
        return f"the longest run was {longest} in a row."
    current = words.count(runs.current, "day")
    if runs.current == runs.longest:
        return f"{current} in a row now, your longest run."
    return f"{current} in a row now, {longest} at the longest."


def _week(record: Record, monday: dt.date) -> tuple[str, ...]:
    week = [record.days.get(monday + dt.timedelta(days=number)) for number in range(7)]
    held = [day for day in week if day is not None and day.reviews]
    return (
        words.day(monday, record.today),
        words.number(len(held)),
        words.number(sum(day.reviews for day in held)),
        words.duration(sum(day.thinking_ms for day in held)),
    )
