"""Checking and publishing drafts that are too large for a request. Arguments say who asked, and for which draft."""

from __future__ import annotations

from typing import Any

from quizapp.accounts import queries as accounts
from quizapp.banks.check import check as check_file
from quizapp.banks.publishing.derive import derive
from quizapp.banks.visibility import Visibility
from quizapp.errors import Conflict, NotAllowed
from quizapp.jobs.base import Progress
from quizapp.teaching.drafts import queries as drafts
from quizapp.teaching.drafts import service as drafts_service
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.teaching.plans import queries, service
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from quizapp.web.words import count

_STEPS = 4


def check(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Find all problems of a draft, or what publishing it would change, and keep that for its page."""
    draft, media = _draft(arguments)
    progress(1, _STEPS)
    checked = check_file(draft.source, file=draft.name, media=media)
    progress(2, _STEPS)
    derived = derive(checked.bank) if checked.bank else []
    progress(3, _STEPS)
    found = queries.found(draft, checked, derived, media, **_who(arguments))
    unit.run(lambda: service.store_check(draft, found))
    if found.taken:
        return _done(arguments, drafts_service.Taken(found.taken).message, "See the draft")
    if found.planned is None:
        return _done(arguments, f"It has {count(found.errors, 'error')}.", "See the problems")
    return _done(arguments, "It has no errors and can be published.", "See the plan")


def publish(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Publish a draft, if it and its bank still are what they were when its author said so."""
    draft, media = _draft(arguments)
    if draft.published_as is not None:  # this job did it before it was ended
        return _done(arguments, f"Version {draft.published_as} is published.", "See the bank")
    progress(1, _STEPS)
    checked = check_file(draft.source, file=draft.name, media=media)
    if checked.bank is None or draft.edits != arguments["edits"]:
        raise Conflict("The draft was changed since you asked to publish it. Look at its plan again.")
    bank = checked.bank
    progress(2, _STEPS)
    derived = derive(bank)
    progress(3, _STEPS)
    unit.run(
        lambda: drafts_service.publish_draft(
            draft,
            bank,
            media=media,
            derived=derived,
            version=arguments["version"],
            retire_many=arguments["retire_many"],
            undo_newer=arguments["undo_newer"],
            visibility=Visibility(arguments["visibility"]),
            now=now(),
            **_who(arguments),
        )
    )
    return _done(arguments, f"Version {arguments['version']} is published.", "See the bank")


def _draft(arguments: dict[str, Any]) -> tuple[DraftRow, dict[str, bytes]]:
    draft = drafts.draft_for(code=arguments["draft"], **_who(arguments))
    media = drafts.draft_media(draft.id)
    unit.end_read()
    return draft, media


def _who(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return who asked, by what they may do now: meanwhile an account can be changed, disabled or gone."""
    role = accounts.role_of(arguments["user_id"])
    if role is None or role < Role.INSTRUCTOR:
        raise NotAllowed("Your account may no longer change banks.")
    return {"user_id": arguments["user_id"], "is_administrator": role >= Role.ADMINISTRATOR}


def _done(arguments: dict[str, Any], message: str, label: str) -> dict[str, Any]:
    return {"message": message, "url": arguments["url"], "label": label}
