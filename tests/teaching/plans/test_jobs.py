"""Large drafts: the job finds what a page would find, and publishes what its plan said."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp.accounts.oversight.service import disable
from quizapp.accounts.service import change_role
from quizapp.banks.models import Bank
from quizapp.banks.visibility import Visibility
from quizapp.db import db
from quizapp.errors import Conflict, NotAllowed, NotFound
from quizapp.teaching.drafts import queries as drafts
from quizapp.teaching.drafts import service as drafts_service
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.teaching.plans import jobs, queries
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from tests.factories.accounts import create_user
from tests.factories.banks import bank_yaml, publish
from tests.factories.teaching import create_draft


def keep_on(done: int, total: int) -> None:
    assert done < total


def arguments(draft: DraftRow, **more: Any) -> dict[str, Any]:
    return {"draft": draft.code, "user_id": draft.user_id, "url": "/x", **more}


@pytest.fixture
def draft(app: Flask) -> DraftRow:
    return create_draft(create_user(role=Role.INSTRUCTOR))


def test_a_check_is_kept_for_the_page_until_the_draft_or_the_bank_moves_on(draft: DraftRow) -> None:
    result = jobs.check(arguments(draft), keep_on)
    assert result == {
        "message": "It has no errors and can be published.",
        "url": "/x",
        "label": "See the plan",
    }
    kept = queries.stored_check(draft, user_id=draft.user_id, is_administrator=True)
    assert kept is not None
    assert kept.planned is not None
    assert [line.key for line in kept.planned.new] == ["receptor", "start", "organ"]
    publish()
    assert queries.stored_check(draft, user_id=draft.user_id, is_administrator=True) is None
    jobs.check(arguments(draft), keep_on)
    unit.run(lambda: drafts_service.save_draft(draft, source=b"x", edits=0, now=now()))
    after = drafts.draft_for(draft.user_id, False, draft.code)
    assert queries.stored_check(after, user_id=draft.user_id, is_administrator=True) is None


def test_errors_are_counted(app: Flask) -> None:
    draft = create_draft(create_user(role=Role.INSTRUCTOR), b"format: 1\n")
    assert jobs.check(arguments(draft), keep_on)["label"] == "See the problems"


def test_publishing_again_after_a_crash_is_the_same_as_once(draft: DraftRow) -> None:
    wish = arguments(draft, edits=0, version=1, retire_many=False, undo_newer=False, visibility=1)
    first = jobs.publish(wish, keep_on)
    assert jobs.publish(wish, keep_on) == first
    assert db.session.execute(select(Bank.version, Bank.visibility)).one() == (1, Visibility.SIGNED_IN)


def test_a_draft_that_moved_on_is_not_published(draft: DraftRow) -> None:
    unit.run(lambda: drafts_service.save_draft(draft, source=bank_yaml(title="New"), edits=0, now=now()))
    with pytest.raises(Conflict, match="Look at its plan again"):
        jobs.publish(
            arguments(draft, edits=0, version=1, retire_many=False, undo_newer=False, visibility=1), keep_on
        )
    assert db.session.scalar(select(Bank.id)) is None


def test_a_job_reaches_no_further_than_who_asked(draft: DraftRow) -> None:
    stranger = create_user("otto@example.org", role=Role.INSTRUCTOR)
    with pytest.raises(NotFound):
        jobs.check({**arguments(draft), "user_id": stranger}, keep_on)


def test_a_job_may_what_who_asked_may_when_it_runs(draft: DraftRow) -> None:
    publish()  # so that only an administrator may write the bank of this draft
    wish = arguments(draft, edits=0, version=2, retire_many=False, undo_newer=False, visibility=1)
    unit.run(lambda: change_role(draft.user_id, Role.ADMINISTRATOR))
    create_user("ada@example.org", role=Role.ADMINISTRATOR)
    assert jobs.check(wish, keep_on)["label"] == "See the plan"
    unit.run(lambda: change_role(draft.user_id, Role.INSTRUCTOR))
    with pytest.raises(drafts_service.Taken):
        jobs.publish(wish, keep_on)
    unit.run(lambda: change_role(draft.user_id, Role.LEARNER))
    with pytest.raises(NotAllowed, match="no longer change banks"):
        jobs.publish(wish, keep_on)
    unit.run(lambda: change_role(draft.user_id, Role.ADMINISTRATOR))
    unit.run(lambda: disable(draft.user_id))
    with pytest.raises(NotAllowed):
        jobs.check(wish, keep_on)
    assert db.session.scalar(select(Bank.version)) == 1
