"""The page that says who may do what, made from the addresses themselves. It belongs to the blueprint of home."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from quizapp.accounts.guards import open_to_all
from quizapp.home.roles.table import Route, routes_by_role
from quizapp.web.access import access_of

_WORDS = {  # of views that are not ours
    "static": "Style sheets, scripts and icons.",
    "security.login": "Sign in.",
    "security.logout": "Sign out.",
    "security.register": "Create an account.",
    "security.change_password": "Change one's password.",
    "security.forgot_password": "Ask for a link that sets a new password.",
    "security.reset_password": "Set a new password by such a link.",
}


def register(blueprint: Blueprint) -> None:
    """Add this route to `blueprint`."""
    blueprint.add_url_rule("/help/roles", view_func=roles, methods=["GET"])


@open_to_all
def roles() -> str:
    """Say which role may call which address."""
    found = []
    for rule in current_app.url_map.iter_rules():
        role = access_of(current_app, rule.endpoint)
        assert role is not None  # held by access.refuse_undeclared
        view = current_app.view_functions[rule.endpoint]
        told = _WORDS.get(rule.endpoint) or (view.__doc__ or rule.endpoint).partition("\n\n")[0]
        found.append(Route(rule.rule, frozenset(rule.methods or ()), role, " ".join(told.split())))
    return render_template("home/roles.html", groups=routes_by_role(found))
