"""Which card a wrong choice was mistaken for."""

from __future__ import annotations

from quizapp.quizzes.missed.confused import Mistake, NoteCard, confused_card, mistakes

CARDS = [
    NoteCard(1, "vs/use/baclofen", "Spasticity"),
    NoteCard(2, "vs/use/baclofen/back", "Baclofen"),
    NoteCard(3, "vs/use/other", "Muscle spasm"),
    NoteCard(4, "vs/use/other/back", "Cyclobenzaprine"),
    NoteCard(5, "vs/route/other/back", "Cyclobenzaprine"),
]


def test_only_a_chosen_distractor_that_is_an_answer_counts() -> None:
    options = [
        {"id": "a", "text": "Key", "right": True, "note": "vs"},
        {"id": "b", "text": "**Muscle** spasm", "right": False, "note": "vs"},
        {"id": "c", "text": "Not chosen", "right": False, "note": "vs"},
        {"id": "d", "text": "Nobody's answer", "right": False},
    ]
    snapshot = {"key": "vs/use/baclofen", "about": {"bank_id": 4}, "options": options}
    assert mistakes(snapshot, ["a", "b", "d"]) == [Mistake(4, "vs", "vs/use/baclofen", "Muscle spasm")]
    assert mistakes(snapshot, None) == []


def test_in_a_matrix_it_is_the_other_subject_in_the_same_row_and_direction() -> None:
    assert confused_card(Mistake(4, "vs", "vs/use/baclofen", "Muscle spasm"), CARDS) == 3
    assert confused_card(Mistake(4, "vs", "vs/route/baclofen/back", "Cyclobenzaprine"), CARDS) == 5
    assert confused_card(Mistake(4, "vs", "vs/route/baclofen", "Oral"), CARDS) is None


def test_of_another_note_it_is_the_card_with_that_answer_or_its_first() -> None:
    assert confused_card(Mistake(4, "vs", "organ", "Muscle spasm"), CARDS) == 3
    assert confused_card(Mistake(4, "vs", "organ", "Something else"), CARDS) == 1
    assert confused_card(Mistake(4, "vs", "organ", "Muscle spasm"), []) is None
