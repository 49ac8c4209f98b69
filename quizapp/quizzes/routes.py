"""Routes of quizzes: set one up, answer it, hand it in, read the result, take it again."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp.accounts.guards import current_learner, learner_required, learner_welcome, open_to_all
from quizapp.banks import queries as banks
from quizapp.banks import service as banks_service
from quizapp.errors import Conflict, Invalid
from quizapp.limits import ITEM_MS_MAX, QUIZ_ITEMS_MAX
from quizapp.memory import queries as memory
from quizapp.quizzes import queries, service, showing, wording
from quizapp.quizzes.forms import CODE_CHARS, AnswerForm, ReportForm, RetakeForm, StartForm, new_code, number
from quizapp.quizzes.knowing import back_on, known
from quizapp.quizzes.missed import queries as cards
from quizapp.quizzes.missed.confused import confused_card, mistakes, unnamed
from quizapp.quizzes.modes import MODES
from quizapp.quizzes.pool import queries as pool
from quizapp.quizzes.pool import service as pool_service
from quizapp.quizzes.queries import Asked, AskedItem, Place
from quizapp.quizzes.scoring import Score, scores_by
from quizapp.quizzes.service import Responded
from quizapp.study_day import study_day
from quizapp.web import unit
from quizapp.web.clock import now
from quizapp.web.fragments import wants_fragment

blueprint = Blueprint("quizzes", __name__)

_ATTEMPT = f"/quizzes/<string(length={CODE_CHARS}):code>"
_POSITION = f"{_ATTEMPT}/<int(min=1, max={QUIZ_ITEMS_MAX}):position>"
_Page = str | Response | tuple[str, int] | dict[str, int]
_STAY = "stay"  # said by a script that keeps a choice while the question stays in view
_AWAY = {"submit": "quizzes.submit", "leave": "quizzes.index"}


@blueprint.route("/quizzes")
@open_to_all
def index() -> _Page:
    """Offer open attempts, quizzes in one click, and one of one's own."""
    return _set_up(StartForm(request.args))


@blueprint.route("/quizzes/count", methods=["GET", "POST"])
@open_to_all
def count() -> _Page:
    """Say how many questions match; a script asks for the words alone."""
    form = StartForm(request.values)
    published = banks.banks(g.viewer.learner_id)
    wish = form.wish()
    chosen = [bank for bank in published if not wish.banks or bank.slug in wish.banks]
    found = pool.matching(wish, chosen)
    if wants_fragment():
        return render_template("quizzes/_count.html", found=found, cap=pool.COUNT_CAP, asked=wish.count)
    return _set_up(form, found=found)


@blueprint.route("/quizzes/start", methods=["POST"])
@learner_welcome
def start() -> _Page:
    """Start an attempt and open its first question."""
    form = StartForm()
    if not form.validate():
        return _set_up(form), 422
    learner, instant, seed = current_learner(), now(), secrets.randbits(63)
    wish, mode, issued = form.wish(), form.mode.data, form.issued_code()
    try:
        code = unit.run(
            lambda: pool_service.start_attempt(learner, wish, mode, code=issued, seed=seed, now=instant)
        )
    except Invalid as error:
        form.blame(error)
        return _set_up(form), 422
    return redirect(url_for("quizzes.attempt", code=code), 303)


@blueprint.route(_ATTEMPT)
@learner_required
def attempt(code: str) -> Response:
    """Go on where the attempt was left: the first open question, the hand-in page, or the result."""
    learner = current_learner()
    found = queries.attempt_for(learner.id, code)
    if found.finished_at is not None:
        return redirect(url_for("quizzes.result", code=code))
    position = _next_open(queries.places(learner.id, found.id), after=0)
    if position is None:
        return redirect(url_for("quizzes.submit", code=code))
    return redirect(url_for("quizzes.item", code=code, position=position))


@blueprint.route(_POSITION)
@learner_required
def item(code: str, position: int) -> _Page:
    """Show one question; with its explanation once that may be seen."""
    seen = number(request.args.get("seen"))
    return _item(code, position, chosen=request.args.getlist("choice"), seen=seen)


@blueprint.route(f"{_POSITION}/respond", methods=["POST"])
@learner_required
def respond(code: str, position: int) -> _Page:
    """Record an answer, and show what comes of it: the explanation, or the next question."""
    form, learner, instant = AnswerForm(), current_learner(), now()
    form.require()
    target = form.target()

    def work() -> Responded:
        if target not in (None, position):
            queries.asked(learner.id, code, target)  # nothing is stored on the way to nowhere
        return service.respond(
            learner,
            code,
            position,
            form.choice.data or [],
            answer_key=form.key(),
            seen=form.seen_seq(),
            deliberate=form.go.data == _STAY,
            thinking_ms=form.claimed_ms(),
            now=instant,
        )

    try:
        responded = unit.run(work)
    except Conflict as error:
        return _item(code, position, notice=error.message), 409
    except Invalid as error:
        return _item(code, position, notice=error.message), 422
    if form.go.data == _STAY:
        return {"seen": responded.seq}
    if form.go.data in _AWAY:
        return redirect(url_for(_AWAY[form.go.data], code=code if form.go.data == "submit" else None), 303)
    return _onward(code, position, target or position)


@blueprint.route(f"{_POSITION}/flag", methods=["POST"])
@learner_required
def flag(code: str, position: int) -> _Page:
    """Flag a question for review, or take the flag away; what was chosen meanwhile stays chosen."""
    form, learner, instant = AnswerForm(), current_learner(), now()
    flagged, chosen, claimed = form.flagged.data == "yes", form.choice.data or [], form.claimed_ms()
    try:
        unit.run(
            lambda: service.flag(learner, code, position, flagged=flagged, thinking_ms=claimed, now=instant)
        )
    except Conflict as error:
        return _item(code, position, notice=error.message), 409
    seen = form.seen_seq()
    if wants_fragment():
        return _item(code, position, chosen=chosen, seen=seen)
    return redirect(url_for("quizzes.item", code=code, position=position, choice=chosen, seen=seen), 303)


@blueprint.route(f"{_POSITION}/time", methods=["POST"])
@learner_required
def spend(code: str, position: int) -> tuple[str, int]:
    """Count the time of a visit that ends without a move: a link, another tab, the end of the day."""
    learner, claimed, instant = current_learner(), AnswerForm().claimed_ms(), now()
    unit.run(lambda: service.spend(learner, code, position, thinking_ms=claimed or 0, now=instant))
    return "", 204


@blueprint.route(f"{_POSITION}/report", methods=["POST"])
@learner_required
def report(code: str, position: int) -> _Page:
    """Keep a learner's word that something is wrong with a question whose explanation they have seen."""
    form, learner, instant = ReportForm(), current_learner(), now()
    asked = queries.asked(learner.id, code, position)
    if not asked.told:
        return _item(code, position, notice="Answer the question first; then say what is wrong with it."), 409
    if not form.validate():
        return _item(code, position, report_form=form), 422
    message, about = form.message.data or "", asked.snapshot["about"]
    unit.run(
        lambda: banks_service.report_problem(
            learner_id=learner.id,
            note_id=about["note_id"],
            revision=asked.revision,
            key=asked.snapshot["key"],
            kind="item",
            message=message,
            shown=asked.snapshot | {"answer": asked.answer},
            now=instant,
        )
    )
    if wants_fragment():
        return _item(code, position, thanks=True)
    flash("Thank you. The author of the bank will see your report.")
    return redirect(url_for("quizzes.item", code=code, position=position), 303)


@blueprint.route(f"{_ATTEMPT}/submit", methods=["GET", "POST"])
@learner_required
def submit(code: str) -> _Page:
    """Say what is unanswered or flagged; hand the attempt in."""
    learner, instant = current_learner(), now()
    if request.method == "POST":
        unit.run(lambda: service.finish_attempt(learner, code, now=instant))
        return redirect(url_for("quizzes.result", code=code), 303)
    found = queries.attempt_for(learner.id, code)
    if found.finished_at is not None:
        return redirect(url_for("quizzes.result", code=code))
    places = queries.places(learner.id, found.id)
    return render_template(
        "quizzes/submit.html",
        attempt=found,
        mode=MODES[found.mode],
        positions=places,
        unanswered=[place for place in places if not place.answered],
        flagged=[place for place in places if place.flagged],
    )


@blueprint.route(f"{_ATTEMPT}/result")
@learner_required
def result(code: str) -> _Page:
    """Show the score and what it means, and every item exactly as it was asked."""
    learner = current_learner()
    found = queries.attempt_for(learner.id, code)
    if found.finished_at is None:
        return redirect(url_for("quizzes.attempt", code=code))
    items = queries.items(learner.id, found.id)
    missed = [item for item in items if item.missed]
    slipped = cards.drilled(learner.id, [item.card_id for item in missed])
    shown = missed if request.args.get("show") == "missed" else items
    score = Score(found.points or 0.0, found.item_count)
    today = study_day(now(), learner.zone, learner.day_start)
    states = memory.memories(learner.id, {item.card_id for item in items})
    return render_template(
        "quizzes/result.html",
        attempt=found,
        mode=MODES[found.mode],
        score=score,
        meaning=wording.meaning(
            score.share or 0.0, items=score.items, unanswered=score.items - (found.answered or 0)
        ),
        by_bank=scores_by(items, lambda one: [one.snapshot["about"]["bank_title"]], lambda one: one.fraction),
        by_tag=scores_by(items, lambda one: one.snapshot["about"]["tags"], lambda one: one.fraction),
        shown=[
            (one, showing.question(one.snapshot), showing.told(one.snapshot, one.answer, one.fraction))
            for one in shown
        ],
        only_missed=shown is missed,
        missed=len(missed),
        drill=[*dict.fromkeys([*slipped, *_confused(learner.id, missed)])],
        undrilled=len(missed) - sum(item.card_id in slipped for item in missed),
        known={card_id: known(state.memory, today) for card_id, state in states.items()},
        back={card_id: back_on(states[card_id].memory, today) for card_id in slipped if card_id in states},
        codes=(new_code(), new_code()),
        notices=queries.notices(learner.id, found.id),
        first=queries.code_of(learner.id, found.retake_of) if found.retake_of else None,
    )


@blueprint.route(f"{_ATTEMPT}/retake", methods=["POST"])
@learner_required
def retake(code: str) -> _Page:
    """Start an attempt at the same items, or at those missed."""
    form, learner, instant, seed = RetakeForm(), current_learner(), now(), secrets.randbits(63)
    form.require()
    only_missed, issued = form.what.data == "missed", form.code.data or new_code()
    started = unit.run(
        lambda: pool_service.retake(
            learner, code, only_missed=only_missed, new_code=issued, seed=seed, now=instant
        )
    )
    return redirect(url_for("quizzes.attempt", code=started), 303)


def _set_up(form: StartForm, *, found: int | None = None) -> str:
    learner, published = g.viewer.learner, banks.banks(g.viewer.learner_id)
    if found is None:
        wish = form.wish()
        found = pool.matching(wish, [one for one in published if not wish.banks or one.slug in wish.banks])
    return render_template(
        "quizzes/index.html",
        form=form,
        banks=[bank for bank in published if bank.items],
        tags=sorted({tag for bank in published for tag, _, items in bank.tags if items}),
        modes=MODES.values(),
        open=queries.open_attempts(learner.id) if learner else [],
        found=found,
        cap=pool.COUNT_CAP,
        asked=form.count.data,
        new_code=new_code,
    )


def _item(
    code: str,
    position: int,
    *,
    chosen: list[str] | None = None,
    seen: int | None = None,
    notice: str = "",
    thanks: bool = False,
    report_form: ReportForm | None = None,
) -> str:
    """Return the page, or for a script the piece of it, of one position as it stands now.

    What was `chosen` and not stored stays chosen, unless the position was answered since it was `seen`.
    """
    learner = current_learner()
    asked = queries.asked(learner.id, code, position)
    places = queries.places(learner.id, asked.attempt_id)
    template = "quizzes/_item.html" if wants_fragment() else "quizzes/item.html"
    return render_template(
        template,
        **_shown(asked, places, chosen if seen == asked.seq else None),
        notice=notice,
        thanks=thanks,
        report=report_form or ReportForm(formdata=None),
    )


def _shown(asked: Asked, places: list[Place], chosen: list[str] | None) -> dict[str, Any]:
    """Return all that the template of an item gets: of the key nothing, unless it may be seen."""
    return {
        "code": asked.code,
        "mode": asked.mode,
        "title": asked.title,
        "position": asked.position,
        "last": asked.item_count,
        "finished": asked.finished_at is not None,
        "positions": places,
        "place": places[asked.position - 1],
        "answered": sum(place.answered for place in places),
        "spent_ms": (spent := sum(place.spent_ms for place in places)),
        "spent_clock": wording.clock(spent),
        "visit_ms_max": ITEM_MS_MAX,
        "next_open": _next_open(places, after=asked.position),
        "question": showing.question(asked.snapshot),
        "chosen": chosen or asked.answer or [],
        "told": showing.told(asked.snapshot, asked.answer, asked.fraction) if asked.told else None,
        "answer_key": secrets.token_hex(16),
        "seen": asked.seq,
    }


def _confused(learner_id: int, missed: list[AskedItem]) -> list[int]:
    """Return the cards whose answers were chosen where they are wrong."""
    found = [mistake for item in missed for mistake in mistakes(item.snapshot, item.answer)]
    of_note = cards.drilled_cards(learner_id, {(mistake.bank_id, mistake.note_key) for mistake in found})
    confused = [confused_card(mistake, of_note[mistake.bank_id, mistake.note_key]) for mistake in found]
    said = {pair for item in missed for pair in unnamed(item.snapshot, item.answer)}
    return [card_id for card_id in confused if card_id is not None] + cards.facts_answered(learner_id, said)


def _next_open(places: list[Place], *, after: int) -> int | None:
    """Return the next position without an answer, going round past the end; None if all have one."""
    turned = places[after:] + places[:after]
    return next((place.position for place in turned if not place.answered), None)


def _onward(code: str, position: int, target: int) -> _Page:
    """Answer with the question that comes next, or with this one and what came of it."""
    if wants_fragment():
        return _item(code, target)
    anchor = "verdict" if target == position else None
    return redirect(url_for("quizzes.item", code=code, position=target, _anchor=anchor), 303)
