"""What a request about quizzes may say."""

from __future__ import annotations

import secrets

from wtforms import HiddenField, IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import NumberInput

from quizapp.banks.items import ITEM_TYPES
from quizapp.limits import QUIZ_ITEMS_MAX, REPORT_CHARS
from quizapp.quizzes.modes import MODES
from quizapp.quizzes.pool.selection import Prefer, Wish
from quizapp.web.forms import Form

CODE_CHARS = 22
CODE = rf"[A-Za-z0-9_-]{{{CODE_CHARS}}}\Z"
COUNT = 10
_KINDS = {"single": "One best answer", "multiple": "Select all that apply"}
_PREFERENCES = {
    Prefer.NEW: "New to me",
    Prefer.WEAKEST: "Weakest",
    Prefer.DUE: "Due",
    Prefer.RANDOM: "Everything at random",
}


def number(text: str | None) -> int | None:
    """Return a number of at most nine figures, None where the text is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def new_code() -> str:
    """Return a random code for an attempt that may be started."""
    return secrets.token_urlsafe(16)


class StartForm(Form):
    """A quiz of one's own; every field but the count may be left out, which means everything."""

    bank = SelectMultipleField("Banks", validate_choice=False)
    tag = SelectMultipleField("Topics", validate_choice=False)
    kind = SelectMultipleField(
        "Kinds of question",
        choices=[SelectChoice(name, _KINDS.get(name, name)) for name in ITEM_TYPES],
    )
    count = IntegerField(
        "Number of questions",
        default=COUNT,
        widget=NumberInput(min=1, max=QUIZ_ITEMS_MAX),
        validators=[
            NumberRange(1, QUIZ_ITEMS_MAX, f"Choose a whole number from 1 to {QUIZ_ITEMS_MAX}."),
        ],
    )
    prefer = RadioField(
        "What comes first",
        choices=[SelectChoice(preference.value, words) for preference, words in _PREFERENCES.items()],
        default=Prefer.NEW.value,
    )
    mode = RadioField(
        "Mode",
        choices=[SelectChoice(mode.name, mode.title) for mode in MODES.values()],
        default=next(iter(MODES)),
    )
    code = HiddenField(default=new_code, validators=[Optional(), Regexp(CODE)])

    def wish(self) -> Wish:
        """Return what is asked for; what cannot be read is as good as left out."""
        preferences = [preference for preference in Prefer if preference.value == self.prefer.data]
        return Wish(
            count=self.count.data or COUNT,
            banks=tuple(sorted(set(self.bank.data or ()))),
            tags=tuple(sorted(set(self.tag.data or ()))),
            kinds=tuple(sorted(set(self.kind.data or ()))),
            prefer=preferences[0] if preferences else Prefer.NEW,
        )

    def issued_code(self) -> str:
        """Return the code issued with the form, or a new one where the form had none."""
        return self.code.data or new_code()


class AnswerForm(Form):
    """An answer to the question in view; `go` says where it goes on: a position, "submit", "leave", "stay".

    `seen` is the last response to the question when it was shown.
    """

    answer_key = HiddenField(validators=[Regexp(r"[0-9a-f]{32}\Z", message="Load the question again.")])
    choice = SelectMultipleField(validate_choice=False)
    seen = HiddenField()
    thinking_ms = HiddenField()
    flagged = HiddenField()
    go = HiddenField()

    def key(self) -> bytes:
        return bytes.fromhex(self.answer_key.data or "")

    def claimed_ms(self) -> int | None:
        """Return what the browser measured, None where it says nothing usable."""
        return number(self.thinking_ms.data)

    def seen_seq(self) -> int:
        return number(self.seen.data) or 0

    def target(self) -> int | None:
        """Return the position to go on to, None where `go` names none."""
        return number(self.go.data)


class RetakeForm(Form):
    what = StringField(validators=[AnyOf(("same", "missed"))])
    code = HiddenField(validators=[Optional(), Regexp(CODE)])


class ReportForm(Form):
    message = TextAreaField(
        "What is wrong?",
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired("Say what is wrong."),
            Length(max=REPORT_CHARS, message=f"Use at most {REPORT_CHARS:,} characters."),
        ],
    )
