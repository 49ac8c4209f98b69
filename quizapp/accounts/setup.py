"""Accounts meet the app: Flask-Security with our users, our hashing and our pages, and the session cookie.

Flask-Security keeps the forms, the messages and the links in mails. Who is looking is ours (`guards.py`), and so is
every write: its views hand over what they changed (`Users.put`), and the wrappers in `sign_in.py` store it.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from typing import Any

from flask import Flask, g, has_app_context, has_request_context, request
from flask.sessions import SecureCookieSessionInterface
from flask_mailman import Mail
from flask_security import MailUtil, PasswordUtil, RoleMixin, Security, UserDatastore, uia_email_mapper
from sqlalchemy import event
from sqlalchemy.orm import Session

from quizapp import limits
from quizapp.accounts import cli, forms, guards, queries, routes, sign_in
from quizapp.accounts.mail import mail_config
from quizapp.accounts.models import User
from quizapp.accounts.passwords import PasswordHashes, problem_with
from quizapp.accounts.viewer import VISITOR
from quizapp.config import SettingError, Settings
from quizapp.db import db
from quizapp.web import access, unit
from quizapp.web.access import Role

_log = logging.getLogger(__name__)

_ARGON2 = {"argon2__memory_cost": 19 * 1024, "argon2__rounds": 2, "argon2__parallelism": 1}

_ACCESS = {
    "login": Role.VISITOR,
    "logout": Role.LEARNER,
    "register": Role.VISITOR,
    "change_password": Role.LEARNER,
    "forgot_password": Role.VISITOR,
    "reset_password": Role.VISITOR,
}

_MESSAGES = {
    "GENERIC_AUTHN_FAILED": ("The e-mail address or the password is not right.", "error"),
    "GENERIC_RECOVERY": ("If there is an account with this address, a mail is on its way to it.", "info"),
    "PASSWORD_RESET_REQUEST": ("If there is an account with this address, a mail is on its way to it.", "info"),
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
    """Install accounts. After `web` (which checks CSRF tokens first) and before `access` (which asks `g.viewer`)."""
    settings: Settings = app.extensions["settings"]
    _configure(app, settings)
    app.session_interface = _SessionCookie()
    app.before_request(guards.load_viewer)
    security = Security(
        app,
        Users(),
        login_form=forms.LoginForm,
        register_form=forms.CodeRegisterForm if settings.registration == "code" else forms.RegisterForm,
        change_password_form=forms.ChangePasswordForm,
        forgot_password_form=forms.ForgotPasswordForm,
        reset_password_form=forms.ResetPasswordForm,
        password_util_cls=_Passwords,
        mail_util_cls=_Addresses,
    )
    security.pwd_context = PasswordHashes(
        schemes=app.config["SECURITY_PASSWORD_SCHEMES"],
        default=app.config["SECURITY_PASSWORD_HASH"],
        **_ARGON2 if app.config["SECURITY_PASSWORD_HASH"] == "argon2" else {},
    )
    security.want_json(lambda _request: False)
    security.login_manager.session_protection = None
    security.login_manager.user_loader(lambda _id: _user_of_security_page())
    security.login_manager.request_loader(lambda _request: _user_of_security_page())
    sign_in.wrap_views(app)
    access.declare(app, {f"security.{name}": role for name, role in _ACCESS.items()})
    app.register_blueprint(routes.blueprint)
    app.cli.add_command(cli.users)
    app.cli.add_command(cli.guests)
    app.context_processor(
        lambda: {"viewer": g.get("viewer", VISITOR), "registration": settings.registration, "guests": settings.guests}
    )


class Users(UserDatastore):
    """Our users as Flask-Security wants them: found, handed over when changed, and stored by the wrapped views."""

    def __init__(self) -> None:
        super().__init__(User, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        """Return the user, detached, with no transaction left open: what follows is a slow hash."""
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
        """Nothing is left to write: Flask-Security calls this after the response is made, when no error could
        be told any more; the wrapped views have written in a unit of work by then."""


class _Passwords(PasswordUtil):
    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        user = kwargs.get("user")
        text = self.normalize(password)
        problem = problem_with(text, email=user.email if user else kwargs.get("email"))
        return ([problem] if problem else None), text


class _Addresses(MailUtil):
    """E-mail addresses are kept in lower case, so that one person has one account. Mail goes out beside the request:
    neither its time nor its failure tells whether an address is known."""

    def normalize(self, email: str) -> str:
        return super().normalize(email).lower()

    def validate(self, email: str) -> str:
        return super().validate(email).lower()

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        app = g._get_current_object() and request and routes.current_application()
        threading.Thread(target=self._send, args=(app, args, kwargs)).start()


class _SessionCookie(SecureCookieSessionInterface):
    """Under TLS the cookie is Secure and has the prefix that ties it to this host; plain http cannot offer either."""

    def get_cookie_name(self, app: Flask) -> str:
        return "__Host-session" if request.is_secure else "session"

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure
