"""Routes of the editor: a bank's whole file as text, checked while it is written. They belong to teaching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import limits
from quizapp.accounts.guards import instructor_required
from quizapp.banks.problems import Problem
from quizapp.banks.reader import Document, read
from quizapp.banks.work import Work
from quizapp.errors import Invalid
from quizapp.teaching.drafts import queries as drafts
from quizapp.teaching.drafts import service
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.teaching.drafts.routes import DRAFT, draft_of
from quizapp.teaching.drafts.service import DraftMoved
from quizapp.teaching.plans.found import check_at_once
from quizapp.teaching.plans.preview import NotePreview, preview
from quizapp.teaching.writing import places
from quizapp.teaching.writing.editor.forms import EditorForm
from quizapp.web import unit
from quizapp.web.clock import now
from quizapp.web.fragments import wants_fragment

PROBLEMS_SHOWN = 200

_SEED = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """A note's preview, and one of its questions before and after the answer."""

    note: NotePreview
    asked: tuple[Any, Any] | None


_Page = str | Response | tuple[str, int]


def register(blueprint: Blueprint) -> None:
    """Add these routes to `blueprint`."""
    rule = f"{DRAFT}/edit"
    blueprint.add_url_rule(rule, view_func=edit, methods=["GET"])
    blueprint.add_url_rule(rule, view_func=edit_text, methods=["POST"])
    blueprint.add_url_rule(f"{rule}/preview", view_func=preview_note, methods=["POST"])


@instructor_required
def edit(code: str) -> str:
    """Show a draft's file as text."""
    draft = open_draft(code)
    if len(draft.source) > limits.FORM_FIELD_BYTES:
        return render_template("teaching/writing/too_long.html", draft=draft)
    form = EditorForm(data={"source": draft.source.decode("utf-8", "replace"), "edits": draft.edits})
    return _page(draft, form, line=request.args.get("line", 0, type=int))


@instructor_required
def edit_text(code: str) -> _Page:
    """Check the text, or keep it as the draft and check it."""
    draft, form = open_draft(code), EditorForm()
    form.require()
    if form.do.data == "check":
        return _page(draft, form)
    over = request.form.get("over", type=int)  # somebody saw that they were behind, and means this text
    edits = form.edits.data if over is None else over
    try:
        form.edits.data = unit.run(
            lambda: service.save_draft(draft, source=_source(form), edits=edits, now=now())
        )
    except DraftMoved as error:
        return _page(open_draft(code), form, notice=error.message), 409
    if not wants_fragment():
        return redirect(url_for("teaching.edit", code=code), 303)
    return _page(open_draft(code), form, saved=True)


@instructor_required
def preview_note(code: str) -> _Page:
    """Show the note in a line of the text as learners will see it."""
    draft, form = open_draft(code), EditorForm()
    form.require()
    source = _source(form)
    document = read(source, Work(limits.READ_AT_ONCE_STEPS))
    index = places.note_in_line(document, form.line.data or 1)
    ids = places.written_ids(places.written_notes(document))
    shown = None if index is None else previewed(draft, source, ids[index])
    if wants_fragment():
        return render_template("teaching/writing/_preview.html", shown=shown)
    return _page(draft, form, line=form.line.data or 1, shown=shown, looked=True)


def open_draft(code: str) -> DraftRow:
    """Return a draft of the viewer's that may still be changed. Raises NotFound, DraftMoved."""
    draft = draft_of(code)
    if draft.published_at is not None:
        raise DraftMoved("This draft was published. To go on, edit the bank's current version.")
    return draft


def readable(draft: DraftRow) -> Document:
    """Return the file of a draft. Raises Invalid if it cannot be read to its end, TakesLong if too much is in it."""
    document = read(draft.source, Work(limits.READ_AT_ONCE_STEPS))
    if not document.complete:
        raise Invalid("The file of this draft cannot be read to its end. Mend it as YAML first.")
    return document


def save(draft: DraftRow, source: bytes, edits: int | None) -> int:
    """Keep `source` as the draft's file; return the number that goes with the next change."""
    return unit.run(lambda: service.save_draft(draft, source=source, edits=edits, now=now()))


def status_of(error: Invalid | DraftMoved) -> int:
    """Return the status of a page that tells of `error`."""
    return 409 if isinstance(error, DraftMoved) else 422


def problems_of(draft: DraftRow) -> dict[int | None, list[Problem]] | None:
    """Return what is wrong with a draft, by note; None for a large one, as looking for it takes long."""
    checked = check_at_once(draft.source, file=draft.name, media=drafts.draft_media(draft.id))
    return None if checked is None else places.by_note(checked.problems)


def previewed(draft: DraftRow, source: bytes, key: str) -> Shown | None:
    """Return what the note with this id yields, with one of its questions; None if it is not whole."""

    def picture(name: str) -> str:
        return url_for("teaching.picture", code=draft.code, name=name)

    if not key or (note := preview(source, key, picture)) is None:
        return None
    drawn = (note.asked(number, _SEED) for number in range(note.questions))
    return Shown(note, next((asked for asked in drawn if asked is not None), None))


def _source(form: EditorForm) -> bytes:
    text: str | None = form.source.data
    if text is None:
        raise Invalid("The text of the bank is missing.")
    return text.replace("\r\n", "\n").encode("utf-8", "replace")


def _page(draft: DraftRow, form: EditorForm, **said: object) -> str:
    """Show the editor with what is wrong with its text; to our script, what stands beside the text."""
    source = _source(form)
    checked = check_at_once(source, file=draft.name, media=drafts.draft_media(draft.id))
    found = () if checked is None else checked.problems
    errors = [problem for problem in found if problem.level == "error"]
    hints = [problem for problem in found if problem.level == "warning"]
    return render_template(
        "teaching/writing/_beside.html" if wants_fragment() else "teaching/writing/edit.html",
        draft=draft,
        form=form,
        large=checked is None,
        errors=errors,
        hints=hints,
        most=PROBLEMS_SHOWN,
        **said,
    )
