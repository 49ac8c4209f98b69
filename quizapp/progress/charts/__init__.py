"""The charts of the progress page, in its order; `base.py` states what a chart is."""

from __future__ import annotations

from quizapp.progress.charts.base import Draw
from quizapp.progress.charts.days import days
from quizapp.progress.charts.forecast import forecast
from quizapp.progress.charts.recall import recall
from quizapp.progress.charts.retention import retention
from quizapp.progress.charts.scores import scores
from quizapp.progress.charts.states import states

CHARTS: tuple[Draw, ...] = (recall, days, retention, forecast, states, scores)
