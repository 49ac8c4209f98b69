"""What a request about a problem report may say."""

from __future__ import annotations

from wtforms import DateTimeLocalField, HiddenField, SelectField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from quizapp.limits import REPORT_CHARS
from quizapp.web.forms import Form


class AnswerForm(Form):
    """An answer to a report. `replied_at` tells which answer this one replaces; a `fixed_in` of 0 is no version."""

    reply = TextAreaField(
        "Your answer",
        filters=[lambda text: (text or "").strip()],
        validators=[Length(max=REPORT_CHARS, message=f"Use at most {REPORT_CHARS:,} characters.")],
        render_kw={"rows": 4},
    )
    fixed_in = SelectField("Corrected in", coerce=int, validate_choice=False)
    replied_at = DateTimeLocalField(
        format="%Y-%m-%dT%H:%M:%S.%f%z", widget=HiddenInput(), validators=[Optional()]
    )
    closing = HiddenField()
