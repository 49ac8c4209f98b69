"""What a request about a bank's visibility and people may say."""

from __future__ import annotations

from wtforms import EmailField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from quizapp.banks.visibility import Visibility
from quizapp.web.forms import Form

VISIBILITY_WORDS = {
    Visibility.EVERYONE: "Everyone, guests too",
    Visibility.SIGNED_IN: "Everybody with an account",
    Visibility.AUTHORS: "Only its authors and administrators",
}


class VisibilityForm(Form):
    visibility = RadioField(
        "Who may study this bank",
        coerce=int,
        choices=[SelectChoice(int(visibility), words) for visibility, words in VISIBILITY_WORDS.items()],
    )


class AuthorForm(Form):
    """Another instructor, by the address they sign in with."""

    email = EmailField(
        "E-mail address",
        filters=[lambda text: (text or "").strip()],
        validators=[DataRequired("Write their e-mail address."), Length(max=255)],
    )
