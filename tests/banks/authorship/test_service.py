"""Who may change a bank, and how that is passed on."""

from __future__ import annotations

import pytest
from flask import Flask

from quizapp.banks.authorship import queries, service
from quizapp.banks.authorship.queries import Authors, EditableBank
from quizapp.banks.models import Bank
from quizapp.banks.visibility import Visibility
from quizapp.db import db
from quizapp.errors import Invalid, NotFound
from quizapp.web import unit
from quizapp.web.access import Role
from tests.factories import banks
from tests.factories.accounts import create_user
from tests.factories.memory import MORNING

NOBODY = "No instructor has this address. An administrator can make somebody one."


@pytest.fixture
def ira(app: Flask) -> int:
    return create_user("ira@example.org", role=Role.INSTRUCTOR)


@pytest.fixture
def max_(app: Flask) -> int:
    return create_user("max@example.org", role=Role.INSTRUCTOR)


@pytest.fixture
def bank_id(ira: int) -> int:
    banks.publish(author_id=ira)
    return db.session.query(Bank.id).scalar()


def test_who_publishes_a_bank_first_owns_it(ira: int, max_: int, bank_id: int) -> None:
    assert queries.authors(bank_id) == Authors(ira, "ira@example.org", ())
    assert queries.may_edit(ira, False, bank_id)
    assert not queries.may_edit(max_, False, bank_id)
    assert queries.may_edit(max_, True, bank_id)  # an administrator


def test_a_bank_that_came_with_the_program_is_the_administrators(ira: int) -> None:
    banks.publish(shipped=True)
    assert queries.editable_banks(ira, False) == []
    assert [bank.slug for bank in queries.editable_banks(ira, True)] == ["sample"]


def test_a_co_author_changes_a_bank_without_owning_it(ira: int, max_: int, bank_id: int) -> None:
    added = unit.run(lambda: service.add_author(bank_id, " Max@Example.org "))
    assert added == "max@example.org"
    unit.run(lambda: service.add_author(bank_id, added))  # again changes nothing
    assert queries.authors(bank_id).co_authors == ((max_, "max@example.org"),)
    assert not queries.editable_bank(max_, False, "sample").owned
    assert queries.editable_bank(ira, False, "sample").owned
    unit.run(lambda: service.remove_author(bank_id, max_))
    with pytest.raises(NotFound, match="no bank of yours"):
        queries.editable_bank(max_, False, "sample")


def test_who_hands_a_bank_over_stays_as_co_author(ira: int, max_: int, bank_id: int) -> None:
    unit.run(lambda: service.add_author(bank_id, "max@example.org"))
    unit.run(lambda: service.hand_over(bank_id, "max@example.org"))
    assert queries.authors(bank_id) == Authors(max_, "max@example.org", ((ira, "ira@example.org"),))


def test_an_administrator_gives_away_what_came_with_the_program(ira: int) -> None:
    banks.publish(shipped=True)
    bank_id = queries.editable_banks(0, True)[0].id
    unit.run(lambda: service.hand_over(bank_id, "ira@example.org"))
    assert queries.authors(bank_id) == Authors(ira, "ira@example.org", ())


@pytest.mark.parametrize(
    ("email", "told"),
    [
        ("nobody@example.org", NOBODY),
        ("lea@example.org", NOBODY),  # a learner: whether she has an account is not told
        ("ira@example.org", "The bank is theirs already."),
        ("ira", "This is no e-mail address, such as name@example.org."),
    ],
)
def test_only_another_instructor_can_be_named(bank_id: int, email: str, told: str) -> None:
    create_user("lea@example.org")
    for change in (service.add_author, service.hand_over):
        with pytest.raises(Invalid, match=told) as caught:
            unit.run(lambda change=change: change(bank_id, email))
        assert caught.value.places == {"email": told}


def test_an_archived_bank_is_listed_last_and_comes_back_as_it_was(ira: int, bank_id: int) -> None:
    banks.publish(bank="later", title="Z bank", author_id=ira)
    unit.run(lambda: service.set_visibility(bank_id, Visibility.SIGNED_IN))
    unit.run(lambda: service.archive(bank_id, now=MORNING))
    assert [(bank.slug, bank.archived) for bank in queries.editable_banks(ira, False)] == [
        ("later", False),
        ("sample", True),
    ]
    unit.run(lambda: service.unarchive(bank_id))
    assert queries.editable_bank(ira, False, "sample") == EditableBank(
        bank_id,
        "sample",
        "A sample bank",
        1,
        Visibility.SIGNED_IN,
        archived=False,
        open_reports=0,
        owned=True,
    )


def test_publishing_leaves_an_archived_bank_in_the_archive(ira: int, bank_id: int) -> None:
    unit.run(lambda: service.archive(bank_id, now=MORNING))
    banks.publish(banks.FACTS.replace("15 mg", "10 mg"), author_id=ira)
    found = queries.editable_bank(ira, False, "sample")
    assert (found.version, found.archived) == (2, True)
