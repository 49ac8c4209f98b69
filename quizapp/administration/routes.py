"""Routes of administration: health and users in rooms of their own; codes, banks, jobs and storage here."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import limits
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import administrator_required
from quizapp.accounts.oversight import queries as oversight
from quizapp.accounts.oversight import service as oversight_service
from quizapp.administration import queries
from quizapp.administration.forms import CodeForm
from quizapp.administration.health import machine
from quizapp.administration.health import queries as health
from quizapp.administration.health import routes as health_routes
from quizapp.administration.metrics import routes as metrics_routes
from quizapp.administration.users import routes as users_routes
from quizapp.banks.visibility import Visibility
from quizapp.jobs.states import State
from quizapp.web import log, unit
from quizapp.web.clock import now
from quizapp.web.pagination import page_number, page_of

blueprint = Blueprint("administration", __name__)
health_routes.register(blueprint)
metrics_routes.register(blueprint)
users_routes.register(blueprint)


@blueprint.route("/admin/codes", methods=["GET", "POST"])
@administrator_required
def codes() -> Any:
    """List the registration codes and make one; where registration asks for none, say so."""
    registration = current_app.extensions["settings"].registration
    form = CodeForm()
    if registration == "code" and form.validate_on_submit():
        word, instant, days = form.code.data or secrets.token_hex(4), now(), form.days.data
        end = instant + dt.timedelta(days=days) if days else None
        unit.run(lambda: accounts.add_code(word, uses=form.uses.data, expires_at=end))
        log.event("code_made", by=g.viewer.user_id)
        flash(f"The code is {word}.", "success")
        return redirect(url_for(".codes"), 303)
    page = render_template(
        "administration/codes.html",
        form=form,
        registration=registration,
        codes=oversight.codes(now=now()) if registration == "code" else (),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/admin/codes/revoke")
@administrator_required
def revoke_code() -> Response:
    """Let nobody sign up with a code any more."""
    code = request.form.get("code", "")
    unit.run(lambda: oversight_service.revoke_code(code))
    log.event("code_revoked", by=g.viewer.user_id)
    flash("Nobody can sign up with that code any more.", "success")
    return redirect(url_for(".codes"), 303)


@blueprint.get("/admin/banks")
@administrator_required
def banks() -> str:
    """List all banks, archived ones too."""
    page = page_of(queries.banks(), page_number())
    return render_template("administration/banks.html", page=page, Visibility=Visibility)


@blueprint.get("/admin/jobs")
@administrator_required
def jobs() -> str:
    """List everybody's jobs; each is cancelled or tried again here or on its own page."""
    asked = request.args.get("state", "")
    chosen = State(asked) if asked in set(State) else None
    page = page_of(queries.jobs(chosen), page_number())
    return render_template("administration/jobs.html", page=page, State=State, chosen=chosen)


@blueprint.get("/admin/storage")
@administrator_required
def storage() -> str:
    """Show what takes how much room, and which author keeps how much."""
    return render_template(
        "administration/storage.html",
        database=health.database(),
        disk=machine.disk(current_app.extensions["settings"].data),
        versions=queries.versions_kept(),
        pictures=queries.pictures_kept(),
        authors=queries.authors(),
        most=limits.MEDIA_PER_AUTHOR_BYTES,
    )
