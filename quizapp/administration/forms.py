"""What an administrator may say about registration codes."""

from __future__ import annotations

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from quizapp import limits
from quizapp.web.forms import Form


class CodeForm(Form):
    """A new registration code; one that is named already gets these uses and this end."""

    code = StringField(
        "Code",
        validators=[
            Optional(),
            Length(max=limits.ID_CHARS, message=f"Use at most {limits.ID_CHARS} characters."),
            Regexp(r"[\w.-]+\Z", message="Use letters, digits, dots and hyphens, without spaces."),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    uses = IntegerField(
        "How many may sign up with it",
        default=200,
        validators=[
            InputRequired("Type a number."),
            NumberRange(1, 100_000, "Choose a number from 1 to 100,000."),
        ],
    )
    days = IntegerField(
        "Days it works",
        validators=[Optional(), NumberRange(1, 3650, "Choose a number from 1 to 3,650.")],
    )
