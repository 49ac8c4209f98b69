"""Use cases of drafts: begin, save, publish, discard. A draft is changed only by those `draft_for` gave it to."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, update

from quizapp import limits
from quizapp.banks.authorship import queries as authorship
from quizapp.banks.authorship import service as authors
from quizapp.banks.check import BankFile
from quizapp.banks.publishing import queries as published
from quizapp.banks.publishing import service as publishing
from quizapp.banks.publishing.derive import Derived
from quizapp.banks.publishing.plan import Plan
from quizapp.banks.visibility import Visibility
from quizapp.db import db
from quizapp.errors import Conflict, Invalid, NotAllowed
from quizapp.memory import queries as memory
from quizapp.teaching.drafts import queries
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.teaching.models import Draft, DraftMedium


class DraftMoved(Conflict):
    """The draft was saved or published elsewhere since it was shown."""

    code = "draft_moved"


class Taken(NotAllowed):
    """The written id is that of a bank which the user may not change; nothing else is said of it."""

    code = "id_taken"

    def __init__(self, slug: str) -> None:
        super().__init__(f"The id {slug} is taken: choose another.")


class Outdated(Conflict):
    """Publishing would undo what was published since the draft was begun, and nobody said that this is meant."""

    code = "draft_outdated"


def create_draft(
    user_id: int,
    *,
    name: str,
    source: bytes,
    media: Mapping[str, bytes],
    bank_id: int | None,
    based_on: int | None,
    now: dt.datetime,
) -> str:
    """Begin a draft and return its code. Raises Invalid where the user has too many, or too many pictures."""
    if queries.open_draft_count(user_id) >= limits.DRAFTS_PER_AUTHOR:
        raise Invalid(f"You have {limits.DRAFTS_PER_AUTHOR} drafts. Publish or discard some of them first.")
    draft = Draft(
        code=secrets.token_urlsafe(16),
        user_id=user_id,
        bank_id=bank_id,
        based_on=based_on,
        name=name[-limits.TITLE_CHARS :],
        source=source,
        created_at=now,
        changed_at=now,
    )
    db.session.add(draft)
    db.session.flush()
    _write_media(user_id, draft.id, media)
    return draft.code


def save_draft(draft: DraftRow, *, source: bytes, edits: int | None, now: dt.datetime) -> int:
    """Keep the file as `source`, and return the new number of edits.

    Raises DraftMoved where `edits`, the number shown with the text that was edited, is behind; but not where the
    same text was saved already, whose reply was lost.
    """
    if source == draft.source and draft.published_at is None:
        return draft.edits
    return _change(draft, edits, source=source, changed_at=now)


def replace_file(
    draft: DraftRow,
    *,
    name: str,
    source: bytes,
    media: Mapping[str, bytes] | None,
    bank_id: int | None,
    edits: int,
    now: dt.datetime,
) -> int:
    """Put another file in the draft's place; `media` None keeps its pictures. Raises DraftMoved."""
    changed = _change(
        draft,
        edits,
        source=source,
        name=name[-limits.TITLE_CHARS :],
        bank_id=bank_id,
        changed_at=now,
    )
    if media is not None:
        db.session.execute(delete(DraftMedium).where(DraftMedium.draft_id == draft.id))
        _write_media(draft.user_id, draft.id, media)
    return changed


def publish_draft(
    draft: DraftRow,
    bank: BankFile,
    *,
    media: Mapping[str, bytes],
    derived: Sequence[Derived],
    user_id: int,
    is_administrator: bool,
    version: int,
    retire_many: bool,
    undo_newer: bool = False,
    visibility: Visibility = Visibility.EVERYONE,
    now: dt.datetime,
) -> Plan:
    """Make the draft the version `version` of its bank, entirely or not at all, and return what that changed.

    `bank`, `media` and `derived` come from the draft as given. A file that is the current version already changes
    nothing. Raises Taken if the bank is somebody else's, DraftMoved if draft or bank moved on meanwhile, and
    Outdated unless `undo_newer` where the draft was begun from an earlier version. To restore one is to retire what
    came after it, so that this needs no `retire_many`. `visibility` is that of a bank not yet published.
    """
    if not is_free_for(user_id, is_administrator, bank.slug):
        raise Taken(bank.slug)
    known = published.published_bank(bank.slug)
    if (known[1].number if known else 0) + 1 != version:
        raise DraftMoved(
            "This bank got another version meanwhile. Look at the plan again before you publish."
        )
    since = queries.published_since(draft, bank.slug)
    if since is not None and not undo_newer:
        raise Outdated(
            f"Version {since.number} was published since this draft was begun from version {draft.based_on}. "
            "Publishing this would undo its changes: say that you mean it."
        )
    plan = publishing.publish_bank(
        bank,
        source=draft.source,
        media=media,
        derived=derived,
        learners_of=memory.learners_of,
        author_id=user_id,
        shipped=False,
        retire_many=retire_many or (since is not None and since.restores),
        now=now,
    )
    row = published.published_bank(bank.slug)
    assert row is not None
    if known is None:
        authors.set_visibility(row[0].id, visibility)
    _change(
        draft, draft.edits, bank_id=row[0].id, published_at=now, published_as=row[1].number, source=b""
    )  # the version keeps the file and its pictures now
    db.session.execute(delete(DraftMedium).where(DraftMedium.draft_id == draft.id))
    return plan


def is_free_for(user_id: int, is_administrator: bool, slug: str) -> bool:
    """Return whether `slug` is not the written id of a bank that this user may not change."""
    known = published.published_bank(slug)
    return known is None or authorship.may_edit(user_id, is_administrator, known[0].id)


def discard_draft(draft: DraftRow) -> None:
    """Throw the draft away. Versions that were published stay."""
    db.session.execute(delete(Draft).where(Draft.id == draft.id))


def _change(draft: DraftRow, edits: int | None, **columns: Any) -> int:
    """Change the draft if it is still as it was shown. This is one statement, so that of two only one succeeds.

    `edits` is what a form said: nothing, or a number that no column holds, is behind without being looked for.
    """
    statement = (
        update(Draft)
        .where(Draft.id == draft.id, Draft.edits == draft.edits, Draft.published_at.is_(None))
        .values(edits=draft.edits + 1, **columns)
    )
    if edits == draft.edits and db.session.connection().execute(statement).rowcount:
        return draft.edits + 1
    if draft.published_at is not None:
        raise DraftMoved("This draft was published. To go on, edit the bank's current version.")
    raise DraftMoved("This draft was changed in another window since you opened it. Nothing was saved here.")


def _write_media(user_id: int, draft_id: int, media: Mapping[str, bytes]) -> None:
    if not media:
        return
    if queries.media_bytes(user_id) + sum(map(len, media.values())) > limits.MEDIA_PER_AUTHOR_BYTES:
        most = limits.MEDIA_PER_AUTHOR_BYTES // limits.MIB
        raise Invalid(
            f"With these pictures you would keep over {most} MiB here. Discard drafts, or save them smaller."
        )
    rows = [{"draft_id": draft_id, "path": path, "content": content} for path, content in media.items()]
    db.session.execute(insert(DraftMedium), rows)
