"""Routes of study: choose what to drill, drill it, and see what it amounted to."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import limits
from quizapp.accounts.guards import current_learner, learner_required, learner_welcome, open_to_all
from quizapp.banks import queries as banks
from quizapp.banks.typed import compare
from quizapp.errors import Conflict
from quizapp.memory.due import Preview
from quizapp.richtext import to_inline_plain
from quizapp.study import queries, service
from quizapp.study.cards import routes as cards
from quizapp.study.forms import KeyForm, MarkForm, SentReview, StartForm, TypingForm
from quizapp.study.minutes import minutes
from quizapp.study.overview import queries as overview
from quizapp.study.queries import Turn
from quizapp.study.sittings import queries as sittings
from quizapp.study_day import ONE_DAY, Moment
from quizapp.web import unit
from quizapp.web.clock import now
from quizapp.web.fragments import render_piece, wants_fragment
from quizapp.web.words import interval

blueprint = Blueprint("study", __name__)
cards.register(blueprint)

SLIPPED_SHOWN = 50

Answer = str | Response | tuple[str, int]

_SITTING = f"/study/<int(max={limits.URL_ID_MAX}):sitting_id>"
_CARD = f"{_SITTING}/cards/<int(max={limits.URL_ID_MAX}):card_id>"
_DID = {
    "suspended": "Suspended until you take it back.",
    "buried": "Put off until tomorrow.",
    "undone": "Taken back: here it is again.",
    "leech": "Suspended: that card keeps slipping.",
}


@blueprint.get("/study")
@open_to_all
def index() -> str:
    """Choose what to drill."""
    learner, published = g.viewer.learner, banks.banks(g.viewer.learner_id)
    standings, outlook, new = {}, None, 0
    if learner is not None:
        today = Moment.at(now(), learner.zone, learner.day_start).on
        standings = overview.bank_standings(learner.id, today)
        outlook = overview.outlook(learner, today, standings)
        new = overview.new_count(published, standings)
    tags: dict[str, int] = {}
    for bank in published:
        for tag, many, _ in bank.tags:
            tags[tag] = tags.get(tag, 0) + many
    return render_template(
        "study/index.html",
        banks=published,
        standings=standings,
        outlook=outlook,
        new=new,
        tags=sorted((tag, many) for tag, many in tags.items() if many),
    )


@blueprint.post("/study/start")
@learner_welcome
def start() -> Response:
    """Begin a sitting; a visitor becomes a guest."""
    form = StartForm()
    form.require()
    learner = current_learner()
    sitting_id = unit.run(
        lambda: service.start_sitting(
            learner,
            now=now(),
            bank_slugs=form.bank.data or (),
            tag=form.tag.data,
            card_ids=form.card_ids(),
            order=form.chosen_order(),
            beyond_limits=form.more.data,
        )
    )
    return redirect(url_for("study.drill", sitting_id=sitting_id), 303)


@blueprint.get(_SITTING)
@learner_required
def drill(sitting_id: int) -> Answer:
    """Show the card that comes next, or the one the address names, turned or not."""
    card, seen = _number("card"), _number("seen")
    asked_for = None if card is None or seen is None else (card, seen)
    turn = queries.next_turn(current_learner(), sitting_id, now(), asked_for=asked_for)
    if turn is None:
        return redirect(url_for("study.summary", sitting_id=sitting_id))
    did = request.args.get("did")
    return _card(
        turn,
        turned="turned" in request.args and (turn.face.card_id, turn.state.last_seq) == asked_for,
        typed_text=request.args.get("typed", "")[: limits.ANSWER_CHARS],
        thought_ms=_number("thought_ms"),
        did=did if did in _DID else None,
    )


@blueprint.post(f"{_CARD}/review")
@learner_required
def review(sitting_id: int, card_id: int) -> Answer:
    """Record how the card was recalled, and show the next."""
    sent = SentReview.read(request.form)
    try:
        recorded, turn = unit.run(
            lambda: service.answer_card(
                current_learner(),
                sitting_id,
                card_id,
                sent.rating,
                answer_key=sent.answer_key,
                seen=sent.seen,
                now=now(),
                offered_on=sent.offered_on,
                thinking_ms=sent.spent_ms,
            )
        )
    except Conflict as error:
        return _moved_on(sitting_id, error)
    return _next(sitting_id, turn, did="leech" if recorded.leech else None)


@blueprint.post(f"{_CARD}/suspend")
@learner_required
def suspend(sitting_id: int, card_id: int) -> Answer:
    """Keep the card out of every drill, and show the next."""
    return _mark(service.suspend_card, sitting_id, card_id, did="suspended")


@blueprint.post(f"{_CARD}/bury")
@learner_required
def bury(sitting_id: int, card_id: int) -> Answer:
    """Put the card off until the next study day, and show the next."""
    return _mark(service.bury_card, sitting_id, card_id, did="buried")


@blueprint.post(f"{_SITTING}/undo")
@learner_required
def undo(sitting_id: int) -> Answer:
    """Take back the last thing done in the sitting, and show its card again."""
    form = KeyForm()
    form.require()
    try:
        undone, turn = unit.run(
            lambda: service.undo(current_learner(), sitting_id, answer_key=form.key(), now=now())
        )
    except Conflict as error:
        return _moved_on(sitting_id, error)
    return _next(sitting_id, turn, did="undone", card=undone.card_id, seen=undone.seq)


@blueprint.post(f"{_SITTING}/typing")
@learner_required
def typing(sitting_id: int) -> Response:
    """Ask to type the answers, or no longer: in this sitting and those to come."""
    form = TypingForm()
    form.require()
    wanted = form.typing.data
    unit.run(lambda: service.set_typing(current_learner(), sitting_id, typing=wanted, now=now()))
    return redirect(url_for("study.drill", sitting_id=sitting_id), 303)


@blueprint.post(f"{_SITTING}/more")
@learner_required
def more(sitting_id: int) -> Response:
    """Go on with new cards, whatever the day's limit and the backlog."""
    unit.run(lambda: service.study_new_anyway(current_learner(), sitting_id, now=now()))
    return redirect(url_for("study.drill", sitting_id=sitting_id), 303)


@blueprint.post(f"{_SITTING}/finish")
@learner_required
def finish(sitting_id: int) -> Response:
    """End the sitting before its queue is empty."""
    unit.run(lambda: service.finish_sitting(current_learner(), sitting_id, now=now()))
    return redirect(url_for("study.summary", sitting_id=sitting_id), 303)


@blueprint.get(f"{_SITTING}/summary")
@learner_required
def summary(sitting_id: int) -> str:
    """Show what a sitting amounted to, and what comes next."""
    learner, instant = current_learner(), now()
    today = Moment.at(instant, learner.zone, learner.day_start).on
    sitting = sittings.sitting_state(learner.id, sitting_id, today)
    amounted = overview.sitting_summary(learner.id, sitting_id)
    next_due_on = overview.next_due_on(learner.id, today)
    offered = banks.banks(learner.id)
    return render_template(
        "study/summary.html",
        sitting=sitting,
        summary=amounted,
        slipped=banks.card_faces(amounted.slipped[:SLIPPED_SHOWN]),
        outlook=overview.outlook(learner, today),
        tomorrow=today + ONE_DAY,
        next_due_on=next_due_on,
        returning=overview.due_on(learner.id, next_due_on) if next_due_on else 0,
        minutes=minutes,
        learner=learner,
        goes_on=queries.next_turn(learner, sitting_id, instant) is not None,
        more_new=overview.has_new_cards(learner.id, sitting.scope, today),
        slugs=[bank.slug for bank in offered if bank.id in sitting.scope.banks],
        studied=[bank for bank in offered if bank.id in amounted.banks],
    )


def _number(name: str) -> int | None:
    """Return a number that the address names, None where it is none that could be an id."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 <= number <= limits.URL_ID_MAX else None


def _mark(use_case: Callable[..., Turn | None], sitting_id: int, card_id: int, *, did: str) -> Answer:
    """Mark the card on the table by `use_case`, and show the next."""
    form = MarkForm()
    form.require()
    try:
        turn = unit.run(
            lambda: use_case(
                current_learner(),
                sitting_id,
                card_id,
                answer_key=form.key(),
                seen=form.seen.data,
                now=now(),
            )
        )
    except Conflict as error:
        return _moved_on(sitting_id, error)
    return _next(sitting_id, turn, did=did)


def _next(sitting_id: int, turn: Turn | None, *, did: str | None, **asked_for: Any) -> Answer:
    """Answer a POST: with the next card in place, or for a plain form with the way to it."""
    if turn is None:
        if did in {"suspended", "buried", "leech"}:
            flash(_DID[did])
        return redirect(url_for("study.summary", sitting_id=sitting_id), 303)
    if wants_fragment():
        return _card(turn, did=did)
    return redirect(url_for("study.drill", sitting_id=sitting_id, did=did, **asked_for), 303)


def _moved_on(sitting_id: int, error: Conflict) -> Answer:
    """Say what is recorded, above the card that comes next."""
    turn = queries.next_turn(current_learner(), sitting_id, now())
    if turn is None:
        flash(error.message, "caution")
        return redirect(url_for("study.summary", sitting_id=sitting_id), 303)
    return _card(turn, notice=error.message), 409


def _card(
    turn: Turn,
    *,
    turned: bool = False,
    typed_text: str = "",
    thought_ms: int | None = None,
    did: str | None = None,
    notice: str | None = None,
) -> str:
    sitting, face, instant = turn.sitting, turn.face, now()
    typing = sitting.scope.typing and len(face.answers) == 1  # a list is recalled, not typed
    typed = None
    if turned and typing and typed_text:
        typed = compare(
            typed_text, to_inline_plain(face.answers[0]), [to_inline_plain(form) for form in face.accept]
        )
    here = url_for("study.drill", sitting_id=sitting.id)
    here_again = f"{here}?card={face.card_id}&seen={turn.state.last_seq}"
    here_turned = f"{here_again}&turned=1"
    fragment = wants_fragment()
    render = render_piece if fragment else render_template
    return render(
        "study/turn.html" if fragment else "study/drill.html",
        turn=turn,
        face=face,
        turned=turned,
        typed=typed,
        typed_text=typed_text,
        typing=typing,
        thought_ms=thought_ms,
        first_ever=sitting.start_seq == 0 and sitting.answered == 0,
        answer_key=secrets.token_hex(16),
        undo_key=secrets.token_hex(16),
        answer_chars=limits.ANSWER_CHARS,
        here=here,
        here_again=here_again,
        here_turned=f"{here_turned}&{urlencode({'typed': typed_text})}" if typed_text else here_turned,
        offered_on=" ".join(preview.due_on.isoformat() for preview in turn.previews.values()),
        did=did,
        did_words=_DID,
        notice=notice,
        when={rating: _when(preview, instant) for rating, preview in turn.previews.items()},
    )


def _when(preview: Preview, instant: dt.datetime) -> str:
    """Return what a button says of the time until the card returns."""
    if preview.suspended:
        return "suspended"
    return interval(preview.due_at - instant if preview.due_at else preview.interval_days)
