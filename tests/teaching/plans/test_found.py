from __future__ import annotations

import json

import pytest
from flask import Flask

from quizapp import limits
from quizapp.banks.check import check
from quizapp.banks.publishing.derive import derive
from quizapp.teaching.plans import queries
from quizapp.teaching.plans.found import Found, from_json, is_large
from tests.factories.accounts import create_user
from tests.factories.banks import FACTS, bank_yaml, publish
from tests.factories.teaching import create_draft


def found_in(source: bytes) -> Found:
    user_id = create_user()
    draft = create_draft(user_id, source)
    checked = check(source, file=draft.name)
    derived = derive(checked.bank) if checked.bank else []
    return queries.found(draft, checked, derived, {}, user_id=user_id, is_administrator=True)


@pytest.mark.parametrize(
    "change", [("daily dose", "dose"), ("answer: Kidney", "anwser: Kidney"), ("- id: organ", "- id: liver")]
)
def test_what_was_found_survives_being_kept(app: Flask, change: tuple[str, str]) -> None:
    publish()
    found = found_in(bank_yaml(FACTS.replace(*change)))
    assert from_json(json.loads(json.dumps(found.as_json()))) == found


def test_retired_notes_are_named_by_what_they_asked(app: Flask) -> None:
    publish()
    planned = found_in(bank_yaml(FACTS.partition("- id: organ")[0])).planned
    assert planned is not None
    assert [line.title for line in planned.retired] == ["Which organ clears most of the drug?"]
    assert [line.key for line in planned.unchanged] == ["receptor", "start"]


@pytest.mark.parametrize(
    ("source", "same"),
    [
        (b"# reviewed\n" + bank_yaml(), True),
        (bank_yaml(), False),  # the same file
        (bank_yaml(title="Another title"), False),
        (bank_yaml(FACTS.replace("15 mg", "16 mg")), False),
    ],
)
def test_a_file_in_another_form_is_told_from_one_that_says_something_else(
    app: Flask, source: bytes, same: bool
) -> None:
    publish()
    planned = found_in(source).planned
    assert planned is not None
    assert planned.same_content is same


def test_drafts_among_the_notes_are_held_back(app: Flask) -> None:
    planned = found_in(bank_yaml(FACTS.replace("- id: organ", "- id: organ\n  status: draft"))).planned
    assert planned is not None
    assert (planned.held_back, len(planned.new)) == (1, 2)


def test_large_is_many_bytes_or_many_notes() -> None:
    assert not is_large(bank_yaml())
    assert is_large(b"x" * (limits.CHECKED_AT_ONCE_BYTES + 1))
    assert is_large(b"- id: a\n" * (limits.CHECKED_AT_ONCE_NOTES + 1))
