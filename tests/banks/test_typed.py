from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.banks.typed import compare


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("gaba-b", "GABA-B"),
        (" GABA–B. ", "GABA-B"),
        ("GABAB", "GABAb"),
        ("recepteur gaba-b", "Récepteur GABA-B"),
    ],
)
def test_case_accents_spaces_and_dashes_are_forgiven(typed: str, shown: str) -> None:
    result = compare(typed, "GABA-B", ["GABAb", "Récepteur GABA-B"])
    assert result.right
    assert result.parts == (("same", shown),)


def test_a_wrong_letter_is_followed_by_the_one_that_belongs_there() -> None:
    result = compare("baclofin", "Baclofen")
    assert not result.right
    assert result.parts == (("same", "Baclof"), ("wrong", "i"), ("missing", "e"), ("same", "n"))


def test_missing_and_extra_letters_are_told() -> None:
    assert compare("baclofn", "baclofen").parts == (("same", "baclof"), ("missing", "e"), ("same", "n"))
    assert compare("baclofeen", "baclofen").parts == (("same", "baclofe"), ("extra", "e"), ("same", "n"))


def test_the_nearest_accepted_form_is_shown() -> None:
    result = compare("GABAB receptr", "GABA-B", ["GABAB receptor"])
    assert result.parts == (("same", "GABAB recept"), ("missing", "o"), ("same", "r"))


def test_a_blank_is_wrong_and_shows_the_answer() -> None:
    result = compare("  ", "GABA-B", ["GABAB"])
    assert not result.right
    assert result.parts == (("missing", "GABA-B"),)


def test_a_long_answer_is_compared_word_by_word() -> None:
    answer = "baclofen " * 30
    result = compare(answer + "tablet", answer + "tablets")
    assert result.parts == (("same", answer), ("wrong", "tablet"), ("missing", "tablets"))


@given(st.text("aáA b-–", max_size=12), st.text("aáA b-–", min_size=1, max_size=12))
def test_the_parts_make_up_the_form_and_what_was_typed(typed: str, answer: str) -> None:
    result = compare(typed, answer)
    form = "".join(text for kind, text in result.parts if kind in {"same", "missing"})
    given_back = "".join(text for kind, text in result.parts if kind != "missing")
    assert form == " ".join(answer.split())
    assert compare(given_back, " ".join(typed.split()) or "x").right or not typed.strip()
    assert result.right == all(kind == "same" for kind, _ in result.parts) or not form


def test_a_very_long_answer_is_compared_as_a_whole() -> None:
    answer = "baclofen " * 300 + "tablets"
    assert compare("tablets", answer).parts == (("wrong", "tablets"), ("missing", answer))
