"""Keeping what a job found in a draft that is too large to be checked while somebody waits."""

from __future__ import annotations

from sqlalchemy import delete

from quizapp.db import db
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.teaching.models import DraftCheck
from quizapp.teaching.plans.found import Found


def store_check(draft: DraftRow, found: Found) -> None:
    """Keep what was found in the draft as it stood; an earlier finding goes."""
    db.session.execute(delete(DraftCheck).where(DraftCheck.draft_id == draft.id))
    db.session.add(DraftCheck(draft_id=draft.id, edits=draft.edits, found=found.as_json()))
    db.session.flush()
