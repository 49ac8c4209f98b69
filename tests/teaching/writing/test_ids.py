"""Which ids follow the question of their note."""

from __future__ import annotations

from quizapp.teaching.writing.ids import follows_question


def test_an_id_made_from_the_question_follows_it_and_one_set_by_hand_does_not() -> None:
    notes = [
        {"id": "target-baclofen", "question": "What is the target of baclofen?"},
        {"id": "target-baclofen-2", "question": "What is the target of baclofen?"},
        {"id": "note", "question": ""},
        {"id": "by-hand", "question": "What is the target of baclofen?"},
    ]
    assert [follows_question(notes, index) for index in range(4)] == [True, True, True, False]


def test_an_id_that_another_note_names_stays() -> None:
    notes = [{"id": "target", "question": "Target?"}, {"id": "case", "about": "target"}]
    assert not follows_question(notes, 0)
