"""Routes of the card list and of single cards. They belong to the blueprint of study."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import limits
from quizapp.accounts.guards import current_learner, learner_required, learner_welcome, open_to_all
from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks import queries as banks
from quizapp.banks import service as banks_service
from quizapp.banks.offering import queries as offering
from quizapp.banks.queries import CardFace
from quizapp.errors import Conflict, NotFound
from quizapp.memory import queries as memory
from quizapp.memory import service as memory_service
from quizapp.memory.kinds import ReviewKind
from quizapp.memory.queries import CardState
from quizapp.study.cards import queries
from quizapp.study.cards.queries import CardFilter
from quizapp.study.forms import MarkForm, ReportForm
from quizapp.study.standing import Standing, standing
from quizapp.study_day import Moment
from quizapp.web import unit
from quizapp.web.clock import now
from quizapp.web.pagination import page_number
from quizapp.web.redirects import own_page

_CARD = f"/cards/<int(max={limits.URL_ID_MAX}):card_id>"
Marked = Response | tuple[str, int]
_SORTS = {"written": "As written", "due": "Due first", "weak": "Weakest first"}
_KINDS = {
    ReviewKind.DRILL: "Drill",
    ReviewKind.QUIZ: "Quiz",
    ReviewKind.UNDO: "Undo",
    ReviewKind.RESET: "Reset",
    ReviewKind.SUSPEND: "Suspended",
    ReviewKind.UNSUSPEND: "Taken back",
    ReviewKind.BURY: "Put off",
}


def register(blueprint: Blueprint) -> None:
    """Add these routes to `blueprint`."""
    for rule, view, method in (
        ("/cards", browse, "GET"),
        (_CARD, card, "GET"),
        (f"{_CARD}/suspend", suspend_card, "POST"),
        (f"{_CARD}/unsuspend", unsuspend_card, "POST"),
        (f"{_CARD}/reset", reset_card, "POST"),
        (f"{_CARD}/report", report_card, "GET"),
        (f"{_CARD}/report", send_report, "POST"),
    ):
        blueprint.add_url_rule(rule, view_func=view, methods=[method])


@open_to_all
def browse() -> str:
    """List and search cards."""
    asked, published, learner = request.args, banks.banks(g.viewer.learner_id), g.viewer.learner
    chosen = CardFilter(
        bank=asked.get("bank", "") if any(bank.slug == asked.get("bank") for bank in published) else "",
        text=" ".join(asked.get("q", "")[: limits.SEARCH_CHARS].split()),
        tag=asked.get("tag", "")[: limits.ID_CHARS],
        standing=Standing(asked["state"]) if asked.get("state") in set(Standing) else None,
        sort=asked["sort"] if asked.get("sort") in _SORTS else "written",
    )
    learner_id = None if learner is None else learner.id
    return render_template(
        "study/browse.html",
        page=queries.cards(learner_id, chosen, today=_today(learner), page=page_number()),
        chosen=chosen,
        banks=published,
        tags=sorted({tag for bank in published for tag, cards, _ in bank.tags if cards}),
        standings=list(Standing),
        sorts=_SORTS,
    )


@open_to_all
def card(card_id: int) -> str:
    """Show one card: both faces, what the learner remembers of it, and its whole history."""
    (face, state), learner, instant = _readable_card(card_id), g.viewer.learner, now()
    history = [] if learner is None else memory.card_reviews(learner.id, card_id)[::-1]
    today = _today(learner)
    return render_template(
        "study/card.html",
        face=face,
        known=state.memory,
        standing=standing(state.memory, today),
        recall=state.memory.recall_on(today),
        history=history,
        kinds=_KINDS,
        turned=True,
        answer_key=secrets.token_hex(16),
        seen=state.last_seq,
        now=instant,
    )


@learner_required
def suspend_card(card_id: int) -> Marked:
    """Keep a card out of every drill."""
    return _marked(memory_service.suspend_card, card_id, "Suspended. This card stays out of every drill.")


@learner_required
def unsuspend_card(card_id: int) -> Marked:
    """Take a suspended card back."""
    return _marked(memory_service.unsuspend_card, card_id, "Taken back into the drill.")


@learner_required
def reset_card(card_id: int) -> Marked:
    """Make a card new again; its history stays."""
    return _marked(memory_service.reset_card, card_id, "Reset. This card is new again; its history stays.")


@learner_required
def report_card(card_id: int) -> str:
    """Ask what is wrong with a card."""
    asked = request.args
    return _report_page(card_id, ReportForm(next=asked.get("next", ""), turned=asked.get("turned", "")))


@learner_welcome
def send_report(card_id: int) -> str | Response | tuple[str, int]:
    """Keep a learner's word that something is wrong with a card."""
    form = ReportForm()
    if not form.validate_on_submit():
        return _report_page(card_id, form), 422
    face, _ = _readable_card(card_id)
    unit.run(
        lambda: banks_service.report_problem(
            learner_id=current_learner().id,
            note_id=face.about.note_id,
            revision=face.about.revision,
            key=face.key,
            kind="card",
            message=form.message.data,
            shown={"prompt": face.prompt, "answers": list(face.answers)},
            now=now(),
        )
    )
    flash("Thank you. The authors will see what you wrote, with the card as it was shown.")
    return redirect(own_page(form.next.data, default=url_for("study.card", card_id=card_id)), 303)


def _readable_card(card_id: int) -> tuple[CardFace, CardState]:
    """Return a card and what the viewer remembers of it. Raises NotFound.

    A card that is not offered to them is there only if they have met it, and then as a retired one. A hidden card is
    the key of a question, so it is there once they have answered that.
    """
    face, learner_id = banks.card_face(card_id), g.viewer.learner_id
    state = memory.UNSEEN if learner_id is None else memory.card_memory(learner_id, card_id)
    readable = offering.is_offered(learner_id, face.about.bank_id)
    if not state.last_seq and (face.hidden or not readable):
        raise NotFound("This card does not exist.")
    return (face if readable else replace(face, retired=True)), state


def _marked(mark: Callable[..., object], card_id: int, told: str) -> Marked:
    form = MarkForm()
    form.require()
    try:
        unit.run(
            lambda: mark(current_learner(), card_id, answer_key=form.key(), seen=form.seen.data, now=now())
        )
    except Conflict as error:
        flash(error.message, "caution")
        return card(card_id), 409
    flash(told)
    return redirect(url_for("study.card", card_id=card_id), 303)


def _report_page(card_id: int, form: ReportForm) -> str:
    back = own_page(form.next.data, default=url_for("study.card", card_id=card_id))
    return render_template("study/report.html", face=_readable_card(card_id)[0], form=form, back=back)


def _today(learner: LearnerSettings | None) -> dt.date:
    if learner is None:
        return now().date()
    return Moment.at(now(), learner.zone, learner.day_start).on
