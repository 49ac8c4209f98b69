"""Routes of what was taken before: all attempts, and two at the same questions side by side."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request

from quizapp.accounts.guards import current_learner, learner_required, open_to_all
from quizapp.accounts.viewer import LearnerSettings
from quizapp.errors import Conflict, NotFound
from quizapp.quizzes import queries as attempts
from quizapp.quizzes import showing
from quizapp.quizzes.forms import CODE_CHARS, new_code
from quizapp.quizzes.history import queries, spark, trend
from quizapp.quizzes.history.comparison import Change, change, is_same_question, paired
from quizapp.quizzes.history.forms import HistoryForm, named
from quizapp.quizzes.history.wanted import Sort
from quizapp.quizzes.models import Attempt
from quizapp.quizzes.modes import MODES
from quizapp.quizzes.queries import AskedItem
from quizapp.quizzes.scoring import Score
from quizapp.web.clock import now
from quizapp.web.pagination import page_number, page_of

blueprint = Blueprint("history", __name__)

SPARK_ATTEMPTS = 20
_CODE = f"string(length={CODE_CHARS})"


@blueprint.get("/history")
@open_to_all
def index() -> str:
    """List the learner's attempts, open ones too; a visitor sees how to get one."""
    learner: LearnerSettings | None = g.viewer.learner
    if learner is None:
        return render_template("quizzes/history.html", begun=False)
    form, banks = HistoryForm(request.args), queries.attempted_banks(learner.id)
    form.bank.choices = named([("", "All banks"), *banks])
    wanted = form.wanted(now(), learner.zone)
    page = page_of(queries.attempts(learner.id, wanted), page_number())
    return render_template(
        "quizzes/history.html",
        begun=bool(banks),
        form=form,
        narrowed=wanted.narrowed,
        chosen=wanted.narrowed or wanted.sort is not Sort.NEWEST or form.errors,
        page=page,
        modes=MODES,
        titles=queries.bank_titles(learner.id, [row.id for row in page.items]),
        taken=queries.taken(learner.id, {row.retake_of or row.id for row in page.items}),
        scores=[
            (bank, trend.latest(bank.scores), trend.direction(bank.scores), _spark(bank.shares))
            for bank in queries.bank_scores(learner.id, last=SPARK_ATTEMPTS)
        ],
        new_code=new_code,
    )


@blueprint.get(f"/quizzes/<{_CODE}:code>/compare/<{_CODE}:other>")
@learner_required
def compare(code: str, other: str) -> str:
    """Show two finished attempts at the same questions side by side, the earlier one first."""
    learner = current_learner()
    found = sorted(
        (attempts.attempt_for(learner.id, code), attempts.attempt_for(learner.id, other)),
        key=lambda attempt: attempt.id,
    )
    first, second = found
    if first.id == second.id or (first.retake_of or first.id) != second.retake_of:
        raise NotFound("These two quizzes do not ask the same questions.")
    if first.finished_at is None or second.finished_at is None:
        raise Conflict("One of the two is still open. Finish it first, then compare them.")
    set_ = queries.taken(learner.id, {second.retake_of})[second.retake_of]
    items = [
        (_change(before, after), before, after)
        for before, after in paired(
            attempts.items(learner.id, first.id),
            attempts.items(learner.id, second.id),
            key=lambda item: item.item_id,
        )
    ]
    return render_template(
        "quizzes/compare.html",
        first=first,
        second=second,
        scores=[_score(attempt) for attempt in found],
        taken=set_,
        groups=[(kind, [pair for pair in items if pair[0] is kind]) for kind in Change],
        told_of=lambda item: showing.told(item.snapshot, item.answer, item.fraction),
    )


def _change(before: AskedItem | None, after: AskedItem | None) -> Change:
    if before is None or after is None:
        return Change.NOT_ASKED
    if not is_same_question(before.snapshot, after.snapshot):
        return Change.OTHER
    return change(before.fraction, after.fraction)


def _score(attempt: Attempt) -> Score:
    return Score(attempt.points or 0.0, attempt.item_count)


def _spark(shares: list[float]) -> tuple[str, spark.Point]:
    """Return the line of a bank's scores, and where the latest stands."""
    places = spark.points(shares, width=96, height=24, inset=3)
    return spark.path(places), places[-1]
