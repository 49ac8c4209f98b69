"""Routes of a bank's settings: what it says about itself, and a new bank. They belong to teaching."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp.accounts.guards import instructor_required
from quizapp.banks.reader import read
from quizapp.errors import Invalid
from quizapp.teaching.drafts import service
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.teaching.drafts.routes import DRAFT
from quizapp.teaching.drafts.service import DraftMoved
from quizapp.teaching.writing import contents, file_edits, places
from quizapp.teaching.writing.editor.routes import open_draft, problems_of, readable, save, status_of
from quizapp.teaching.writing.forms import labels_of
from quizapp.teaching.writing.settings import heads
from quizapp.teaching.writing.settings.forms import SettingsForm
from quizapp.web import unit
from quizapp.web.clock import now
from quizapp.web.fragments import wants_fragment

_Page = str | Response | tuple[str, int]


def register(blueprint: Blueprint) -> None:
    """Add these routes to `blueprint`."""
    blueprint.add_url_rule("/teach/new", view_func=new_bank, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{DRAFT}/settings", view_func=settings, methods=["GET", "POST"])


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
    head = readable(draft).data
    if request.method == "GET":
        return _settings_page(SettingsForm(data=heads.values_of(head) | {"edits": draft.edits}), draft)
    form = SettingsForm()
    if (focus := form.change_rows()) is not None or not form.validate_on_submit():
        return _settings_page(form, draft, focus), 422 if form.errors else 200
    try:
        source = file_edits.set_head(draft.source, heads.head_of(form.data, head))
        save(draft, source, form.edits.data)
    except (Invalid, DraftMoved) as error:
        form.form_errors.append(error.message)
        form.edits.data = draft.edits
        return _settings_page(form, draft), status_of(error)
    flash("Saved.")
    return redirect(url_for("teaching.notes", code=code), 303)


def _settings_page(form: SettingsForm, draft: DraftRow | None, focus: Any = None) -> str:
    form.pad()
    told: dict[str, list[tuple[str, str, str]]] = {}
    if draft is not None and request.method == "GET":
        for problem in (problems_of(draft) or {}).get(None, []):
            field = form.field_at(places.head_path(problem))
            said = (problem.level, places.in_words(problem, labels_of(form)), "")
            told.setdefault(field.id if field else "", []).append(said)
    template = "_settings" if wants_fragment() else "settings"
    return render_template(
        f"teaching/writing/{template}.html", draft=draft, form=form, told=told, focus=focus
    )
