"""The account page, sessions, one-time links, and what stores the changes that Flask-Security's views make.

A view of Flask-Security answers with text when its form was refused, with a redirect when it was accepted;
only then do we write, in one unit of work, and say yes. Passwords are hashed before, outside any transaction.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_security import hash_password, logout_user, verify_password
from limits import RateLimitItemPerMinute
from werkzeug.wrappers import Response

from quizapp import limits
from quizapp.accounts import queries, service
from quizapp.accounts.addresses import normal_address
from quizapp.accounts.agents import describe
from quizapp.accounts.forms import AdministratorLinkForm, DeleteForm, DeleteGuestForm, LinkForm, SettingsForm
from quizapp.accounts.guards import (
    account_key,
    asked_time_zone,
    become,
    begin_attempt,
    count,
    current_learner,
    forget_guests,
    learner_required,
    leave,
    open_session,
    open_to_all,
    pending_guests,
)
from quizapp.accounts.passwords import problem_with
from quizapp.accounts.service import Credentials
from quizapp.accounts.sessions import token_sha256
from quizapp.accounts.time_zones import zone_names
from quizapp.errors import Invalid, NotFound
from quizapp.web import log, unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from quizapp.web.redirects import own_page

View = Callable[..., Any]

blueprint = Blueprint("accounts", __name__)

_SIGN_UPS = RateLimitItemPerMinute(limits.SIGN_UPS_PER_ADDRESS, limits.SIGN_UP_WINDOW_MINUTES)
_MAILS = RateLimitItemPerMinute(limits.MAILS_PER_ACCOUNT, limits.SIGN_UP_WINDOW_MINUTES)


def wrap_security_views(app: Flask) -> None:
    """Put our routes around those of Flask-Security's views that this app offers."""
    wrappers = {
        "login": _login,
        "logout": _logout,
        "register": _register,
        "change_password": _change_password,
        "forgot_password": _forgot_password,
        "reset_password": _reset_password,
    }
    for name, wrap in wrappers.items():
        endpoint = f"security.{name}"
        if endpoint in app.view_functions:
            app.view_functions[endpoint] = _forms_only(wrap(app.view_functions[endpoint]))


def _forms_only(view: View) -> View:
    @functools.wraps(view)
    def forms_only(**kwargs: Any) -> Any:
        if request.is_json:  # Flask-Security would read it, past the counters, which look at the form
            abort(415)
        return view(**kwargs)

    return forms_only


def _login(view: View) -> View:
    @functools.wraps(view)
    def login() -> Any:
        if g.viewer.signed_in:
            return redirect(_next_page(), 303)
        if request.method != "POST":
            return view()
        attempt = begin_attempt(request.form.get("email", ""))
        page = view()
        if isinstance(page, str):
            log.event("login_failed", address=request.remote_addr)
            return page, 422
        user, outdated_hash = g.form.user, "changed_user" in g

        def work() -> str:
            service.forgive_attempt(attempt)
            if outdated_hash:
                service.rehash_password(user.id, user.password)
            return open_session(user_id=user.id)

        return _enter(unit.run(work))

    return login


def _logout(_view: View) -> View:
    def logout() -> Response:
        viewer, learner = g.viewer, current_learner()
        unit.run(lambda: service.end_session(viewer.session_id, learner_id=learner.id))
        leave()
        return redirect(url_for("home.index"), 303)

    return logout


def _register(view: View) -> View:
    @functools.wraps(view)
    def register() -> Any:
        if g.viewer.signed_in:
            return redirect(_next_page(), 303)
        if request.method != "POST":
            return view()
        count(_SIGN_UPS, "sign up", request.remote_addr or "")
        page = view()
        if isinstance(page, str):
            return page, 422
        user, form, guest_id = g.get("changed_user"), g.form, _guest_id()
        if user is None:
            return _address_taken()

        def work() -> str:
            user_id = service.sign_up(
                email=user.email,
                credentials=Credentials(user.password, user.fs_uniquifier),
                role=Role.LEARNER,
                time_zone=asked_time_zone(),
                now=now(),
                guest_id=guest_id,
                code=form.code.data if "code" in form else None,
            )
            return open_session(user_id=user_id)

        try:
            token = unit.run(work)
        except service.AddressTaken:  # by another request, since the form was checked
            return _address_taken()
        except Invalid as error:
            logout_user()
            form.blame(error)
            return render_template("security/register_user.html", register_user_form=form), 422
        become(token)
        flash(
            f"Your account is ready{', and what you did so far is in it' if guest_id is not None else ''}.",
            "success",
        )
        return redirect(_next_page(), 303)

    return register


def _change_password(view: View) -> View:
    @functools.wraps(view)
    def change_password() -> Any:
        if request.method != "POST":
            return view()
        attempt = begin_attempt(g.viewer.email)
        page = view()
        if isinstance(page, str):
            if not g.form.password.errors:
                unit.run(lambda: service.forgive_attempt(attempt))
            return page, 422
        user = g.changed_user

        def work() -> str:
            service.forgive_attempt(attempt)
            service.set_password(user.id, Credentials(user.password, user.fs_uniquifier))
            return open_session(user_id=user.id)

        become(unit.run(work))
        flash("Your password is changed. You are signed out everywhere else.", "success")
        return redirect(url_for("accounts.settings"), 303)

    return change_password


def _forgot_password(view: View) -> View:
    @functools.wraps(view)
    def forgot_password() -> Any:
        if request.method == "POST":
            count(_MAILS, "mail", account_key(request.form.get("email", "")).hex())
        return view()

    return forgot_password


def _reset_password(view: View) -> View:
    @functools.wraps(view)
    def reset_password(token: str) -> Any:
        page = view(token=token)
        if isinstance(page, str):
            return page, 422 if request.method == "POST" else 200
        if (user := g.get("changed_user")) is not None:
            unit.run(lambda: service.set_password(user.id, Credentials(user.password, user.fs_uniquifier)))
        return page

    return reset_password


@blueprint.route("/account", methods=["GET", "POST"])
@learner_required
def settings() -> Any:
    """Show and change what a learner chose, and where they are signed in."""
    learner = current_learner()
    form = SettingsForm(obj=learner)
    if form.validate_on_submit():
        unit.run(
            lambda: service.change_settings(
                learner.id,
                time_zone=form.time_zone.data,
                day_start=form.day_start.data,
                desired_retention=float(form.desired_retention.data),
                new_per_day=form.new_per_day.data,
                minutes_per_day=form.minutes_per_day.data,
                type_answers=form.type_answers.data,
            )
        )
        flash("Saved.", "success")
        return redirect(url_for(".settings"), 303)
    page = render_template(
        "accounts/settings.html",
        form=form,
        learner=learner,
        zones=zone_names(),
        sessions=queries.sessions_of(learner.id),
        describe=describe,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route(f"/account/sessions/<int(max={limits.URL_ID_MAX}):session_id>/end", methods=["POST"])
@learner_required
def end_session(session_id: int) -> Response:
    """Sign one browser out; this one too, if it is the one."""
    learner = current_learner()
    if not unit.run(lambda: service.end_session(session_id, learner_id=learner.id)):
        raise NotFound("There is no such session.")
    if session_id == g.viewer.session_id:
        leave()
        return redirect(url_for("home.index"), 303)
    flash("That browser is signed out.", "success")
    return redirect(url_for(".settings"), 303)


@blueprint.route("/account/sessions/end-others", methods=["POST"])
@learner_required
def end_other_sessions() -> Response:
    """Sign every browser but this one out."""
    viewer, learner = g.viewer, current_learner()
    unit.run(lambda: service.end_other_sessions(learner_id=learner.id, kept_id=viewer.session_id))
    flash("You are signed out everywhere else.", "success")
    return redirect(url_for(".settings"), 303)


@blueprint.route("/account/delete", methods=["GET", "POST"])
@learner_required
def delete() -> Any:
    """Ask a second time, then erase the learner with everything they did."""
    viewer, learner = g.viewer, current_learner()
    form = DeleteForm() if viewer.signed_in else DeleteGuestForm()
    if form.validate_on_submit() and (not viewer.signed_in or _is_own_password(form)):
        unit.run(lambda: service.erase_learner(learner.id, user_id=viewer.user_id))
        forget_guests()
        leave()
        flash("Everything is erased.", "success")
        return redirect(url_for("home.index"), 303)
    return render_template("accounts/delete.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route("/link/<token>", methods=["GET", "POST"])
@open_to_all
def one_time_link(token: str) -> Any:
    """Show what a one-time link is for; a POST uses it and signs in."""
    link = queries.usable_link(token_sha256(token), now=now())
    if link is None:
        raise service.SpentLink
    form = AdministratorLinkForm() if link.user_id is None else LinkForm()
    if form.validate_on_submit():
        try:
            email = link.email or normal_address(form.email.data)
            credentials = _new_credentials(form.password.data, email=email)
        except Invalid as error:
            form.blame(error)
        else:

            def work() -> str:
                user_id = service.use_link(
                    token, email=email, credentials=credentials, time_zone=asked_time_zone(), now=now()
                )
                service.forgive_account(account_key(email))
                return open_session(user_id=user_id)

            return _enter(unit.run(work))
    page = render_template("accounts/one_time_link.html", form=form, link=link)
    return page, 422 if form.is_submitted() else 200


def _enter(token: str) -> Response:
    """Become the holder of a committed session; who was a guest here is asked first whether to bring that along."""
    become(token, guest=_guest_id())
    onward = _next_page()
    return redirect(f"/join?next={quote(onward)}" if pending_guests() else onward, 303)


def _guest_id() -> int | None:
    return g.viewer.learner.id if g.viewer.role is Role.GUEST else None


def _next_page() -> str:
    return own_page(request.form.get("next") or request.args.get("next"))


def _address_taken() -> Response:
    flash("No new account was made. If this address is yours, sign in with it.", "info")
    return redirect(url_for("security.login"), 303)


def _normal(password: str) -> str:
    return current_app.extensions["security"].password_util.normalize(password)


def _new_credentials(password: str, *, email: str) -> Credentials:
    """Check and hash a new password, with no transaction open. Raises Invalid."""
    password = _normal(password)
    if problem := problem_with(password, email=email):
        raise Invalid(problem, {"password": problem})
    unit.end_read()
    return Credentials(hash_password(password), uuid.uuid4().hex)


def _is_own_password(form: DeleteForm) -> bool:
    attempt = begin_attempt(g.viewer.email)
    user = queries.user_by_id(g.viewer.user_id)
    kept = user.password if user else None
    unit.end_read()
    if kept is None or not verify_password(_normal(form.password.data), kept):
        form.blame(Invalid("", {"password": "This is not your password."}))
        return False
    unit.run(lambda: service.forgive_attempt(attempt))
    return True
