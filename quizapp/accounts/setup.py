"""Accounts meet the app: Flask-Security with our users, our hashing, our words and our pages.

Flask-Security keeps the forms, the checks and the links in mails. Who is looking is ours (`guards.py`), and
so is every write: its views hand over what they changed (`Users.put`), and the routes around them store it.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from flask import Flask, g, has_request_context, request
from flask_mailman import Mail
from flask_security import (
    EmailValidateException,
    FormInfo,
    MailUtil,
    PasswordUtil,
    RoleMixin,
    Security,
    UserDatastore,
    uia_email_mapper,
)
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import event
from sqlalchemy.orm import Session

from quizapp import limits
from quizapp.accounts import cli, forms, guards, queries, routes
from quizapp.accounts.addresses import normal_address
from quizapp.accounts.mail import mail_config
from quizapp.accounts.models import User
from quizapp.accounts.passwords import PasswordHashes, problem_with
from quizapp.accounts.viewer import VISITOR, Viewer
from quizapp.config import SettingError, Settings
from quizapp.db import db
from quizapp.errors import Invalid
from quizapp.web import access, mail, unit
from quizapp.web.access import Role

_ARGON2 = {"argon2__memory_cost": 19 * 1024, "argon2__rounds": 2, "argon2__parallelism": 1}

_ACCESS = {
    "login": Role.VISITOR,
    "logout": Role.LEARNER,
    "register": Role.VISITOR,
    "change_password": Role.LEARNER,
    "forgot_password": Role.VISITOR,
    "reset_password": Role.VISITOR,
}
_FORMS = {
    "login_form": forms.LoginForm,
    "change_password_form": forms.ChangePasswordForm,
    "forgot_password_form": forms.ForgotPasswordForm,
    "reset_password_form": forms.ResetPasswordForm,
}
_MAIL_SENT = "If there is an account with this address, a mail is on its way to it."
_MESSAGES = {
    "GENERIC_AUTHN_FAILED": ("The e-mail address or the password is not right.", "error"),
    "PASSWORD_RESET_REQUEST": (_MAIL_SENT, "info"),
    "PASSWORD_RESET_NO_LOGIN": ("Your new password is set. Sign in with it.", "success"),
    "PASSWORD_RESET_EXPIRED": ("This link is too old. Ask for a new one.", "error"),
    "INVALID_RESET_PASSWORD_TOKEN": ("This link does not work any more. Ask for a new one.", "error"),
    "INVALID_PASSWORD": ("This is not your password.", "error"),
    "PASSWORD_IS_THE_SAME": ("Choose a password that differs from the old one.", "error"),
    "RETYPE_PASSWORD_MISMATCH": ("The two passwords differ.", "error"),
    "PASSWORD_NOT_PROVIDED": ("Type a password.", "error"),
    "EMAIL_NOT_PROVIDED": ("Type an e-mail address.", "error"),
    "INVALID_EMAIL_ADDRESS": ("This is no e-mail address, such as name@example.org.", "error"),
}


def init_app(app: Flask) -> None:
    """Install accounts: after `web`, which checks form tokens, and before `access`, which asks `g.viewer`."""
    settings: Settings = app.extensions["settings"]
    _configure(app, settings)
    app.before_request(guards.load_viewer)
    app.extensions["load_viewer"] = guards.load_viewer  # for an error page that comes before it
    security = Security(app, Users(), password_util_cls=_Passwords, mail_util_cls=_Mail)
    sign_up = forms.CodeRegisterForm if settings.registration == "code" else forms.RegisterForm
    for name, form in (_FORMS | {"register_form": sign_up}).items():
        security.set_form_info(name, FormInfo(instantiator=_keep_form, cls=form))
    chosen = app.config["SECURITY_PASSWORD_HASH"]
    security.pwd_context = PasswordHashes(
        schemes=app.config["SECURITY_PASSWORD_SCHEMES"],
        default=chosen,
        **_ARGON2 if chosen == "argon2" else {},
    )
    security.want_json(lambda _request: False)
    app.before_request_funcs[None].remove(
        security.principal._on_before_request
    )  # our guards decide, not its needs
    security.login_manager.session_protection = None  # the session row says it all
    security.login_manager.user_loader(_user_on_security_pages)
    security.login_manager.request_loader(_user_on_security_pages)
    app.extensions["rate_limiter"] = FixedWindowRateLimiter(
        MemoryStorage()
    )  # counts in each worker by itself
    routes.wrap_security_views(app)
    access.declare(app, {f"security.{name}": role for name, role in _ACCESS.items()})
    app.register_blueprint(routes.blueprint)
    for group in (cli.users, cli.guests):
        app.cli.add_command(group)


def _configure(app: Flask, settings: Settings) -> None:
    if settings.mail_url:
        if not settings.hosts:
            raise SettingError(
                "QUIZAPP_MAIL_URL: set QUIZAPP_HOSTS too, so that no mailed link can point elsewhere."
            )
        app.config.update(mail_config(settings.mail_url))
        Mail(app)
    mails = settings.mail_url is not None
    app.config.setdefault("SECURITY_PASSWORD_HASH", "argon2")
    app.config.setdefault("SECURITY_PASSWORD_SCHEMES", ["argon2"])
    app.config.update(
        PERMANENT_SESSION_LIFETIME=dt.timedelta(days=limits.SESSION_DAYS),
        SESSION_REFRESH_EACH_REQUEST=False,
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_PASSWORD_NORMALIZE_FORM="NFKC",  # composed, so that its length is what a person counts
        SECURITY_HASHING_SCHEMES=["hex_sha256"],  # of what is a slow hash already
        SECURITY_USER_IDENTITY_ATTRIBUTES=[
            {"email": {"mapper": uia_email_mapper, "case_insensitive": False}}
        ],
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_CACHE_CONTROL=None,  # it comes out as "no-store=True", which no cache knows; see web/headers.py
        SECURITY_REGISTERABLE=settings.registration != "closed",
        SECURITY_CHANGEABLE=True,
        SECURITY_RECOVERABLE=mails,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_EMAIL_HTML=False,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=mails,
        SECURITY_FRESHNESS=dt.timedelta(
            days=-1
        ),  # no page asks for the password again in Flask-Security's way
        SECURITY_STATIC_FOLDER=None,
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        SECURITY_API_ENABLED_METHODS=["session"],
        **{f"SECURITY_MSG_{name}": message for name, message in _MESSAGES.items()},
    )


class Users(UserDatastore):
    """Our users as Flask-Security wants them: found, and when changed handed over to the routes to store."""

    def __init__(self) -> None:
        super().__init__(User, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        """Return the user, detached, and leave no transaction open: what follows is a slow hash."""
        ((name, value),) = kwargs.items()
        find = {"email": queries.user_by_email, "fs_uniquifier": queries.user_by_uniquifier}[name]
        return _detached(find(value))

    def create_user(self, **kwargs: Any) -> User:
        user = User(email=kwargs["email"], password=kwargs["password"], active=True)
        self.set_uniquifier(user)
        return self.put(user)

    def put(self, model: User) -> User:
        g.changed_user = model
        return model

    def commit(self) -> None:
        """Write nothing: the response is made by now, too late to tell an error. The routes have written."""


class _Passwords(PasswordUtil):
    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        user = kwargs.get("user")
        text = self.normalize(password)
        problem = problem_with(text, email=user.email if user else kwargs.get("email"))
        return ([problem] if problem else None), text


class _Mail(MailUtil):
    """Addresses in one spelling, and mail sent beside the request: neither its time nor its failure may tell
    whether an address is known."""

    def normalize(self, email: str) -> str:
        try:
            return normal_address(email)
        except Invalid as error:
            raise EmailValidateException(error.message) from error

    validate = normalize

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        mail.aside(partial(super().send_mail, *args, **kwargs))


def _keep_form(name: str, cls: Any, **kwargs: Any) -> Any:
    """Build a form for one of Flask-Security's views where the route around it can see what became of it."""
    g.form = cls(**kwargs)
    return g.form


def _user_on_security_pages(_who: object) -> User | None:
    """Return Flask-Login's user on the pages of Flask-Security; all others ask `g.viewer`, at no cost."""
    viewer: Viewer = g.get("viewer", VISITOR)  # an error page may come before anybody is looked up
    if request.blueprint != "security" or viewer.user_id is None:
        return None
    g.fs_authn_via = "session"
    return _detached(queries.user_by_id(viewer.user_id))


def _detached(user: User | None) -> User | None:
    if user is not None:
        db.session.expunge(user)
    unit.end_read()
    return user


@event.listens_for(db.session, "before_commit")
def _note_seen(_session: Session) -> None:
    if has_request_context():
        guards.note_seen()
