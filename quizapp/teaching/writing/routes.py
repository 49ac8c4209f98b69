"""Routes for writing a bank by forms: its notes, each note, its settings, a new bank. They belong to teaching."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from quizapp import limits
from quizapp.accounts.guards import instructor_required
from quizapp.banks.notes import DEFAULT_TYPE
from quizapp.banks.problems import Problem
from quizapp.banks.publishing import queries as published
from quizapp.banks.reader import Document, read
from quizapp.banks.work import Work
from quizapp.errors import Invalid, NotFound
from quizapp.richtext import to_plain
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.teaching.drafts.routes import DRAFT
from quizapp.teaching.drafts.service import DraftMoved
from quizapp.teaching.writing import contents, file_edits, places
from quizapp.teaching.writing.editor import routes as editor
from quizapp.teaching.writing.editor.routes import (
    open_draft,
    previewed,
    problems_of,
    readable,
    save,
    status_of,
)
from quizapp.teaching.writing.forms import (
    NOTE_FORMS,
    NoteForm,
    PlaceForm,
    RestoreForm,
    labels_of,
)
from quizapp.teaching.writing.ids import follows_question
from quizapp.teaching.writing.settings import heads
from quizapp.teaching.writing.settings import routes as settings
from quizapp.web.fragments import wants_fragment
from quizapp.web.pagination import page_in, page_number

_NOTE = f"{DRAFT}/notes/<string(maxlength={limits.ID_CHARS}):note>"
_TITLE_SHOWN = 160
_SHEETS = (
    "new_notes"  # in the session: the new notes that were saved last: their sheets, ids, the draft's edits
)
_SHEETS_KEPT = 8
_NEW_ID = "Learners lose what they know of this note: a new id is a new note."
_EMPTY = "Nothing is written here yet, so nothing was saved. Begin with this field."

_Told = dict[str, list[tuple[str, str, str]]]  # by field id: level, words, and where that is
_Page = str | Response | tuple[str, int]


def register(blueprint: Blueprint) -> None:
    """Add these routes to `blueprint`."""
    for rule, view, methods in (
        (f"{DRAFT}/notes", notes, ["GET"]),
        (f"{DRAFT}/notes/new", new_note, ["GET", "POST"]),
        (f"{DRAFT}/notes/restore", restore_note, ["POST"]),
        (_NOTE, edit_note, ["GET", "POST"]),
        (f"{_NOTE}/move", move_note, ["POST"]),
        (f"{_NOTE}/delete", delete_note, ["POST"]),
    ):
        blueprint.add_url_rule(rule, view_func=view, methods=methods)
    editor.register(blueprint)
    settings.register(blueprint)


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note in the list of a draft: `index` counts from 0 in the file, `address` is what its page is called.

    `title` is as it is written; only those that are shown are made plain.
    """

    index: int
    address: str
    key: str
    title: str
    kind: str
    errors: int
    hints: int


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
    document = readable(draft)
    form = NOTE_FORMS[kind](
        **(
            {}
            if request.method == "POST"
            else {"data": {"edits": draft.edits, "sheet": secrets.token_hex(8)}}
        )
    )
    return _written(draft, document, form, kind, None)


@instructor_required
def edit_note(code: str, note: str) -> _Page:
    """Change a note by its fields."""
    draft = open_draft(code)
    document = readable(draft)
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
    last = len(places.written_notes(readable(draft))) - 1
    save(draft, file_edits.move_note(draft.source, index, min(form.to.data, last)), form.edits.data)
    return redirect(url_for("teaching.notes", code=code, _anchor=f"note-{note}"), 303)


@instructor_required
def delete_note(code: str, note: str) -> _Page:
    """Take a note out of the draft, and offer to put it back."""
    draft, form = open_draft(code), PlaceForm(to=0)
    form.require()
    index = _index(draft, note)
    title = _title(_notes_of(readable(draft))[0][index]) or f"note {index + 1}"
    source, lines = file_edits.remove_note(draft.source, index)
    save(draft, source, form.edits.data)
    return _notes_page(open_draft(code), deleted=(index, title, "\n".join(lines)))


@instructor_required
def restore_note(code: str) -> _Page:
    """Put a note back that was just deleted."""
    draft, form = open_draft(code), RestoreForm()
    form.require()
    lines = form.lines.data.replace("\r\n", "\n").split("\n")
    save(draft, file_edits.insert_lines(draft.source, form.to.data, lines), form.edits.data)
    flash("The note is back.")
    return redirect(url_for("teaching.notes", code=code), 303)


def _notes_of(document: Document) -> tuple[list[Any], list[str]]:
    written = places.written_notes(document)
    return written, places.written_ids(written)


def _index(draft: DraftRow, note: str) -> int:
    index = places.addressed(_notes_of(readable(draft))[1], note)
    if index is None:
        raise NotFound(f"This draft has no note '{note}'. Perhaps it was deleted or renamed.")
    return index


def _written(draft: DraftRow, document: Document, form: NoteForm, kind: str, index: int | None) -> _Page:
    """Do what a note's form asks: show it, add or take out a row, or save it."""
    written, ids = _notes_of(document)
    if request.method == "GET":
        return _note_page(draft, document, form, kind, index, focus=form.start() if index is None else None)
    if index is None:
        index = _saved_before(draft, form, ids)
    if (focus := form.change_rows()) is not None:
        return _note_page(draft, document, form, kind, index, focus=focus)
    form.require()
    before = {} if index is None else written[index]
    values = form.data
    if index is not None:
        own, wanted = before.get("id", ""), contents.tidy(values["id"])
        if own in _published_ids(document):
            values["id"] = wanted = wanted or own
            if wanted not in (own, form.renamed.data):
                form.renamed.data = wanted
                told = {form.id.id: [("warning", _NEW_ID, "Id")]}
                notice = "The id of a published note was changed. If you mean it, save again."
                return _note_page(draft, document, form, kind, index, told=told, notice=notice), 422
        elif wanted == own and follows_question(written, index):
            values["id"] = ""  # one is made anew
    others = [key for position, key in enumerate(ids) if position != index]
    note = contents.note_of(kind, values, before, taken=others)
    if index is None and contents.is_empty(note):
        start = form.start()
        told = {start.id: [("error", _EMPTY, "")]}
        return _note_page(draft, document, form, kind, index, focus=start, told=told), 422
    at = len(ids) if index is None else index
    change = file_edits.insert_note if index is None else file_edits.replace_note
    try:
        edits = save(draft, change(draft.source, at, note), form.edits.data)
    except (Invalid, DraftMoved) as error:
        form.edits.data = draft.edits  # who reads this and saves again means it: only this note is replaced
        again = " Look it over, and save again." if isinstance(error, DraftMoved) else ""
        return _note_page(draft, document, form, kind, index, notice=error.message + again), status_of(error)
    if form.sheet.data:
        kept = [entry for entry in session.get(_SHEETS, []) if entry[0] != form.sheet.data]
        session[_SHEETS] = [*kept, [form.sheet.data, note["id"], edits]][-_SHEETS_KEPT:]
    flash("Saved.")
    if form.do.data == "another":
        return redirect(url_for("teaching.new_note", code=draft.code, type=kind), 303)
    ids[at:] = [note["id"], *ids[at + 1 :]]
    return redirect(url_for("teaching.edit_note", code=draft.code, note=places.address(ids, at)), 303)


def _saved_before(draft: DraftRow, form: NoteForm, ids: list[str]) -> int | None:
    """Return the index of the note that was made when this new note was saved first, or None.

    Who goes back to it and saves again changes that note, and is behind only if something else has changed since.
    """
    for sheet, key, edits in session.get(_SHEETS, []):
        if sheet == form.sheet.data and key in ids:
            if edits == draft.edits:
                form.edits.data = edits
            form.id.data = form.id.data or key
            return ids.index(key)
    return None


def _published_ids(document: Document) -> Collection[str]:
    slug = document.data.get("bank")
    found = published.published_bank(slug) if isinstance(slug, str) else None
    return published.published_notes(found[0].id) if found else ()


def _note_page(
    draft: DraftRow,
    document: Document,
    form: NoteForm,
    kind: str,
    index: int | None,
    *,
    focus: Any = None,
    notice: str = "",
    told: _Told | None = None,
) -> str:
    """Show a note's form; as it is saved, with what is wrong at its fields."""
    form.pad()
    labels = labels_of(form)
    told = told or {}
    if index is not None and request.method == "GET":
        for problem in (problems_of(draft) or {}).get(index, []):
            field = form.field_at(places.field_path(problem))
            said = (problem.level, places.in_words(problem, labels), places.whereabouts(problem, labels))
            told.setdefault(field.id if field else "", []).append(said)
    written, ids = _notes_of(document)
    sources = document.data.get("sources")
    return render_template(
        "teaching/writing/_note.html" if wants_fragment() else "teaching/writing/note.html",
        draft=draft,
        form=form,
        kind=kind,
        kinds=NOTE_FORMS,
        note=None if index is None else places.address(ids, index),
        title="" if index is None else _title(written[index]),
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
    document = read(draft.source, Work(limits.READ_AT_ONCE_STEPS))
    written, ids = _notes_of(document)
    known = problems_of(draft)
    problems = known or {}
    asked, wanted = request.args.get("q", "")[: limits.SEARCH_CHARS].strip(), request.args.get("type", "")
    only = request.args.get("only") == "problems"
    lines = [
        _line(written[index], index, address, ids[index], problems.get(index, []))
        for index, address in enumerate(places.addresses(ids))
    ]
    page = page_in(
        [
            line
            for line in lines
            if asked.lower() in f"{line.title} {line.address}".lower()
            and wanted in ("", line.kind)
            and (line.errors or not only)
        ],
        page_number(),
    )
    shown = [replace(line, title=to_plain(line.title)[:_TITLE_SHOWN]) for line in page.items]
    return render_template(
        "teaching/writing/notes.html",
        draft=draft,
        document=document,
        title=heads.title(document.data) or draft.name,
        page=replace(page, items=shown),
        large=known is None,
        total=len(written),
        others=[(problem, heads.has_field(places.head_path(problem))) for problem in problems.get(None, [])],
        errors=sum(problem.level == "error" for group in problems.values() for problem in group),
        kinds=NOTE_FORMS,
        asked=asked,
        wanted=wanted,
        only=only,
        deleted=deleted,
    )


def _line(written: Any, index: int, address: str, key: str, problems: list[Problem]) -> NoteLine:
    note = written if isinstance(written, dict) else {}
    kind = str(note.get("type") or DEFAULT_TYPE)
    errors = sum(problem.level == "error" for problem in problems)
    return NoteLine(
        index,
        address,
        key,
        contents.title(note) or key,
        kind,
        errors,
        len(problems) - errors,
    )


def _title(note: Any) -> str:
    return to_plain(contents.title(note))[:_TITLE_SHOWN]
