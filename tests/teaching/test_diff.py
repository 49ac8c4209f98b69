from __future__ import annotations

from quizapp.banks.work import Work
from quizapp.teaching.diff import STEPS_OF_PAGE, Piece, changes, compare, in_words


def told(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text if piece.same else f"[{piece.text}]" for piece in pieces)


def compared(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    return compare(before, after, Work())


def test_only_the_words_that_changed_are_marked() -> None:
    before, after = compared("The first daily dose is 10 mg.", "The first daily dose is 15 mg.")
    assert told(before) == "The first daily dose is [10] mg."
    assert told(after) == "The first daily dose is [15] mg."


def test_changed_words_that_follow_each_other_are_marked_as_one() -> None:
    before, after = compared("give it slowly now", "give them fast now")
    assert told(before) == "give [it slowly] now"
    assert told(after) == "give [them fast] now"


def test_equal_and_empty_texts() -> None:
    assert compared("same", "same") == ((Piece("same", True),), (Piece("same", True),))
    assert compared("", "new words") == ((), (Piece("new words", False),))
    assert compared("", "") == ((), ())


def test_both_sides_lose_no_letter() -> None:
    before, after = "a  b\nc, d — e", "a b\n\nc; d e f"
    old, new = compared(before, after)
    assert "".join(piece.text for piece in old) == before
    assert "".join(piece.text for piece in new) == after


def test_fields_that_differ_are_told_in_the_new_order_lost_ones_last() -> None:
    before = {"id": "a", "question": "Which?", "caveat": "Old.", "tags": ["x"]}
    after = {"id": "a", "reviewed_by": "Ana", "question": "Which one?", "tags": ["x"]}
    assert [change.field for change in changes(before, after, Work())] == [
        "Reviewed by",
        "Question",
        "Caveat",
    ]
    assert changes(before, after, Work())[2].after == ()


def test_lists_and_groups_are_read_as_lines() -> None:
    options = [{"text": "GABA-A", "why": "No."}, {"text": "NMDA", "harm": 2}]
    assert in_words(options) == "• GABA-A · why: No.\n• NMDA · harm: 2"
    assert in_words({"Zolpidem": {"class": "Z-drug"}, "Baclofen": ["a", "b"]}) == (
        "Zolpidem: class: Z-drug\nBaclofen: a; b"
    )
    assert in_words(3) == "3"


def test_long_hostile_texts_are_compared_roughly_and_so_without_waiting() -> None:
    before, after = compared("a b " * 5_000, "b a " * 5_000)
    assert told(before).startswith("[a b")
    assert after


def test_a_page_of_hostile_texts_is_compared_roughly_once_its_work_is_done() -> None:
    work = Work(STEPS_OF_PAGE)
    one, other = "a " * 100, "a b " * 50
    marked = [any(piece.same for piece in compare(f"x {one}", f"y {other}", work)[0][:-1]) for _ in range(60)]
    assert marked[0]
    assert not marked[-1]
