"""What a page may show before and after the answer."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.banks.items import ITEM_TYPES
from quizapp.quizzes.showing import question, told

ABOUT = {
    "bank_id": 4,
    "bank_title": "Withdrawal",
    "note_key": "signs",
    "image_url": "/media/ab",
    "alt": "A pump",
    "credit": "",
    "explanation": "Because.",
    "caveat": "",
    "cites": [],
    "tags": ["a tag"],
}
SECRET = ("why", "harm", "note", "right", "Because", "acts there", "a tag")


def snapshot(name: str) -> dict[str, Any]:
    example = ITEM_TYPES[name].example
    drawn = ITEM_TYPES[name].draw(example.spec, 1)
    assert drawn is not None
    return {**drawn, "key": example.spec.key, "about": ABOUT}


@pytest.mark.parametrize("name", ITEM_TYPES)
def test_a_question_tells_nothing_of_the_answer(name: str) -> None:
    shown = question(snapshot(name))
    assert all(set(option) == {"id", "letter", "text"} for option in shown.options)
    assert not [marker for marker in SECRET if marker in str(shown)]


@pytest.mark.parametrize("name", ITEM_TYPES)
def test_after_the_answer_everything_is_told(name: str) -> None:
    taken = snapshot(name)
    keys = [option["id"] for option in taken["options"] if option["right"]]
    shown = told(taken, keys, 1.0)
    assert (shown.verdict, shown.explanation) == ("right", "Because.")
    assert all(row["chosen"] is row["right"] for row in shown.rows)
    assert told(taken, [], 0.0).verdict == told(taken, None, None).verdict == "none"
