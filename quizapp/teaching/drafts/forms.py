"""What a request about a draft may say."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from quizapp.banks.visibility import Visibility
from quizapp.teaching.versions.forms import VISIBILITY_WORDS
from quizapp.web.forms import Form


class UploadForm(Form):
    """A bank as a file or as text; a file counts more."""

    file = FileField("Bank file", render_kw={"accept": ".yaml,.yml,.zip"})
    text = TextAreaField("The bank as text", render_kw={"spellcheck": "false", "dir": "auto", "rows": 12})


class ReplaceForm(UploadForm):
    """Another file in the place of the one that was shown at `edits`."""

    edits = IntegerField("Edits", widget=HiddenInput(), validators=[InputRequired()])


class PublishForm(Form):
    """What was seen when it was decided: the draft at `edits`, becoming `version`."""

    edits = IntegerField("Edits", widget=HiddenInput(), validators=[InputRequired()])
    version = IntegerField("Version", widget=HiddenInput(), validators=[InputRequired()])
    retire_many = BooleanField("I mean to retire that many notes")
    visibility = RadioField(  # of a bank not yet published
        "Who may study this bank",
        coerce=int,
        default=int(Visibility.EVERYONE),
        choices=[SelectChoice(int(visibility), words) for visibility, words in VISIBILITY_WORDS.items()],
    )
    undo_newer = BooleanField("I mean to undo what was published since")
