"""Who may call which route. Deny by default: a route without a declared access stops the program at start."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

F = TypeVar("F", bound=Callable[..., Any])


class Role(enum.IntEnum):
    """What a person is, in rising order of rights; each may do what those below may."""

    VISITOR = 0
    GUEST = 1
    LEARNER = 2
    INSTRUCTOR = 3
    ADMINISTRATOR = 4


def allow(role: Role) -> Callable[[F], F]:
    """Declare that a view may be called by `role` and every role above it."""

    def mark(view: F) -> F:
        view.access = role  # type: ignore[attr-defined]
        return view

    return mark


def declare(app: Flask, access: dict[str, Role]) -> None:
    """Declare the access of endpoints that extensions registered: endpoint → role."""
    app.extensions.setdefault("access", {}).update(access)


def access_of(app: Flask, endpoint: str) -> Role | None:
    """Return the lowest role that may call `endpoint`, or None where nothing is declared."""
    declared = app.extensions.get("access", {})
    if endpoint in declared:
        return declared[endpoint]
    return getattr(app.view_functions.get(endpoint), "access", None)


def init_app(app: Flask) -> None:
    """Enforce the declared access before each request."""
    app.before_request(_enforce)


def refuse_undeclared(app: Flask) -> None:
    """Raise RuntimeError if any rule of the URL map has no declared access. Called at the end of create_app."""
    missing = sorted(
        {rule.endpoint for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint) is None}
    )
    if missing:
        raise RuntimeError(f"routes without a declared access: {', '.join(missing)}")


def _enforce() -> Response | None:
    if request.endpoint is None:  # no such page: the 404 handler answers
        return None
    needed = access_of(current_app, request.endpoint)
    assert needed is not None  # held by refuse_undeclared
    if needed == Role.VISITOR or g.viewer.role >= needed:
        return None
    if g.viewer.role < Role.LEARNER:  # signing in may help; a guest keeps what is theirs
        where = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(url_for("security.login", next=where))
    raise Forbidden
