"""Routes for writing a bank by forms: its notes, each note, its settings, a new bank. They belong to teaching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import limits
from quizapp.accounts.guards import instructor_required
from quizapp.banks.check import check
from quizapp.banks.notes import DEFAULT_TYPE
from quizapp.banks.problems import Problem
from quizapp.banks.reader import Document, read
from quizapp.errors import Invalid, NotFound
from quizapp.richtext import to_plain
from quizapp.teaching.drafts import queries as drafts
from quizapp.teaching.drafts import service
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.teaching.drafts.routes import DRAFT
from quizapp.teaching.drafts.service import DraftMoved
from quizapp.teaching.plans.found import is_large
from quizapp.teaching.writing import contents, file_edits, places
from quizapp.teaching.writing.editor import routes as editor
from quizapp.teaching.writing.editor.routes import open_draft, previewed
from quizapp.teaching.writing.forms import (
    NOTE_FORMS,
    NoteForm,
    PlaceForm,
    RestoreForm,
    labels_of,
)
from quizapp.teaching.writing.settings import heads
from quizapp.teaching.writing.settings.forms import SettingsForm
from quizapp.web import unit
from quizapp.web.clock import now
from quizapp.web.fragments import wants_fragment
from quizapp.web.pagination import page_in, page_number

_NOTE = f"{DRAFT}/notes/<string(maxlength={limits.ID_CHARS}):note>"
_TITLE_SHOWN = 160

_Told = dict[str, list[tuple[str, str, str]]]  # by field id: level, words, and where that is
_Page = str | Response | tuple[str, int]


def register(blueprint: Blueprint) -> None:
    """Add these routes to `blueprint`."""
    for rule, view, methods in (
        ("/teach/new", new_bank, ["GET", "POST"]),
        (f"{DRAFT}/settings", settings, ["GET", "POST"]),
        (f"{DRAFT}/notes", notes, ["GET"]),
        (f"{DRAFT}/notes/new", new_note, ["GET", "POST"]),
        (f"{DRAFT}/notes/restore", restore_note, ["POST"]),
        (_NOTE, edit_note, ["GET", "POST"]),
        (f"{_NOTE}/move", move_note, ["POST"]),
        (f"{_NOTE}/delete", delete_note, ["POST"]),
    ):
        blueprint.add_url_rule(rule, view_func=view, methods=methods)
    editor.register(blueprint)


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note in the list of a draft: `index` counts from 0 in the file, `address` is what its page is called."""

    index: int
    address: str
    title: str
    kind: str
    errors: int
    hints: int


@instructor_required
def new_bank() -> _Page:
    """Begin a bank by filling in what it is about."""
    form = SettingsForm()
    if (focus := form.change_rows()) is not None or not form.validate_on_submit():
        return _settings_page(form, None, focus), 422 if form.errors else 200
    values = heads.head_of(form.data, {})
    source = file_edits.new_file(
        heads.NEW | {"bank": contents.slug(values["title"], (), otherwise="bank")} | values
    )
    code = unit.run(
        lambda: service.create_draft(
            g.viewer.user_id,
            name=f"{read(source).data['bank']}.yaml",
            source=source,
            media={},
            bank_id=None,
            based_on=None,
            now=now(),
        )
    )
    return redirect(url_for("teaching.notes", code=code), 303)


@instructor_required
def settings(code: str) -> _Page:
    """Change what a bank says about itself."""
    draft = open_draft(code)
    head = _readable(draft).data
    if request.method == "GET":
        return _settings_page(SettingsForm(data=heads.values_of(head) | {"edits": draft.edits}), draft)
    form = SettingsForm()
    if (focus := form.change_rows()) is not None or not form.validate_on_submit():
        return _settings_page(form, draft, focus), 422 if form.errors else 200
    try:
        source = file_edits.set_head(draft.source, heads.head_of(form.data, head))
        _save(draft, source, form.edits.data)
    except (Invalid, DraftMoved) as error:
        form.form_errors.append(error.message)
        form.edits.data = draft.edits
        return _settings_page(form, draft), _status(error)
    flash("Saved.")
    return redirect(url_for("teaching.notes", code=code), 303)


@instructor_required
def notes(code: str) -> str:
    """List the notes of a draft, with what is wrong with each."""
    return _notes_page(open_draft(code))


@instructor_required
def new_note(code: str) -> _Page:
    """Write another note: first its type, then its fields."""
    draft, kind = open_draft(code), request.args.get("type", "")
    if kind not in NOTE_FORMS:
        return render_template("teaching/writing/kinds.html", draft=draft, kinds=NOTE_FORMS)
    document = _readable(draft)
    form = NOTE_FORMS[kind](**({} if request.method == "POST" else {"data": {"edits": draft.edits}}))
    return _written(draft, document, form, kind, None)


@instructor_required
def edit_note(code: str, note: str) -> _Page:
    """Change a note by its fields."""
    draft = open_draft(code)
    document = _readable(draft)
    written, ids = _notes_of(document)
    index = places.addressed(ids, note)
    if index is None:
        raise NotFound(f"This draft has no note '{note}'. Perhaps it was deleted or renamed.")
    try:
        values = contents.values_of(written[index])
    except Invalid as error:
        line = document.place(("notes", index))[0]
        return render_template(
            "teaching/writing/by_hand.html", draft=draft, note=note, line=line, message=error.message
        )
    kind = contents.kind_of(written[index])
    form = NOTE_FORMS[kind](**({} if request.method == "POST" else {"data": values | {"edits": draft.edits}}))
    return _written(draft, document, form, kind, index)


@instructor_required
def move_note(code: str, note: str) -> _Page:
    """Put a note in another place of the list."""
    draft, form = open_draft(code), PlaceForm()
    form.require()
    index = _index(draft, note)
    last = len(places.written_notes(read(draft.source))) - 1
    _save(draft, file_edits.move_note(draft.source, index, min(form.to.data, last)), form.edits.data)
    return redirect(url_for("teaching.notes", code=code, _anchor=f"note-{note}"), 303)


@instructor_required
def delete_note(code: str, note: str) -> _Page:
    """Take a note out of the draft, and offer to put it back."""
    draft, form = open_draft(code), PlaceForm(to=0)
    form.require()
    index = _index(draft, note)
    source, lines = file_edits.remove_note(draft.source, index)
    _save(draft, source, form.edits.data)
    return _notes_page(open_draft(code), deleted=(index, note, "\n".join(lines)))


@instructor_required
def restore_note(code: str) -> _Page:
    """Put a note back that was just deleted."""
    draft, form = open_draft(code), RestoreForm()
    form.require()
    lines = form.lines.data.replace("\r\n", "\n").split("\n")
    _save(draft, file_edits.insert_lines(draft.source, form.to.data, lines), form.edits.data)
    flash("The note is back.")
    return redirect(url_for("teaching.notes", code=code), 303)


def _readable(draft: DraftRow) -> Document:
    """Return the file of a draft. Raises Invalid if it cannot be read to its end."""
    document = read(draft.source)
    if not document.complete:
        raise Invalid("The file of this draft cannot be read to its end. Mend it as YAML first.")
    return document


def _notes_of(document: Document) -> tuple[list[Any], list[str]]:
    written = places.written_notes(document)
    return written, places.written_ids(written)


def _index(draft: DraftRow, note: str) -> int:
    index = places.addressed(_notes_of(_readable(draft))[1], note)
    if index is None:
        raise NotFound(f"This draft has no note '{note}'. Perhaps it was deleted or renamed.")
    return index


def _save(draft: DraftRow, source: bytes, edits: int) -> None:
    unit.run(lambda: service.save_draft(draft, source=source, edits=edits, now=now()))


def _status(error: Invalid | DraftMoved) -> int:
    return 409 if isinstance(error, DraftMoved) else 422


def _problems(draft: DraftRow) -> dict[int | None, list[Problem]]:
    """Return what is wrong with a draft, by note; of a large one nothing, as looking for it takes long."""
    if is_large(draft.source):
        return {}
    return places.by_note(check(draft.source, file=draft.name, media=drafts.draft_media(draft.id)).problems)


def _written(draft: DraftRow, document: Document, form: NoteForm, kind: str, index: int | None) -> _Page:
    """Do what a note's form asks: show it, add or take out a row, or save it."""
    ids = _notes_of(document)[1]
    if request.method == "GET":
        return _note_page(draft, document, form, kind, index)
    if (focus := form.change_rows()) is not None:
        return _note_page(draft, document, form, kind, index, focus=focus)
    form.require()
    before = {} if index is None else places.written_notes(document)[index]
    note = contents.note_of(kind, form.data, before, taken=ids)
    at = len(ids) if index is None else index
    change = file_edits.insert_note if index is None else file_edits.replace_note
    try:
        _save(draft, change(draft.source, at, note), form.edits.data)
    except (Invalid, DraftMoved) as error:
        form.edits.data = draft.edits  # who reads this and saves again means it: only this note is replaced
        again = " Look it over, and save again." if isinstance(error, DraftMoved) else ""
        return _note_page(draft, document, form, kind, index, notice=error.message + again), _status(error)
    flash("Saved.")
    if form.do.data == "another":
        return redirect(url_for("teaching.new_note", code=draft.code, type=kind), 303)
    ids[at:] = [note["id"], *ids[at + 1 :]]
    return redirect(url_for("teaching.edit_note", code=draft.code, note=places.address(ids, at)), 303)


def _note_page(
    draft: DraftRow,
    document: Document,
    form: NoteForm,
    kind: str,
    index: int | None,
    *,
    focus: Any = None,
    notice: str = "",
) -> str:
    """Show a note's form; as it is saved, with what is wrong at its fields."""
    form.pad()
    labels = labels_of(form)
    told: _Told = {}
    if index is not None and request.method == "GET":
        for problem in _problems(draft).get(index, []):
            field = form.field_at(places.field_path(problem))
            said = (problem.level, places.in_words(problem, labels), places.whereabouts(problem, labels))
            told.setdefault(field.id if field else "", []).append(said)
    ids = _notes_of(document)[1]
    sources = document.data.get("sources")
    return render_template(
        "teaching/writing/_note.html" if wants_fragment() else "teaching/writing/note.html",
        draft=draft,
        form=form,
        kind=kind,
        kinds=NOTE_FORMS,
        note=None if index is None else places.address(ids, index),
        line=None if index is None else document.place(("notes", index))[0],
        sources=heads.titles(sources),
        told=told,
        labels=labels,
        focus=focus,
        notice=notice,
        shown=previewed(draft, draft.source, ids[index])
        if index is not None and request.method == "GET"
        else None,
    )


def _notes_page(draft: DraftRow, *, deleted: tuple[int, str, str] | None = None) -> str:
    document = read(draft.source)
    written, ids = _notes_of(document)
    problems = _problems(draft)
    asked, wanted = request.args.get("q", "")[: limits.SEARCH_CHARS].strip(), request.args.get("type", "")
    only = request.args.get("only") == "problems"
    lines = [_line(written, ids, index, problems.get(index, [])) for index in range(len(written))]
    found = [
        line
        for line in lines
        if asked.lower() in f"{line.title} {line.address}".lower()
        and wanted in ("", line.kind)
        and (line.errors or not only)
    ]
    return render_template(
        "teaching/writing/notes.html",
        draft=draft,
        document=document,
        title=heads.title(document.data) or draft.name,
        page=page_in(found, page_number()),
        large=is_large(draft.source),
        total=len(written),
        others=problems.get(None, []),
        errors=sum(problem.level == "error" for group in problems.values() for problem in group),
        kinds=NOTE_FORMS,
        asked=asked,
        wanted=wanted,
        only=only,
        deleted=deleted,
    )


def _line(written: list[Any], ids: list[str], index: int, problems: list[Problem]) -> NoteLine:
    note = written[index] if isinstance(written[index], dict) else {}
    kind = str(note.get("type") or DEFAULT_TYPE)
    errors = sum(problem.level == "error" for problem in problems)
    return NoteLine(
        index,
        places.address(ids, index),
        to_plain(contents.title(note))[:_TITLE_SHOWN] or ids[index],
        kind,
        errors,
        len(problems) - errors,
    )


def _settings_page(form: SettingsForm, draft: DraftRow | None, focus: Any = None) -> str:
    form.pad()
    told: _Told = {}
    if draft is not None and request.method == "GET":
        for problem in _problems(draft).get(None, []):
            field = form.field_at(places.path_of(problem))
            said = (problem.level, places.in_words(problem, labels_of(form)), "")
            told.setdefault(field.id if field else "", []).append(said)
    template = "_settings" if wants_fragment() else "settings"
    return render_template(
        f"teaching/writing/{template}.html", draft=draft, form=form, told=told, focus=focus
    )
