"""What a request may say about a note or a bank's head: a form per note type, with rows that can be added."""

from __future__ import annotations

from typing import ClassVar

import wtforms
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange

from quizapp import limits
from quizapp.banks.notes import NOTE_TYPES
from quizapp.banks.problems import Path
from quizapp.web.forms import Form

LEVELS = {"": "Not said", "recall": "Recall", "understanding": "Understanding", "application": "Application"}
HARMS = {"": "Not said", "0": "0 – harmless", "1": "1", "2": "2", "3": "3 – dangerous"}
BLANK_ROWS = 3


def area(label: str, rows: int = 2) -> TextAreaField:
    return TextAreaField(label, render_kw={"rows": rows, "dir": "auto"})


def line(label: str) -> StringField:
    return StringField(label, render_kw={"dir": "auto", "autocomplete": "off"})


class OptionForm(wtforms.Form):
    """An option: its text, why it is wrong or right, and how dangerous the belief is."""

    text = line("Text")
    why = area("Why", 1)
    harm = StringField("Harm", render_kw={"choices": HARMS})


class MarkedForm(OptionForm):
    """An option in a list that keeps its order."""

    key = BooleanField("This is the right one")


class CiteForm(wtforms.Form):
    """Where the statement is said. The page offers the bank's sources."""

    source = StringField("Source")
    at = line("Where in it")
    fact = HiddenField()
    checked = HiddenField()


class ClozeForm(wtforms.Form):
    """What goes with one gap."""

    cloze = HiddenField()
    accept = area("Also right (one a line)")
    distractors = FieldList(FormField(OptionForm), "Wrong answers for this gap")


class SubjectForm(wtforms.Form):
    id = HiddenField()
    name = line("Subject")


class CellForm(wtforms.Form):
    text = line("Value")
    why = line("Why")
    harm = HiddenField()
    skip = BooleanField("Leave out")


class RowForm(wtforms.Form):
    """A row of a table: an attribute and its value for each subject."""

    id = HiddenField()
    attribute = line("Attribute")
    ask = line("Question for the value, with {subject} in it")
    ask_subject = line("Question for the subject, with {value} in it")
    cells = FieldList(FormField(CellForm))
    distractors = FieldList(FormField(OptionForm), "Further wrong values")


class EditsForm(Form):
    """A change of a draft: `edits` is the number that came with what is being changed."""

    edits = IntegerField(
        widget=wtforms.widgets.HiddenInput(), validators=[InputRequired(), NumberRange(min=0)]
    )
    do = StringField()


class NoteForm(EditsForm):
    """What every note may say."""

    words: ClassVar[str]  # what the type is called for people
    purpose: ClassVar[str]  # what it is good for
    lists: tuple[str, ...] = ()  # the fields that get empty rows to write in

    explanation = area("Explanation", 3)
    cite = FieldList(FormField(CiteForm), "Sources")
    caveat = area("Caveat")
    tags = area("Tags (one a line)")
    level = StringField("Level", render_kw={"choices": LEVELS})
    id = line("Id")
    renamed = HiddenField()  # the new id of a published note, once its author was warned
    sheet = HiddenField()  # names a new note, so that saving it twice makes one
    status = BooleanField("Not ready: keep this note from learners")

    def pad(self) -> None:
        """Give every list empty rows to write in."""
        for name in self.lists:
            fill(self[name], BLANK_ROWS)
        fill(self.cite, 1)

    def change_rows(self) -> Field | None:
        """Add or take out a row if that is asked for; return the field to go on with, or None if it is not."""
        doing, _, name = (self.do.data or "").partition(":")
        if doing == "add" and (rows := self._list(name)) is not None:
            return first(rows.append_entry())
        if doing == "remove" and (rows := self._list(name.rpartition("-")[0])) is not None:
            for position in [at for at, entry in enumerate(rows) if entry.name == name]:
                self.take_out(rows, position)
            return first(rows)
        return None

    def start(self) -> Field:
        """Return the field in which a new note of this type is begun."""
        self.pad()
        return first(next(field for field in self if not hasattr(NoteForm, field.short_name)))

    def take_out(self, rows: FieldList, position: int) -> None:
        """Take a row out of a list of this form."""
        rows.entries[position : position + 1] = []

    def _list(self, name: str) -> FieldList | None:
        return next((rows for rows in _lists(self) if rows.name == name), None)

    def field_at(self, path: Path) -> Field | None:
        """Return the field that shows what stands at `path` in the note, or None if there is none."""
        field: Field | None = None
        within: wtforms.Form = self
        for part in path:
            if isinstance(field, FieldList):
                position = part if isinstance(part, int) else 0
                field = field.entries[position] if position < len(field.entries) else None
                if isinstance(part, int) or field is None:
                    if isinstance(field, FormField):
                        within = field.form
                    continue
                within = field.form if isinstance(field, FormField) else within
            if part not in within:
                break
            field = within[part]
            within = field.form if isinstance(field, FormField) else within
        return None if field is None else first(field)


class FactForm(NoteForm):
    words = "Question and answer"
    purpose = "A question with a short answer: a card, and a quiz question where wrong answers are given."
    lists = ("distractors",)

    question = area("Question")
    answer = line("Answer")
    accept = area("Also right (one a line)")
    distractors = FieldList(FormField(OptionForm), "Wrong answers")
    reverse = line("Question the other way round")
    reverse_answer = line("Answer the other way round")


class ClozeNoteForm(NoteForm):
    words = "Text with gaps"
    purpose = "A sentence in which words are hidden: a card for each gap."
    text = area("Text with gaps", 3)
    clozes = FieldList(FormField(ClozeForm))

    def pad(self) -> None:
        super().pad()
        for entry in self.clozes:
            fill(entry.form.distractors, BLANK_ROWS)

    def field_at(self, path: Path) -> Field | None:
        if len(path) > 1 and path[0] in ("accept", "distractors"):
            for entry in self.clozes:
                if entry.form.cloze.data == path[1]:
                    below = path[2:] if path[0] == "distractors" else ()
                    position = below[0] if below and isinstance(below[0], int) else 0
                    rows = entry.form.distractors
                    if path[0] == "accept" or position >= len(rows.entries):
                        return entry.form.accept
                    return first(rows.entries[position])
        return super().field_at(path)


class ChoiceForm(NoteForm):
    words = "One best answer"
    purpose = "A case or question with options, of which one is best."
    lists = ("distractors",)

    stem = area("Question", 3)
    key = FormField(OptionForm, "The right answer")
    distractors = FieldList(FormField(OptionForm), "Wrong answers")
    options = FieldList(FormField(MarkedForm), "Options, in the order in which they are shown")
    card = BooleanField("Drill this as a card, too")

    def pad(self) -> None:
        self.lists = ("options",) if self.options.entries else ("distractors",)
        super().pad()


class MultipleForm(NoteForm):
    words = "Select all that apply"
    purpose = "A question with several right options."
    lists = ("correct", "incorrect")

    stem = area("Question", 3)
    correct = FieldList(FormField(OptionForm), "Right answers")
    incorrect = FieldList(FormField(OptionForm), "Wrong answers")


class SetForm(NoteForm):
    words = "Members of a group"
    purpose = "A list to know by heart, with near misses that do not belong to it."
    lists = ("members", "non_members")

    name = line("What they all are")
    members = FieldList(FormField(OptionForm), "Members")
    non_members = FieldList(FormField(OptionForm), "Near misses that are not")
    ask = line("Question for one that is")
    ask_not = line("Question for one that is not")
    ask_all = line("Question for all that are")


class MatrixForm(NoteForm):
    words = "Comparison"
    purpose = "A table of two or more medicines, conditions or receptors: cards and questions both ways."
    subjects = FieldList(FormField(SubjectForm), "Subjects")
    rows = FieldList(FormField(RowForm), "Rows")

    def pad(self) -> None:
        super().pad()
        fill(self.subjects, 2)
        fill(self.rows, 2)
        self._square()

    def take_out(self, rows: FieldList, position: int) -> None:
        super().take_out(rows, position)
        if rows is self.subjects:
            for row in self.rows:
                super().take_out(row.form.cells, position)

    def field_at(self, path: Path) -> Field | None:
        if (
            len(path) > 2
            and path[0] == "rows"
            and isinstance(path[1], int)
            and path[1] < len(self.rows.entries)
        ):
            row = self.rows.entries[path[1]].form
            for position, subject in enumerate(self.subjects):
                if subject.form.id.data == path[2]:
                    return first(row.cells.entries[position])
        if len(path) > 1 and path[0] == "subjects":
            for subject in self.subjects:
                if subject.form.id.data == path[1]:
                    return subject.form["name"]
        return super().field_at(path)

    def _square(self) -> None:
        """Give every row a cell for each subject, and a place for a wrong value."""
        for row in self.rows:
            fill(row.form.cells, len(self.subjects.entries))
            fill(row.form.distractors, 1)


NOTE_FORMS: dict[str, type[NoteForm]] = {
    "fact": FactForm,
    "cloze": ClozeNoteForm,
    "choice": ChoiceForm,
    "multiple": MultipleForm,
    "set": SetForm,
    "matrix": MatrixForm,
}
assert NOTE_FORMS.keys() == NOTE_TYPES.keys()


class PlaceForm(EditsForm):
    """Where a note is to stand."""

    to = IntegerField(validators=[InputRequired(), NumberRange(min=0, max=limits.NOTES_PER_BANK)])


class RestoreForm(PlaceForm):
    """A note that was just deleted, as its lines."""

    lines = TextAreaField(validators=[InputRequired()])


def labels_of(form: wtforms.Form) -> dict[str, str]:
    """Return what each field of `form` is called on the page, by its name in the file."""
    return {field.short_name: field.label.text.removesuffix(" (one a line)") for field in form}


def fill(rows: FieldList, least: int) -> None:
    while len(rows.entries) < least:
        rows.append_entry()


def first(field: Field) -> Field:
    """Return the field that a row, or a list of rows, begins with for a reader."""
    if isinstance(field, FieldList):
        return first(field.entries[0]) if field.entries else field
    if isinstance(field, FormField):
        return next(first(part) for part in field.form if not isinstance(part, HiddenField))
    return field


def _lists(form: wtforms.Form) -> list[FieldList]:
    found = []
    for field in form:
        if isinstance(field, FormField):
            found += _lists(field.form)
        elif isinstance(field, FieldList):
            found.append(field)
            for entry in field:
                found += _lists(entry.form) if isinstance(entry, FormField) else []
    return found
