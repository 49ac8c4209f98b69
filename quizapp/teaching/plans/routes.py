"""Routes of what a draft is worth: its problems or its plan, previews, and publishing. They belong to teaching."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from quizapp import limits
from quizapp.accounts.guards import instructor_required
from quizapp.banks.check import Checked
from quizapp.banks.media import examine
from quizapp.banks.publishing import queries as published
from quizapp.banks.publishing.derive import Derived, derive
from quizapp.banks.publishing.plan import Plan
from quizapp.banks.visibility import Visibility
from quizapp.banks.work import TakesLong, Work
from quizapp.errors import NotFound
from quizapp.jobs import service as jobs
from quizapp.teaching import diff
from quizapp.teaching.drafts import queries as drafts
from quizapp.teaching.drafts import service as drafts_service
from quizapp.teaching.drafts.forms import PublishForm, ReplaceForm
from quizapp.teaching.drafts.naming import yaml_name
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.teaching.drafts.routes import DRAFT, ask_for_check, draft_of, viewer
from quizapp.teaching.plans import queries
from quizapp.teaching.plans.excerpt import as_text
from quizapp.teaching.plans.found import Found, Planned, check_at_once
from quizapp.teaching.plans.preview import NotePreview
from quizapp.teaching.plans.preview import preview as note_preview
from quizapp.teaching.versions.comparison import settings
from quizapp.web import unit
from quizapp.web.clock import now
from quizapp.web.pagination import page_in, page_number
from quizapp.web.words import count

_KINDS = ("changed", "new", "retired", "unchanged")
_SEED_MAX = 1_000_000

_Page = str | AnyResponse | tuple[str, int]


def register(blueprint: Blueprint) -> None:
    """Add these routes to `blueprint`."""
    for rule, view, method in (
        (DRAFT, draft, "GET"),
        (f"{DRAFT}/check", recheck, "POST"),
        (f"{DRAFT}/problems", problems, "GET"),
        (f"{DRAFT}/problems.txt", problems_text, "GET"),
        (f"{DRAFT}/publish", publish, "POST"),
        (f"{DRAFT}/preview/<string(maxlength={limits.ID_CHARS}):key>", preview, "GET"),
        (f"{DRAFT}/media/<path:name>", picture, "GET"),
    ):
        blueprint.add_url_rule(rule, view_func=view, methods=[method])


@instructor_required
def draft(code: str) -> _Page:
    """Show all problems of a draft, or what publishing it would change."""
    row = draft_of(code)
    if row.published_at is not None:
        return render_template("teaching/published.html", draft=row, bank=drafts.bank_of(row))
    found = _found(row)
    if found is None:
        return render_template("teaching/unchecked.html", draft=row)
    if found.taken:
        return render_template(
            "teaching/taken.html", draft=row, found=found, again=ReplaceForm(edits=row.edits)
        )
    return _problems_page(row, found) if found.planned is None else _plan_page(row, found.planned, found)


@instructor_required
def recheck(code: str) -> AnyResponse:
    """Have a large draft checked by a job."""
    return redirect(url_for("jobs.job", code=ask_for_check(draft_of(code))), 303)


@instructor_required
def problems(code: str) -> _Page:
    """Show all problems of a draft, warnings too, also where none of them blocks publishing."""
    row = draft_of(code)
    found = _found(row)
    return redirect(url_for(".draft", code=code)) if found is None else _problems_page(row, found)


@instructor_required
def problems_text(code: str) -> Response:
    """Send all problems as plain text."""
    row = draft_of(code)
    found = _found(row)
    if found is None:
        raise NotFound("This draft is not checked yet. Open its page first.")
    response = make_response("".join(as_text(yaml_name(row.name), found.problems)))
    response.mimetype = "text/plain"
    if "save" in request.args:
        response.headers.set("Content-Disposition", "attachment", filename="problems.txt")
    return response


@instructor_required
def publish(code: str) -> _Page:
    """Make the draft a version of its bank, as its plan said; a large one by a job."""
    row, form = draft_of(code), PublishForm()
    form.require()
    edits, version = form.edits.data, form.version.data
    meant = {"retire_many": form.retire_many.data, "undo_newer": form.undo_newer.data}
    visibility = Visibility(form.visibility.data)
    if row.published_as is not None:
        return redirect(url_for(".draft", code=code), 303)
    if edits != row.edits:
        return _moved(
            code, "This draft was changed meanwhile. Here is its plan as it is now; nothing was published."
        )
    read = _read(row)
    if read is None:
        return redirect(url_for("jobs.job", code=_ask_to_publish(row, version, visibility, meant)), 303)
    checked, derived, media = read
    if checked.bank is None:
        return _moved(code, "This draft has errors. Nothing was published.")
    bank = checked.bank
    found = queries.found(row, checked, derived, media, **viewer())
    if found.planned is None:
        raise drafts_service.Taken(bank.slug)
    since = drafts.published_since(row, bank.slug)
    unsaid = []
    if since is not None and not form.undo_newer.data:
        unsaid.append(form.undo_newer)
    if found.planned.retires_many and not form.retire_many.data and not (since and since.restores):
        unsaid.append(form.retire_many)
    for box in unsaid:
        box.errors = [*box.errors, "Tick this box if you mean it, then publish."]
    if unsaid:
        return _plan_page(row, found.planned, found, form), 409
    beside = _settings_changed(row, found.planned, Work(diff.STEPS_OF_PAGE))
    try:
        plan = unit.run(
            lambda: drafts_service.publish_draft(
                row,
                bank,
                media=media,
                derived=derived,
                version=version,
                visibility=visibility,
                now=now(),
                **meant,
                **viewer(),
            )
        )
    except drafts_service.DraftMoved as moved:
        return _moved(code, moved.message)
    flash(_in_words(plan, found.planned, beside))
    return redirect(url_for("teaching.bank", slug=bank.slug), 303)


@instructor_required
def preview(code: str, key: str) -> str:
    """Show one card or question of a note as learners will see it; another seed draws other options."""
    row = draft_of(code)
    unit.end_read()
    note = note_preview(
        row.source, key, lambda path: url_for(".picture", code=code, name=path.removeprefix("media/"))
    )
    if note is None:
        raise NotFound("This draft has no such note, or it is too broken to be shown. See its problems.")
    return render_template("teaching/preview.html", draft=row, key=key, note=note, **_shown(note))


@instructor_required
def picture(code: str, name: str) -> Response:
    """Serve a picture of a draft, which can do nothing but be seen."""
    content = drafts.draft_medium(draft_of(code).id, f"media/{name}")
    known = examine(content)
    if isinstance(known, str):
        raise NotFound("This draft has no such picture.")
    response = make_response(content)
    response.mimetype = known.kind
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _found(row: DraftRow) -> Found | None:
    """Return what checking a draft found; None for a large one that no job has checked as it stands."""
    read = _read(row)
    return queries.stored_check(row, **viewer()) if read is None else queries.found(row, *read, **viewer())


def _read(row: DraftRow) -> tuple[Checked, list[Derived], dict[str, bytes]] | None:
    """Check a draft, if that does not take long; meanwhile no snapshot of the database is held."""
    media = drafts.draft_media(row.id)
    unit.end_read()
    checked = check_at_once(row.source, file=row.name, media=media)
    return None if checked is None else (checked, derive(checked.bank) if checked.bank else [], media)


def _problems_page(row: DraftRow, found: Found) -> str:
    kind = request.args.get("kind")
    chosen = [problem for problem in found.problems if kind in (None, problem.level)]
    return render_template(
        "teaching/problems.html",
        draft=row,
        found=found,
        kind=kind,
        page=page_in(chosen, page_number(), size=limits.PROBLEMS_PER_PAGE),
        form=ReplaceForm(edits=row.edits),
    )


def _plan_page(row: DraftRow, planned: Planned, found: Found, form: PublishForm | None = None) -> str:
    only = request.args.get("show")
    only = only if only in _KINDS else None
    shown = {
        kind: page_in(getattr(planned, kind), page_number() if only else 1)
        for kind in _KINDS
        if kind == only or (only is None and kind != "unchanged")
    }
    since = drafts.published_since(row, planned.slug)
    form = form or PublishForm(edits=row.edits, version=planned.version)
    if since is not None and since.restores:
        form.undo_newer.label.text = f"I mean to restore version {row.based_on}"
    keys = [line.key for line in shown["changed"].items] if "changed" in shown else []
    before, work = queries.published_contents(planned.slug, keys), Work(diff.STEPS_OF_PAGE)
    return render_template(
        "teaching/plan.html",
        draft=row,
        plan=planned,
        found=found,
        chosen=only,
        shown=shown,
        changes={
            key: diff.changes(before[key], planned.contents[key], work) for key in keys if key in before
        },
        settings_changed=_settings_changed(row, planned, work),
        form=form,
        since=since,
        again=ReplaceForm(edits=row.edits),
    )


def _settings_changed(row: DraftRow, planned: Planned, work: Work) -> list[diff.Change]:
    """Return what would change beside the notes; of files too large to be read meanwhile nothing is said."""
    known = published.published_bank(planned.slug)
    try:
        return [] if known is None else settings(known[1].source, row.source, work)
    except TakesLong:
        return []


def _shown(note: NotePreview) -> dict[str, Any]:
    """Return what the address asks for: a card, or a question under a seed."""
    asked = request.args.get("show") == "questions" or not note.cards
    many = note.questions if asked else len(note.cards)
    number = min(page_number(), max(many, 1))
    seed = min(request.args.get("seed", 1, type=int), _SEED_MAX)
    seed = max(seed, 1)
    return {
        "asked": asked,
        "many": many,
        "number": number,
        "seed": seed,
        "face": None if asked else note.face(number - 1),
        "drawn": note.asked(number - 1, seed) if asked and many else None,
        "turned": "shown" in request.args,
    }


def _ask_to_publish(row: DraftRow, version: int, visibility: Visibility, meant: Mapping[str, bool]) -> str:
    arguments = {
        "draft": row.code,
        "edits": row.edits,
        "version": version,
        "visibility": int(visibility),
        **meant,
        "url": url_for(".draft", code=row.code),
        "user_id": g.viewer.user_id,
    }
    return unit.run(
        lambda: jobs.enqueue(
            "publish-draft", arguments, title=f"Publish {row.name}", user_id=g.viewer.user_id, now=now()
        )
    )


def _moved(code: str, message: str) -> AnyResponse:
    flash(message, "caution")
    return redirect(url_for(".draft", code=code), 303)


def _in_words(plan: Plan, planned: Planned, beside: list[diff.Change]) -> str:
    """Return what was published: how many notes, and `beside` them which settings."""
    if plan.same_file:
        return f"This file is version {plan.version - 1} already. Nothing changed."
    changes = [f"{many} {kind}" for kind, many in plan.counts.items() if many and kind != "unchanged"]
    if beside and not planned.is_new:
        changes.append(f"settings changed ({', '.join(change.field.lower() for change in beside)})")
    nothing = "only comments or layout changed" if planned.same_content else "no note changed"
    same = count(len(plan.unchanged), "note")
    return f"Version {plan.version} is published: {', '.join(changes) or nothing}. {same} stayed as before."
