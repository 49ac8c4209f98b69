"""The start page, the page of a bank, help, and the offer to add what somebody did as a guest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from quizapp import limits
from quizapp.accounts.guards import (
    current_learner,
    forget_guests,
    login_required,
    open_to_all,
    pending_guests,
)
from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks import queries as banks
from quizapp.banks.reports import queries as problem_reports
from quizapp.home import queries, service
from quizapp.home.deployment import routes as deployment
from quizapp.home.export import routes as export
from quizapp.home.export.fields import ACCOUNT, SECTIONS, TABLES
from quizapp.home.guide import routes as guide
from quizapp.home.reports import routes as reports
from quizapp.home.roles import routes as roles
from quizapp.memory import scheduler, workload
from quizapp.progress import queries as progress
from quizapp.progress.measures.states import State
from quizapp.quizzes import queries as quizzes
from quizapp.quizzes.forms import new_code
from quizapp.quizzes.modes import MODES
from quizapp.study.overview import queries as overview
from quizapp.study_day import Moment
from quizapp.web import unit
from quizapp.web.clock import now
from quizapp.web.redirects import own_page
from quizapp.web.words import count

NEWCOMER = LearnerSettings(id=0, time_zone="UTC")  # what a learner begins with

blueprint = Blueprint("home", __name__)
export.add_to(blueprint)
deployment.register(blueprint)
guide.add_to(blueprint)
reports.register(blueprint)
roles.register(blueprint)


@blueprint.app_context_processor
def answers() -> dict[str, Callable[..., Any]]:
    """Let pages of packages below ask what they cannot import: the frame what is due and whether reports were answered,
    the account page what a wanted recall costs and what was done as a guest, the end of a drill what is known now.
    A page that does not ask pays nothing."""
    return {
        "due_now": due_now,
        "answers_unseen": answers_unseen,
        "minutes_a_day": minutes_a_day,
        "guest_work": guest_work,
        "recalled_cards": recalled_cards,
        "days_in_a_row": days_in_a_row,
    }


def guest_work() -> str:
    """Return what was done in this browser as a guest and is not settled: "14 answers and 1 quiz"; else nothing."""
    guest_ids = pending_guests() if g.viewer.signed_in else []
    work = queries.guest_work(guest_ids) if guest_ids else None
    return _told(work) if work else ""


def minutes_a_day(desired_retention: str) -> int:
    """Return the minutes a day that a wanted recall will cost the viewer, at their pace and with their new cards."""
    learner = current_learner()
    if "seconds_per_card" not in g:
        g.seconds_per_card = overview.outlook(learner, _moment(learner).on).seconds
    return round(
        workload.minutes_a_day(
            desired_retention=float(desired_retention),
            new_per_day=learner.new_per_day,
            seconds_per_answer=g.seconds_per_card,
        )
    )


def recalled_cards() -> dict[int, float]:
    """Return about how many cards of each bank begun the viewer would recall today, by bank id."""
    learner, recalled = current_learner(), defaultdict[int, float](float)
    for group in progress.card_groups(learner.id, _moment(learner).on):
        recalled[group.bank_id] += (group.recall or 0) * group.cards
    return recalled


def days_in_a_row() -> int:
    """Return on how many study days in a row the viewer has studied."""
    learner = current_learner()
    return progress.streak(learner.id, _moment(learner).on).current


def due_now() -> int:
    """Return how many cards are due for the viewer, up to `overview.COUNT_CAP`; counted once per request."""
    if "due_now" not in g:
        learner = g.viewer.learner
        g.due_now = overview.due_count(learner.id, _moment(learner).on) if learner else 0
    return int(g.due_now)


def answers_unseen() -> int:
    """Return how many answers to their reports the viewer has not seen; counted once per request."""
    if "answers_unseen" not in g:
        learner_id = g.viewer.learner_id
        g.answers_unseen = 0 if learner_id is None else problem_reports.unseen_answers(learner_id)
    return int(g.answers_unseen)


@blueprint.get("/")
@open_to_all
def index() -> str:
    """Show a visitor what this is, and a learner what is due."""
    published, learner = banks.banks(g.viewer.learner_id), g.viewer.learner
    if learner is None:
        sample = queries.sample_card(published[0]) if published else None
        guests = current_app.extensions["settings"].guests
        return render_template(
            "home/welcome.html", banks=published, sample=sample, guests=guests, new_code=new_code
        )
    today = _moment(learner).on
    cards = progress.card_groups(learner.id, today)
    standings = progress.standings(cards)
    outlook = overview.outlook(learner, today, standings)
    g.due_now = outlook.due
    return render_template(
        "home/index.html",
        banks=sorted(published, key=lambda bank: bank.id not in standings),  # those begun first
        outlook=outlook,
        next_due_on=None if outlook.due else overview.next_due_on(learner.id, today),
        standings=standings,
        new=overview.new_count(published, standings),
        recall=progress.recall_by_bank(cards),
        open_attempts=quizzes.open_attempts(learner.id),
        last=queries.last_result(learner.id),
        streak=days_in_a_row(),
        new_code=new_code,
    )


@blueprint.get(f"/banks/<string(maxlength={limits.ID_CHARS}):slug>")
@open_to_all
def bank(slug: str) -> str:
    """Show what a bank teaches, where it comes from, and how the viewer stands in it."""
    found, learner = banks.bank(g.viewer.learner_id, slug), g.viewer.learner
    mine, outlook, recalled, states = None, None, 0.0, Counter[State]()
    if learner is not None:
        today = _moment(learner).on
        cards = progress.card_groups(learner.id, today)
        standings = progress.standings(cards)
        mine, outlook = standings.get(found.id), overview.outlook(learner, today, standings)
        g.due_now = outlook.due
        for group in cards:
            if group.bank_id == found.id:
                states[group.state] += group.cards
                recalled += (group.recall or 0) * group.cards
    return render_template(
        "home/bank.html",
        bank=found,
        versions=banks.bank_versions(found.id),
        mine=mine,
        outlook=outlook,
        recalled=min(recalled, found.cards),
        states=states,
        State=State,
        new_code=new_code,
    )


@blueprint.get("/help")
@open_to_all
def help() -> str:
    """Explain studying, scores and privacy."""
    return render_template(
        "home/help.html",
        learner=g.viewer.learner or NEWCOMER,
        scheduler=scheduler,
        limits=limits,
        modes=MODES.values(),
        account_fields=ACCOUNT,
        sections=SECTIONS,
        tables=TABLES,
    )


@blueprint.route("/join", methods=["GET", "POST"])
@login_required
def join() -> Any:
    """Offer to add what the viewer did as a guest to the account they signed in to, and do it if they agree."""
    guest_ids, onward = pending_guests(), own_page(request.values.get("next"))
    if request.method == "POST":
        if guest_ids and request.form.get("choice") == "add":
            learner = current_learner()
            added = unit.run(lambda: service.add_guest_work(learner, guest_ids))
            flash(f"Added {_told(added)}.", "success")
        return _settled(onward)
    work = guest_work()
    if not work:
        return _settled(onward)
    return render_template("home/join.html", work=work, next=onward, guest_days=limits.GUEST_DAYS)


def _settled(onward: str) -> Response:
    forget_guests()
    return redirect(onward, 303)


def _told(work: queries.GuestWork) -> str:
    parts = [count(work.answers, "answer")] if work.answers else []
    parts += [count(work.attempts, "quiz", "quizzes")] if work.attempts else []
    parts += [count(work.reports, "report")] if work.reports else []
    *parts, last = parts or ["nothing new"]
    return f"{', '.join(parts)} and {last}" if parts else last


def _moment(learner: LearnerSettings) -> Moment:
    return Moment.at(now(), learner.zone, learner.day_start)
