"""What a request may say about a bank's head."""

from __future__ import annotations

import wtforms
from wtforms import Field, FieldList, FormField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from quizapp import limits
from quizapp.banks.fields import LANGUAGE_PATTERN, PATTERN_SENTENCES, URL_PATTERN
from quizapp.banks.problems import Path
from quizapp.teaching.writing.contents import tidy
from quizapp.teaching.writing.forms import area, first, line
from quizapp.web.forms import Form


def _sentence(pattern: str) -> str:
    sentence = PATTERN_SENTENCES[pattern]
    return f"{sentence[:1].upper()}{sentence[1:]}."


class SourceForm(wtforms.Form):
    """What notes cite."""

    id = HiddenField()
    title = line("Title")
    author = line("Author")
    published = line("Published (year or date)")
    url = StringField(
        "Address",
        filters=[tidy],
        validators=[Optional(), Regexp(URL_PATTERN, message=_sentence(URL_PATTERN))],
    )
    accessed = HiddenField()


class SettingsForm(Form):
    """The head of a bank."""

    edits = IntegerField(widget=wtforms.widgets.HiddenInput(), validators=[Optional(), NumberRange(min=0)])
    do = StringField()
    title = StringField(
        "Title", validators=[InputRequired("Give the bank a title."), Length(max=limits.TITLE_CHARS)]
    )
    description = area("Description")
    language = StringField(
        "Language",
        default="en",
        filters=[tidy],
        validators=[Optional(), Regexp(LANGUAGE_PATTERN, message=_sentence(LANGUAGE_PATTERN))],
    )
    license = line("License")
    authors = area("Authors (one a line)")
    notice = area("Notice")
    sources = FieldList(FormField(SourceForm), "Sources")

    def pad(self) -> None:
        """Give an empty row for another source."""
        if not self.sources.entries or any(self.sources.entries[-1].data.values()):
            self.sources.append_entry()

    def change_rows(self) -> Field | None:
        """Add or take out a row if that is asked for; return the field to go on with, or None if it is not."""
        doing, _, name = (self.do.data or "").partition(":")
        if doing == "add":
            return first(self.sources.append_entry())
        if doing == "remove":
            self.sources.entries = [entry for entry in self.sources if entry.name != name]
            return self.title
        return None

    def field_at(self, path: Path) -> Field | None:
        """Return the field that shows what stands at `path` in the file, or None if there is none."""
        if len(path) > 1 and path[0] == "sources":
            row = next((entry.form for entry in self.sources if entry.form.id.data == path[1]), None)
            return None if row is None else row[path[2] if len(path) > 2 and path[2] in row else "title"]
        return self[path[0]] if path and path[0] in self and path[0] != "sources" else None
