"""What a person may say about their account. Flask-Security's forms get our words and our rule for `next`."""

from __future__ import annotations

from typing import Any

import flask_security as fs
from wtforms import BooleanField, EmailField, Field, IntegerField, PasswordField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf, EqualTo, InputRequired, Length, NumberRange

from quizapp.accounts.time_zones import zone_names
from quizapp.web import words
from quizapp.web.forms import Form
from quizapp.web.redirects import own_page

_LABELS = {
    "email": "E-mail address",
    "password": "Password",
    "password_confirm": "Password again",
    "new_password": "New password",
    "new_password_confirm": "New password again",
}


_NEW_PASSWORD = {"autocomplete": "new-password"}


class _InOurWords(Form):
    """A form of Flask-Security with our labels, whose `next` leads to a page of this site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._fields.keys() & _LABELS.keys():
            self[name].label.text = _LABELS[name]
            self[name].description = ""

    def validate_next(self, field: Field) -> None:
        field.data = own_page(field.data)


class LoginForm(_InOurWords, fs.LoginForm):
    remember = None  # one cookie is enough


class RegisterForm(_InOurWords, fs.RegisterFormV2):
    pass


class CodeRegisterForm(RegisterForm):
    """Signing up where a teacher hands out a code."""

    code = StringField(
        "Registration code", validators=[InputRequired("Type the code you were given."), Length(max=64)]
    )


class ChangePasswordForm(_InOurWords, fs.ChangePasswordForm):
    pass


class ForgotPasswordForm(_InOurWords, fs.ForgotPasswordForm):
    pass


class ResetPasswordForm(_InOurWords, fs.ResetPasswordForm):
    pass


class LinkForm(Form):
    """A new password, by a one-time link."""

    password = PasswordField(
        _LABELS["password"], validators=[InputRequired("Type a password.")], render_kw=_NEW_PASSWORD
    )
    password_confirm = PasswordField(
        _LABELS["password_confirm"],
        validators=[EqualTo("password", "The two passwords differ.")],
        render_kw=_NEW_PASSWORD,
    )


class AdministratorLinkForm(LinkForm):
    """The first administrator: also the address to sign in with."""

    email = EmailField(
        _LABELS["email"], validators=[InputRequired("Type an e-mail address."), Length(max=254)]
    )


class SettingsForm(Form):
    """What a learner chooses for themselves."""

    time_zone = StringField(
        "Time zone",
        validators=[
            InputRequired("Choose a time zone."),
            AnyOf(zone_names(), "Choose a time zone from the list, such as Europe/Zurich."),
        ],
        render_kw={"list": "time-zones", "autocomplete": "off", "spellcheck": "false"},
    )
    day_start = IntegerField(
        "A new day starts at", validators=[NumberRange(0, 12, "Choose an hour from 0 to 12.")], default=4
    )
    desired_retention = RadioField(
        "Wanted recall",
        choices=[SelectChoice(f"{share:.2f}", words.percent(share)) for share in (0.80, 0.85, 0.90, 0.95)],
        coerce=lambda share: f"{float(share):.2f}",
    )
    new_per_day = IntegerField(
        "New cards a day", validators=[NumberRange(0, 999, "Choose a number from 0 to 999.")]
    )
    minutes_per_day = IntegerField(
        "Minutes a day", validators=[NumberRange(1, 999, "Choose a number from 1 to 999.")]
    )
    type_answers = BooleanField("Type the answer before turning a card")


class DeleteForm(Form):
    """The second time of asking: a user's password, or a word that a guest types."""

    password = PasswordField("Your password", validators=[InputRequired("Type your password.")])


class DeleteGuestForm(Form):
    word = StringField(
        "Type the word “delete”",
        validators=[AnyOf(["delete"], "Type the word “delete” to erase everything.")],
        filters=[lambda text: text.strip().lower() if text else text],
    )
