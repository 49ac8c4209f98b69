from __future__ import annotations

from quizapp.teaching.diff import Piece, changes, compare, in_words


def told(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text if piece.same else f"[{piece.text}]" for piece in pieces)


def test_only_the_words_that_changed_are_marked() -> None:
    before, after = compare("The first daily dose is 10 mg.", "The first daily dose is 15 mg.")
    assert told(before) == "The first daily dose is [10] mg."
    assert told(after) == "The first daily dose is [15] mg."


def test_changed_words_that_follow_each_other_are_marked_as_one() -> None:
    before, after = compare("give it slowly now", "give them fast now")
    assert told(before) == "give [it slowly] now"
    assert told(after) == "give [them fast] now"


def test_equal_and_empty_texts() -> None:
    assert compare("same", "same") == ((Piece("same", True),), (Piece("same", True),))
    assert compare("", "new words") == ((), (Piece("new words", False),))
    assert compare("", "") == ((), ())


def test_both_sides_lose_no_letter() -> None:
    before, after = "a  b\nc, d — e", "a b\n\nc; d e f"
    old, new = compare(before, after)
    assert "".join(piece.text for piece in old) == before
    assert "".join(piece.text for piece in new) == after


def test_fields_that_differ_are_told_in_the_new_order_lost_ones_last() -> None:
    before = {"id": "a", "question": "Which?", "caveat": "Old.", "tags": ["x"]}
    after = {"id": "a", "reviewed_by": "Ana", "question": "Which one?", "tags": ["x"]}
    assert [change.field for change in changes(before, after)] == ["Reviewed by", "Question", "Caveat"]
    assert changes(before, after)[2].after == ()


def test_lists_and_groups_are_read_as_lines() -> None:
    options = [{"text": "GABA-A", "why": "No."}, {"text": "NMDA", "harm": 2}]
    assert in_words(options) == "• GABA-A · why: No.\n• NMDA · harm: 2"
    assert in_words({"Zolpidem": {"class": "Z-drug"}, "Baclofen": ["a", "b"]}) == (
        "Zolpidem: class: Z-drug\nBaclofen: a; b"
    )
    assert in_words(3) == "3"


def test_long_hostile_texts_are_compared_roughly_and_so_without_waiting() -> None:
    before, after = compare("a b " * 5_000, "b a " * 5_000)
    assert told(before).startswith("[a b")
    assert after
