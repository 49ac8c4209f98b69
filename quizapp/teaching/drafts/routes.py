"""Routes of drafts: what an author works on, and how a file comes in. They belong to teaching."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from quizapp import limits
from quizapp.accounts.guards import instructor_required
from quizapp.banks.authorship import queries as authorship
from quizapp.banks.models import Bank, BankVersion
from quizapp.banks.publishing import queries as published
from quizapp.banks.publishing.plan import fingerprint
from quizapp.errors import Invalid
from quizapp.jobs import service as jobs
from quizapp.teaching.archives.package import Package, Refused, read_package, text
from quizapp.teaching.drafts import queries, service
from quizapp.teaching.drafts.forms import ReplaceForm, UploadForm
from quizapp.teaching.drafts.naming import PASTED, shown_name, written_slug, yaml_name
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.teaching.plans.found import is_large
from quizapp.teaching.versions.package import package
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now

DRAFT = "/teach/drafts/<string(length=22):code>"

_RECEIVERS = {"teaching.receive", "teaching.replace"}

_Page = str | AnyResponse | tuple[str, int]


def register(blueprint: Blueprint) -> None:
    """Add these routes to `blueprint`."""
    blueprint.url_value_preprocessor(_welcome_packages)
    for rule, view, method in (
        ("/teach", index, "GET"),
        ("/teach/upload", upload, "GET"),
        ("/teach/upload", receive, "POST"),
        (f"{DRAFT}/file", download, "GET"),
        (f"{DRAFT}/file", replace, "POST"),
        (f"{DRAFT}/discard", discard, "POST"),
    ):
        blueprint.add_url_rule(rule, view_func=view, methods=[method])


@instructor_required
def index() -> str:
    """List the viewer's banks and drafts."""
    banks = authorship.editable_banks(**viewer())
    return render_template(
        "teaching/index.html",
        banks=banks,
        drafts=queries.open_drafts(g.viewer.user_id, [bank.id for bank in banks]),
    )


@instructor_required
def upload() -> str:
    """Ask for a bank's file."""
    return _upload_page(UploadForm())


@instructor_required
def receive() -> _Page:
    """Make a draft of an uploaded file or of pasted text; what cannot be a bank is refused in a sentence.

    What is the current version already leads to its bank, and what is an open draft already to that.
    """
    form = UploadForm()
    unit.end_read()  # taking a file apart holds no snapshot of the database
    try:
        sent = _package(form)
        known = _bank(sent.source)
        if known and known[1].sha256 == fingerprint(sent.source, sent.media or {}):
            flash(f"This is version {known[1].number} already. Nothing was kept.")
            return redirect(url_for("teaching.bank", slug=known[0].slug), 303)
        code = queries.same_open_draft(g.viewer.user_id, source=sent.source, media=sent.media or {}) or _kept(
            sent, known[0].id if known else None
        )
    except Invalid as refused:
        form.blame(refused)
        return _upload_page(form), 422
    return _onward(queries.draft_for(code=code, **viewer()))


@instructor_required
def replace(code: str) -> _Page:
    """Put another file in the draft's place; its pictures stay unless a ZIP brings others."""
    draft, form = draft_of(code), ReplaceForm()
    form.require()
    unit.end_read()
    try:
        sent = _package(form)
        known = _bank(sent.source)
        bank_id = known[0].id if known else draft.bank_id
        unit.run(
            lambda: service.replace_file(
                draft,
                name=sent.name,
                source=sent.source,
                media=sent.media,
                bank_id=bank_id,
                edits=form.edits.data,
                now=now(),
            )
        )
    except (Invalid, service.DraftMoved) as refused:
        flash(refused.message, "error")
        return redirect(url_for("teaching.draft", code=code), 303)
    return _onward(draft_of(code))


@instructor_required
def download(code: str) -> AnyResponse:
    """Send the draft's file, byte for byte, with its pictures in a ZIP. A published one is kept by its bank."""
    draft = draft_of(code)
    if draft.published_at is not None:
        return redirect(url_for("teaching.draft", code=code))
    name, content, kind = yaml_name(draft.name), draft.source, "application/yaml"
    if media := queries.draft_media(draft.id):
        name, content, kind = "bank.zip", package(draft.source, media), "application/zip"
    return send_file(io.BytesIO(content), kind, as_attachment=True, download_name=name)


@instructor_required
def discard(code: str) -> AnyResponse:
    """Throw a draft away."""
    draft = draft_of(code)
    unit.run(lambda: service.discard_draft(draft))
    flash(f"The draft {draft.name} is discarded. What is published stays as it is.")
    return redirect(url_for("teaching.index"), 303)


def viewer() -> dict[str, Any]:
    """Return who looks, as queries of drafts ask it."""
    return {"user_id": g.viewer.user_id, "is_administrator": g.viewer.role >= Role.ADMINISTRATOR}


def draft_of(code: str) -> DraftRow:
    """Return the draft at this address, if the viewer may see it. Raises NotFound."""
    return queries.draft_for(code=code, **viewer())


def _welcome_packages(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a ZIP with pictures in, where one is expected, before anything reads the request."""
    if endpoint in _RECEIVERS:
        request.max_content_length = limits.PACKAGE_BYTES + limits.MIB


def _package(form: UploadForm) -> Package:
    """Return what was uploaded, or pasted. Raises Refused, at the field that is meant."""
    file, pasted = form.file.data, form.text.data or ""
    try:
        if file:
            with file.stream as stream:
                return read_package(stream, name=shown_name(file.filename))
        if pasted.strip():
            return Package(PASTED, text(pasted.replace("\r\n", "\n").encode("utf-8", "surrogatepass")))
    except Refused as refused:
        raise Refused(refused.message, {"file" if file else "text": refused.message}) from refused
    raise Refused("Nothing was sent.", {"file": "Choose a file, or paste the bank's text below."})


def _upload_page(form: UploadForm) -> str:
    return render_template("teaching/upload.html", form=form, limits=limits)


def _kept(sent: Package, bank_id: int | None) -> str:
    return unit.run(
        lambda: service.create_draft(
            g.viewer.user_id,
            name=sent.name,
            source=sent.source,
            media=sent.media or {},
            bank_id=bank_id,
            based_on=None,
            now=now(),
        )
    )


def _bank(source: bytes) -> tuple[Bank, BankVersion] | None:
    """Return the bank that a file says it is, with its current version, if the viewer may change it."""
    known = published.published_bank(written_slug(source))
    return known if known and authorship.may_edit(bank_id=known[0].id, **viewer()) else None


def _onward(draft: DraftRow) -> AnyResponse:
    """Go to the draft's page, or, where checking takes long, to the job that does it."""
    if not is_large(draft.source):
        return redirect(url_for("teaching.draft", code=draft.code), 303)
    return redirect(url_for("jobs.job", code=ask_for_check(draft)), 303)


def ask_for_check(draft: DraftRow) -> str:
    """Have a draft checked by a job; return the job's code."""
    url = url_for("teaching.draft", code=draft.code)
    arguments = {"draft": draft.code, "url": url, "user_id": g.viewer.user_id}
    return unit.run(
        lambda: jobs.enqueue(
            "check-draft", arguments, title=f"Check {draft.name}", user_id=g.viewer.user_id, now=now()
        )
    )
