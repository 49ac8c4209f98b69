"""What a request may say about a bank's file as text."""

from __future__ import annotations

from wtforms import IntegerField, TextAreaField
from wtforms.validators import NumberRange, Optional

from quizapp.teaching.writing.forms import EditsForm


class EditorForm(EditsForm):
    """A bank's whole file as text."""

    source = TextAreaField()
    line = IntegerField(validators=[Optional(), NumberRange(min=1)])
