from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp.banks.check import check
from quizapp.banks.models import Bank
from quizapp.banks.publishing.derive import derive
from quizapp.banks.publishing.plan import Plan
from quizapp.db import db
from quizapp.errors import Invalid, NotAllowed, NotFound
from quizapp.teaching.drafts import queries, service
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from tests.factories.accounts import create_user
from tests.factories.banks import FACTS, bank_yaml, publish
from tests.factories.teaching import create_draft, picture


@pytest.fixture
def author(app: Flask) -> int:
    return create_user("ines@example.org", role=Role.INSTRUCTOR)


def publish_draft(draft: DraftRow, user_id: int, *, version: int = 1, undo_newer: bool = False) -> Plan:
    media = queries.draft_media(draft.id)
    bank = check(draft.source, file=draft.name, media=media).bank
    assert bank is not None
    return unit.run(
        lambda: service.publish_draft(
            draft,
            bank,
            media=media,
            derived=derive(bank),
            user_id=user_id,
            is_administrator=False,
            version=version,
            retire_many=False,
            undo_newer=undo_newer,
            now=now(),
        )
    )


def owner_of(slug: str) -> int | None:
    return db.session.scalar(select(Bank.owner_id).where(Bank.slug == slug))


def test_a_draft_is_its_authors_alone_while_its_bank_is_not_published(author: int) -> None:
    draft = create_draft(author)
    stranger = create_user("otto@example.org", role=Role.INSTRUCTOR)
    for user_id, is_administrator in ((stranger, False), (stranger, True)):
        with pytest.raises(NotFound):
            queries.draft_for(user_id, is_administrator, draft.code)


def test_who_may_change_the_bank_sees_its_drafts(author: int) -> None:
    publish_draft(create_draft(author), author)
    bank_id = db.session.scalar(select(Bank.id))
    draft = create_draft(author, bank_id=bank_id, based_on=1)
    other = create_user("otto@example.org", role=Role.INSTRUCTOR)
    assert queries.draft_for(other, True, draft.code) == draft
    with pytest.raises(NotFound):
        queries.draft_for(other, False, draft.code)


def test_saving_counts_and_tells_the_second_window_that_it_is_behind(author: int) -> None:
    draft = create_draft(author)
    assert unit.run(lambda: service.save_draft(draft, source=b"one", edits=0, now=now())) == 1
    with pytest.raises(service.DraftMoved, match="in another window"):
        unit.run(lambda: service.save_draft(draft, source=b"two", edits=0, now=now()))
    assert queries.draft_for(author, False, draft.code).source == b"one"


def test_a_save_whose_reply_was_lost_may_be_sent_again(author: int) -> None:
    code = create_draft(author).code
    for _ in range(2):
        draft = queries.draft_for(author, False, code)
        assert unit.run(lambda at=draft: service.save_draft(at, source=b"one", edits=0, now=now())) == 1
    assert queries.draft_for(author, False, code).edits == 1


def test_publishing_makes_the_author_the_owner_and_ends_the_draft(author: int) -> None:
    draft = create_draft(author)
    plan = publish_draft(draft, author)
    assert len(plan.new) == 3
    assert owner_of("sample") == author
    after = queries.draft_for(author, False, draft.code)
    assert (after.published_as, after.edits) == (1, 1)
    assert queries.open_drafts(author) == []
    with pytest.raises(service.DraftMoved, match="published"):
        unit.run(lambda: service.save_draft(after, source=b"late", edits=1, now=now()))


def test_publishing_twice_from_two_windows_makes_one_version(author: int) -> None:
    draft = create_draft(author)
    publish_draft(draft, author)
    with pytest.raises(service.DraftMoved, match="another version meanwhile"):
        publish_draft(draft, author)
    assert db.session.scalar(select(Bank.version)) == 1


def test_the_same_file_again_changes_nothing(author: int) -> None:
    publish_draft(create_draft(author), author)
    plan = publish_draft(create_draft(author), author, version=2)
    assert plan.same_file
    assert db.session.scalar(select(Bank.version)) == 1


def test_what_was_published_since_a_draft_was_begun_is_undone_only_if_that_is_meant(author: int) -> None:
    publish_draft(create_draft(author), author)
    bank_id = db.session.scalar(select(Bank.id))
    first, second = (
        create_draft(author, bank_yaml(title=title), bank_id=bank_id, based_on=1) for title in ("One", "Two")
    )
    publish_draft(first, author, version=2)
    with pytest.raises(service.Outdated, match="Version 2 was published since"):
        publish_draft(second, author, version=3)
    assert db.session.scalar(select(Bank.title)) == "One"
    publish_draft(second, author, version=3, undo_newer=True)
    assert db.session.scalar(select(Bank.title)) == "Two"


def test_a_bank_of_somebody_else_is_refused_and_keeps_its_owner(author: int) -> None:
    publish_draft(create_draft(author), author)
    other = create_user("otto@example.org", role=Role.INSTRUCTOR)
    stolen = create_draft(other, bank_yaml(FACTS, title="Mine now"))
    with pytest.raises(NotAllowed, match="is taken: choose another"):
        publish_draft(stolen, other, version=2)
    assert owner_of("sample") == author


def test_a_bank_that_came_with_the_program_is_nobodys_to_take(author: int) -> None:
    publish(shipped=True)
    with pytest.raises(NotAllowed, match="is taken: choose another"):
        publish_draft(create_draft(author, bank_yaml(title="Mine")), author, version=2)


def test_pictures_count_against_the_authors_room(author: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content = picture()
    monkeypatch.setattr("quizapp.limits.MEDIA_PER_AUTHOR_BYTES", len(content) * 3 // 2)
    draft = create_draft(author, media={"media/a.png": content})
    assert queries.media_bytes(author) == len(content)
    with pytest.raises(Invalid, match="pictures"):
        create_draft(author, media={"media/b.png": content})
    unit.run(lambda: service.discard_draft(draft))
    assert queries.media_bytes(author) == 0
    create_draft(author, media={"media/b.png": content})


def test_drafts_are_bounded(author: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.limits.DRAFTS_PER_AUTHOR", 1)
    create_draft(author)
    with pytest.raises(Invalid, match="Publish or discard"):
        create_draft(author)
