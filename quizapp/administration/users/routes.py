"""Pages about people: find a user, say what they may do, help them in, keep them out."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import limits
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import administrator_required
from quizapp.accounts.oversight import queries, service
from quizapp.administration.users.forms import ROLES, RoleForm, SearchForm
from quizapp.errors import Conflict
from quizapp.web import log, unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from quizapp.web.pagination import page_number, page_of

_USER = f"/admin/users/<int(max={limits.URL_ID_MAX}):user_id>"


def register(blueprint: Blueprint) -> None:
    """Add these routes to `blueprint`."""
    blueprint.add_url_rule("/admin/users", view_func=users)
    blueprint.add_url_rule(_USER, view_func=user)
    for deed in (change_role, disable, enable, reset_link, end_sessions):
        name = deed.__name__.replace("_", "-")
        blueprint.add_url_rule(f"{_USER}/{name}", view_func=deed, methods=["POST"])


@administrator_required
def users() -> str:
    """List users, or those found."""
    form = SearchForm(request.args)
    form.validate()
    text = (form.q.data or "").strip()[: limits.SEARCH_CHARS]
    page = page_of(queries.users(text, ROLES.get(form.role.data)), page_number())
    searched = bool(text or form.role.data)
    return render_template("administration/users.html", form=form, page=page, searched=searched, Role=Role)


@administrator_required
def user(user_id: int) -> str:
    """Show one user, and what can be done."""
    return _page(user_id)


@administrator_required
def change_role(user_id: int) -> Response:
    """Give a user another role, which signs them out."""
    form = RoleForm()
    form.require()
    role = ROLES[form.role.data]
    return _done(
        user_id,
        lambda: accounts.change_role(user_id, role),
        event="role_changed",
        told=f"{form.role.data} now, and signed out.",
    )


@administrator_required
def disable(user_id: int) -> Response:
    """Keep a user out."""
    return _done(
        user_id, lambda: service.disable(user_id), event="user_disabled", told="disabled, and signed out."
    )


@administrator_required
def enable(user_id: int) -> Response:
    """Let a user in again."""
    return _done(user_id, lambda: service.enable(user_id), event="user_enabled", told="may sign in again.")


@administrator_required
def end_sessions(user_id: int) -> Response:
    """Sign a user out everywhere."""
    return _done(
        user_id, lambda: service.end_sessions(user_id), event="sessions_ended", told="signed out everywhere."
    )


@administrator_required
def reset_link(user_id: int) -> str:
    """Make a link by which a user chooses a password, and show it this once: only its hash is kept."""
    found = queries.user(user_id)
    if not found.active:
        raise Conflict("This user is disabled. Enable them first.")
    token = unit.run(lambda: accounts.issue_password_link(user_id, now=now()))
    log.event("reset_link_made", user=user_id, by=g.viewer.user_id)
    return _page(user_id, link=url_for("accounts.one_time_link", token=token, _external=True))


def _page(user_id: int, link: str | None = None) -> str:
    found = queries.user(user_id)
    role = Role(found.role)
    return render_template(
        "administration/user.html",
        user=found,
        role=role,
        form=RoleForm(role=role.name.lower()),
        link=link,
        link_hours=limits.LINK_HOURS,
    )


def _done(user_id: int, deed: Callable[[], None], *, event: str, told: str) -> Response:
    found = queries.user(user_id)
    unit.run(deed)
    log.event(event, user=user_id, by=g.viewer.user_id)
    flash(f"{found.email}: {told}", "success")
    return redirect(url_for(".user", user_id=user_id), 303)
