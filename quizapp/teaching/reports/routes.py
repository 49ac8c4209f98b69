"""Routes of problem reports as authors meet them: the inboxes, and all that was reported about one note.

They belong to the blueprint of teaching.
"""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import limits
from quizapp.accounts import queries as accounts
from quizapp.accounts.guards import instructor_required
from quizapp.banks.authorship import queries as authorship
from quizapp.banks.reports import queries, service
from quizapp.banks.reports.queries import Place, Report
from quizapp.errors import Conflict, Invalid
from quizapp.quizzes import showing
from quizapp.teaching.reports.forms import AnswerForm
from quizapp.web import mail, unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from quizapp.web.pagination import page_number

_BANK = f"/teach/banks/<string(maxlength={limits.ID_CHARS}):slug>/reports"
_REPORT = f"/teach/reports/<int(max={limits.URL_ID_MAX}):report_id>"

_Page = str | Response | tuple[str, int]


def register(blueprint: Blueprint) -> None:
    """Add these routes to `blueprint`."""
    for rule, view, method in (
        ("/teach/reports", reports, "GET"),
        (_BANK, bank_reports, "GET"),
        (f"{_BANK}/<string(maxlength={limits.ID_CHARS}):key>", note_reports, "GET"),
        (f"{_REPORT}/answer", answer_report, "POST"),
        (f"{_REPORT}/close", close_report, "POST"),
        (f"{_REPORT}/reopen", reopen_report, "POST"),
    ):
        blueprint.add_url_rule(rule, view_func=view, methods=[method])


@instructor_required
def reports() -> str:
    """List the notes of all one's banks that learners reported."""
    return _inbox(authorship.editable_banks(*_who()))


@instructor_required
def bank_reports(slug: str) -> str:
    """List the notes of one bank that learners reported."""
    bank = authorship.editable_bank(*_who(), slug)
    return _inbox([bank], bank)


@instructor_required
def note_reports(slug: str, key: str) -> str:
    """Show all that was reported about one note, each with what the learner saw."""
    return _note(slug, key)


@instructor_required
def answer_report(report_id: int) -> _Page:
    """Answer a report, and close it if asked to; then mail the answer, where there is mail."""
    user_id, is_administrator = _who()
    form, instant = _form(report_id), now()
    try:
        form.require()
        place = unit.run(
            lambda: service.answer_report(
                report_id,
                user_id=user_id,
                is_administrator=is_administrator,
                reply=form.reply.data,
                fixed_in=form.fixed_in.data or None,
                is_closing=form.closing.data == "yes",
                answered_before=form.replied_at.data,
                now=instant,
            )
        )
    except (Invalid, Conflict) as error:
        place = queries.place_of(report_id, user_id=user_id, is_administrator=is_administrator)
        if isinstance(error, Conflict):
            form.form_errors.append(error.message)
        elif not form.errors:
            form.blame(error)
        status = 409 if isinstance(error, Conflict) else 422
        return _note(place.bank_slug, place.note_key, {report_id: form}), status
    _mail(place)
    flash("Answered. The learner will see it." + (" The report is closed." if form.closing.data else ""))
    return _back(place, report_id)


@instructor_required
def close_report(report_id: int) -> Response:
    """Put a report away without a word."""
    user_id, is_administrator = _who()
    instant = now()
    place = unit.run(
        lambda: service.close_report(
            report_id, user_id=user_id, is_administrator=is_administrator, now=instant
        )
    )
    flash("Closed.")
    return _back(place, report_id)


@instructor_required
def reopen_report(report_id: int) -> Response:
    """Take a closed report up again."""
    user_id, is_administrator = _who()
    place = unit.run(
        lambda: service.reopen_report(report_id, user_id=user_id, is_administrator=is_administrator)
    )
    flash("Open again.")
    return _back(place, report_id)


def _who() -> tuple[int, bool]:
    return g.viewer.user_id, g.viewer.role is Role.ADMINISTRATOR


def _form(report_id: int, report: Report | None = None) -> AnswerForm:
    return AnswerForm(obj=report, prefix=f"report-{report_id}-")


def _inbox(banks: list[authorship.EditableBank], bank: authorship.EditableBank | None = None) -> str:
    is_open = request.args.get("state") != "closed"
    page = queries.reported_notes([one.id for one in banks], is_open=is_open, page=page_number())
    return render_template("teaching/reports/inbox.html", page=page, bank=bank, is_open=is_open)


def _note(slug: str, key: str, sent: dict[int, AnswerForm] | None = None) -> str:
    """Return the page of one note's reports; `sent` are forms to be shown again as they were filled in."""
    bank = authorship.editable_bank(*_who(), slug)
    note = queries.note_now(bank.id, key)
    page = queries.note_reports(note.id, page=page_number())
    versions = queries.versions_since(bank.id, min((one.shown_in for one in page.items), default=0))
    forms = {one.id: _form(one.id, one) for one in page.items} | (sent or {})
    for one in page.items:
        later = [(number, f"Version {number}") for number, _ in versions if number > one.shown_in]
        forms[one.id].fixed_in.choices = [(0, "Not corrected, or no need to"), *later]
    return render_template(
        "teaching/reports/note.html",
        bank=bank,
        note=note,
        page=page,
        forms=forms,
        items={one.id: showing.reported(one.shown) for one in page.items if one.kind == "item"},
    )


def _mail(place: Place) -> None:
    address = accounts.address_of(place.learner_id)
    if address is not None:
        link = url_for("home.reports", _external=True)
        text = f"Your report about “{place.bank_title}” was answered. Read the answer here:\n\n{link}\n"
        mail.send(address, "Your report was answered", text)


def _back(place: Place, report_id: int) -> Response:
    here = url_for(
        "teaching.note_reports", slug=place.bank_slug, key=place.note_key, _anchor=f"report-{report_id}"
    )
    return redirect(here, 303)
