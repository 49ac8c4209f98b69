"""Routes of a learner's own problem reports. They belong to the blueprint of home."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from quizapp.accounts.guards import current_learner, learner_required
from quizapp.banks.reports import queries, service
from quizapp.quizzes import showing
from quizapp.web import unit
from quizapp.web.clock import now
from quizapp.web.pagination import page_number


def register(blueprint: Blueprint) -> None:
    """Add these routes to `blueprint`."""
    blueprint.add_url_rule("/reports", view_func=reports, methods=["GET"])
    blueprint.add_url_rule("/reports/seen", view_func=see_answers, methods=["POST"])


@learner_required
def reports() -> str:
    """Show what the viewer reported, and the answers."""
    page = queries.own_reports(current_learner().id, page=page_number())
    return render_template(
        "home/reports.html",
        page=page,
        items={
            own.report.id: showing.reported(own.report.shown)
            for own in page.items
            if own.report.kind == "item"
        },
    )


@learner_required
def see_answers() -> Response:
    """Take note that the viewer opens the answers to their reports, and show them."""
    learner, instant = current_learner(), now()
    unit.run(lambda: service.mark_seen(learner.id, now=instant))
    return redirect(url_for("home.reports"), 303)
