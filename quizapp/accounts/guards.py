"""Who is looking, and what they may do: `g.viewer`, the decorators of routes, and the cookie behind both.

`g.viewer` is set before each request from one statement. Flask-Login's `current_user` exists on the pages of
Flask-Security alone; everywhere else ask `g.viewer`, or `current_learner()` in a route that has one.
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, redirect, request, session, url_for
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.strategies import RateLimiter
from werkzeug.exceptions import TooManyRequests

from quizapp import limits
from quizapp.accounts import queries, service
from quizapp.accounts.addresses import normal_address
from quizapp.accounts.sessions import is_alive, is_worth_noting, new_token, token_sha256
from quizapp.accounts.time_zones import zone_or
from quizapp.accounts.viewer import VISITOR, LearnerSettings, Viewer
from quizapp.config import Settings
from quizapp.errors import Invalid
from quizapp.web import unit
from quizapp.web.access import Role, allow
from quizapp.web.clock import now

F = TypeVar("F", bound=Callable[..., Any])

_TOKEN, _GUESTS = "token", "guests"
_NEW_GUESTS = RateLimitItemPerMinute(limits.GUESTS_PER_ADDRESS, limits.GUEST_WINDOW_MINUTES)
_GUESTS_KEPT = 5  # a cookie is small

open_to_all = allow(Role.VISITOR)
learner_required = allow(Role.GUEST)
login_required = allow(Role.LEARNER)
instructor_required = allow(Role.INSTRUCTOR)
administrator_required = allow(Role.ADMINISTRATOR)


def learner_welcome(view: F) -> F:
    """Let learners in, and make a guest of a visitor who sends something; without guests, ask to sign in."""

    @functools.wraps(view)
    def welcomed(*args: Any, **kwargs: Any) -> Any:
        if g.viewer.learner is None:
            if request.method != "POST" or not _settings().guests:
                where = request.full_path.rstrip("?") if request.method == "GET" else "/"
                return redirect(url_for("security.login", next=where))
            _begin_guest()
        return view(*args, **kwargs)

    return allow(Role.VISITOR)(welcomed)  # type: ignore[return-value]


def current_learner() -> LearnerSettings:
    """Return the learner of this request; only in routes that let no visitor in."""
    learner: LearnerSettings | None = g.viewer.learner
    assert learner is not None
    return learner


def asked_time_zone() -> str:
    """Return the zone that the browser named in the hidden field `time_zone`, else the site's."""
    return zone_or(request.form.get("time_zone", ""), _settings().time_zone)


def load_viewer() -> None:
    """Set `g.viewer`. A session that has run out is as good as none."""
    g.viewer = VISITOR
    token = session.get(_TOKEN)
    if not isinstance(token, str) or (state := queries.session_state(token_sha256(token))) is None:
        return
    instant, role = now(), state.viewer.role
    if not is_alive(role, created_at=state.created_at, seen_at=state.seen_at, now=instant):
        return
    g.viewer = state.viewer
    g.seen_is_due = is_worth_noting(role, seen_at=state.seen_at, now=instant)


def note_seen() -> None:
    """Write that the viewer was here, if that is due, into the transaction that is about to commit."""
    viewer: Viewer = g.get("viewer", VISITOR)
    if g.get("seen_is_due") and viewer.session_id is not None and viewer.learner is not None:
        service.note_seen(session_id=viewer.session_id, learner_id=viewer.learner.id, now=now())


def open_session(*, user_id: int) -> str:
    """Within a unit of work: open a session for a user and return its token; the one before it ends."""
    viewer: Viewer = g.viewer
    if viewer.session_id is not None and viewer.learner is not None:
        service.end_session(viewer.session_id, learner_id=viewer.learner.id)
    token = new_token()
    service.open_session(
        token=token,
        learner_id=queries.learner_of(user_id),
        user_id=user_id,
        agent=request.user_agent.string,
        now=now(),
    )
    return token


def become(token: str, *, guest: int | None = None) -> None:
    """Make this browser the holder of `token`, once its session is committed; `guest` is who it was until then.

    Of the old cookie stays only which guests this browser was, so that whoever planted it shares no session.
    """
    leave()
    session[_TOKEN] = token
    session.permanent = True
    if guest is not None:
        session[_GUESTS] = [*_guests(), guest][-_GUESTS_KEPT:]


def leave() -> None:
    """Forget whose browser this is, the CSRF token too; what was done here as a guest is still offered.

    But not to whoever holds a cookie whose session has ended: it may be a copy of somebody else's.
    """
    guests = [] if _TOKEN in session and g.viewer is VISITOR else _guests()
    session.clear()
    g.pop("csrf_token", None)
    if guests:
        session[_GUESTS] = guests
        session.permanent = True


def pending_guests() -> list[int]:
    """Return the guests this browser was before it signed in to an account, until what they did is settled."""
    guests = _guests()
    return queries.guests_among(guests) if guests else []


def forget_guests() -> None:
    """The question whether to add what was done as a guest is settled."""
    session.pop(_GUESTS, None)


def _guests() -> list[int]:
    guests: list[int] = session.get(_GUESTS, [])
    return guests


def account_key(email: str) -> bytes:
    """Return what stands for an account in the counters, whether or not there is one."""
    try:
        email = normal_address(email)
    except Invalid:
        email = email.strip().lower()
    return hashlib.sha256(email.encode()).digest()


def begin_attempt(email: str) -> int:
    """Count an attempt at a password, and return its id for `service.forgive_attempt`; 429 after too many."""
    account, address = account_key(email), request.remote_addr or ""
    try:
        return unit.run(lambda: service.begin_attempt(account=account, address=address, now=now()))
    except service.TooManyFailures as error:
        wait = (error.until - now()).total_seconds()
        raise TooManyRequests(error.message, retry_after=max(1, math.ceil(wait))) from error


def count(limit: RateLimitItem, *key: str) -> None:
    """Count a costly request in this process; 429 above the limit."""
    limiter: RateLimiter = current_app.extensions["rate_limiter"]
    if not limiter.hit(limit, *key):
        wait = limiter.get_window_stats(limit, *key).reset_time - now().timestamp()
        raise TooManyRequests(retry_after=max(1, math.ceil(wait)))


def _begin_guest() -> None:
    count(_NEW_GUESTS, "guest", request.remote_addr or "")
    token, zone, instant = new_token(), asked_time_zone(), now()

    def work() -> Viewer:
        learner = service.begin_guest(time_zone=zone, now=instant)
        session_id = service.open_session(
            token=token,
            learner_id=learner.id,
            user_id=None,
            agent=request.user_agent.string,
            now=instant,
        )
        return Viewer(Role.GUEST, learner, session_id=session_id)

    g.viewer = unit.run(work)
    session[_TOKEN] = token  # the CSRF token stays: the page that sent this POST will send the next one
    session.permanent = True


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
