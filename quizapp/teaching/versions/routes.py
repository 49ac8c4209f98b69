"""Routes of a bank as its authors run it: versions, who may study it, who may change it. They belong to teaching."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from quizapp import limits
from quizapp.accounts.guards import instructor_required
from quizapp.banks import queries as banks
from quizapp.banks.authorship import queries as authorship
from quizapp.banks.authorship import service
from quizapp.banks.authorship.queries import EditableBank
from quizapp.banks.visibility import Visibility
from quizapp.errors import Invalid, NotAllowed
from quizapp.teaching.drafts import queries as drafts
from quizapp.teaching.drafts import service as drafts_service
from quizapp.teaching.versions import queries
from quizapp.teaching.versions.comparison import compare
from quizapp.teaching.versions.forms import VISIBILITY_WORDS, AuthorForm, VisibilityForm
from quizapp.teaching.versions.package import package
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now

_BANK = f"/teach/banks/<string(maxlength={limits.ID_CHARS}):slug>"
_VERSION = f"{_BANK}/versions/<int(max={limits.URL_ID_MAX}):number>"

NOTES_SHOWN = 200  # of each kind of change

_Page = str | Response | tuple[str, int]


def register(blueprint: Blueprint) -> None:
    """Add these routes to `blueprint`."""
    for rule, view, method in (
        (_BANK, bank, "GET"),
        (f"{_BANK}/compare", compare_versions, "GET"),
        (f"{_VERSION}/bank.yaml", download_version, "GET"),
        (f"{_VERSION}/bank.zip", download_package, "GET"),
        (f"{_VERSION}/draft", draft_version, "POST"),
        (f"{_BANK}/visibility", choose_visibility, "POST"),
        (f"{_BANK}/authors", add_author, "POST"),
        (f"{_BANK}/authors/<int(max={limits.URL_ID_MAX}):user_id>/remove", remove_author, "POST"),
        (f"{_BANK}/owner", hand_over, "POST"),
        (f"{_BANK}/archive", archive, "POST"),
        (f"{_BANK}/unarchive", unarchive, "POST"),
    ):
        blueprint.add_url_rule(rule, view_func=view, methods=[method])


@instructor_required
def bank(slug: str) -> str:
    """Show a bank as its authors run it."""
    return _page(_bank(slug))


@instructor_required
def compare_versions(slug: str) -> str:
    """Show what one version changed in another, note by note; by default what the current one did."""
    found = _bank(slug)
    numbers = [version.number for version in queries.versions(found.id)]
    after = _chosen("after", numbers, found.version)
    before = _chosen("before", numbers, max(after - 1, numbers[-1]))
    sources = [banks.bank_version(found.id, number).source for number in (before, after)]
    unit.end_read()  # reading a large file holds no snapshot of the database
    return render_template(
        "teaching/versions/compare.html",
        bank=found,
        numbers=numbers,
        before=before,
        after=after,
        comparison=compare(*sources),
        shown=NOTES_SHOWN,
    )


@instructor_required
def download_version(slug: str, number: int) -> Response:
    """Send the file of a version, byte for byte as it was published."""
    source = banks.bank_version(_bank(slug).id, number).source
    return _sent(source, "application/yaml", f"{slug}-version-{number}.yaml")


@instructor_required
def download_package(slug: str, number: int) -> Response:
    """Send the file of a version with its pictures, as a ZIP file that can be uploaded again."""
    found = _bank(slug)
    source = banks.bank_version(found.id, number).source
    content = package(source, drafts.version_media(found.id, number))
    return _sent(content, "application/zip", f"{slug}-version-{number}.zip")


@instructor_required
def draft_version(slug: str, number: int) -> Response:
    """Begin a draft from a version, pictures too, or go on with one: to edit the current version (at once the note
    that the form names), or to restore an earlier one."""
    found, key = _bank(slug), request.form.get("note", "")[: limits.ID_CHARS]
    restores = number != found.version
    code = drafts.own_open_draft(g.viewer.user_id, bank_id=found.id, based_on=number, untouched=restores)
    if code is None:
        source = banks.bank_version(found.id, number).source
        code = unit.run(
            lambda: drafts_service.create_draft(
                g.viewer.user_id,
                name=f"{slug}-version-{number}.yaml",
                source=source,
                media=drafts.version_media(found.id, number),
                bank_id=found.id,
                based_on=number,
                now=now(),
            )
        )
    if restores:
        flash(f"This is a draft from version {number}. Publish it, and it is version {found.version + 1}.")
    if key:
        return redirect(url_for("teaching.edit_note", code=code, note=key), 303)
    return redirect(url_for("teaching.draft", code=code), 303)


@instructor_required
def choose_visibility(slug: str) -> Response:
    """Choose who may study the bank."""
    found, form = _owned(slug), VisibilityForm()
    form.require()
    visibility = Visibility(form.visibility.data)
    unit.run(lambda: service.set_visibility(found.id, visibility))
    flash(f"May study it now: {VISIBILITY_WORDS[visibility].lower()}.", "success")
    return _back(slug)


@instructor_required
def add_author(slug: str) -> _Page:
    """Let another instructor change the bank."""
    return _with_address(slug, service.add_author, "add", "{} may change this bank now.")


@instructor_required
def hand_over(slug: str) -> _Page:
    """Give the bank to another instructor."""
    return _with_address(slug, service.hand_over, "give", "This bank belongs to {} now.")


@instructor_required
def remove_author(slug: str, user_id: int) -> Response:
    """Let a co-author no longer change the bank; each may leave by themselves."""
    leaves = user_id == g.viewer.user_id
    found = _bank(slug) if leaves else _owned(slug)
    unit.run(lambda: service.remove_author(found.id, user_id))
    if leaves and not found.owned:
        flash(f"You are no longer an author of {found.title}.", "success")
        return redirect(url_for("teaching.index"), 303)
    flash("They may no longer change this bank.", "success")
    return _back(slug)


@instructor_required
def archive(slug: str) -> Response:
    """Offer the bank to nobody any more."""
    found = _owned(slug)
    unit.run(lambda: service.archive(found.id, now=now()))
    flash("Archived. It is offered to nobody any more; what learners did with it stays.", "success")
    return _back(slug)


@instructor_required
def unarchive(slug: str) -> Response:
    """Offer an archived bank again."""
    found = _owned(slug)
    unit.run(lambda: service.unarchive(found.id))
    flash("Back from the archive. Cards that learners began go on where they stood.", "success")
    return _back(slug)


def _bank(slug: str) -> EditableBank:
    return authorship.editable_bank(g.viewer.user_id, g.viewer.role is Role.ADMINISTRATOR, slug)


def _owned(slug: str) -> EditableBank:
    found = _bank(slug)
    if not found.owned:
        raise NotAllowed("Only the owner of a bank, or an administrator, may do this.")
    return found


def _page(found: EditableBank, **forms: AuthorForm) -> str:
    authors = authorship.authors(found.id)
    return render_template(
        "teaching/versions/bank.html",
        bank=found,
        versions=queries.versions(found.id),
        drafts=queries.drafts(found.id),
        authors=authors,
        visibility=VisibilityForm(formdata=None, visibility=found.visibility),
        add=forms.get("add") or AuthorForm(prefix="add", formdata=None),
        give=forms.get("give") or AuthorForm(prefix="give", formdata=None),
        offered_to=VISIBILITY_WORDS[found.visibility],
        me=g.viewer.user_id,
    )


def _with_address(slug: str, change: Callable[[int, str], str], name: str, told: str) -> _Page:
    found, form = _owned(slug), AuthorForm(prefix=name)
    if not form.validate_on_submit():
        return _page(found, **{name: form}), 422
    try:
        address = unit.run(partial(change, found.id, form.email.data))
    except Invalid as error:
        form.blame(error)
        return _page(found, **{name: form}), 422
    flash(told.format(address), "success")
    return _back(slug)


def _chosen(name: str, numbers: list[int], otherwise: int) -> int:
    asked = request.args.get(name, type=int)
    return asked if asked in numbers else otherwise


def _sent(content: bytes, media_type: str, name: str) -> Response:
    unit.end_read()
    return send_file(io.BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)


def _back(slug: str) -> Response:
    return redirect(url_for("teaching.bank", slug=slug), 303)
