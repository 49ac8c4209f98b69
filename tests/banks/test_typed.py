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
        ("gaba-b!", "GABA-B"),
        ("(GABA-B)", "GABA-B"),
        ("GABAB", "GABAb"),
        ("recepteur gaba-b", "Récepteur GABA-B"),
    ],
)
def test_case_accents_spaces_marks_and_dashes_are_forgiven(typed: str, shown: str) -> None:
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


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("once Daily!", "Once daily"),
        ("about 4 hours", "4 hours"),
        ("4 hours", "Approximately 4 hours"),
        ("~4 hours", "approx. 4 hours"),
        ("yes, slowly", "Yes: slowly"),
    ],
)
def test_punctuation_and_a_leading_about_are_no_mistake(typed: str, answer: str) -> None:
    assert compare(typed, answer).right


@pytest.mark.parametrize(("typed", "answer"), [(".5 mg", "5 mg"), ("05 mg", "0.5 mg"), ("about", "about 5")])
def test_a_mark_within_a_number_counts(typed: str, answer: str) -> None:
    assert not compare(typed, answer).right


@pytest.mark.parametrize(
    ("typed", "answer", "judgement"),
    [
        ("baclofin", "Baclofen", "nearly"),
        ("livar", "Liver", "nearly"),
        ("spinal chord", "Spinal cord", "nearly"),
        ("kg", "mg", "wrong"),
        ("GABA-A", "GABA-B", "wrong"),
        ("15 mg a day", "10 mg a day", "wrong"),
        ("hypertension", "Hypotension", "wrong"),
        ("no dose adjustment is needed", "A dose adjustment is needed", "wrong"),
        ("the spinal cord", "Neurons of the spinal cord", "partly"),
        ("taper slowly", "By slow tapering over weeks", "partly"),
        ("kidney", "Liver", "wrong"),
    ],
)
def test_a_slip_is_nearly_right_and_what_turns_the_sense_is_wrong(
    typed: str, answer: str, judgement: str
) -> None:
    assert compare(typed, answer).judgement == judgement


def test_the_difference_is_shown_to_the_answer_unless_another_form_is_much_nearer() -> None:
    near = compare("GABAB receptr", "The metabotropic receptor", ["GABAB receptor"])
    assert near.parts == (("same", "GABAB recept"), ("missing", "o"), ("same", "r"))
    far = compare("baclofin", "Baclofen", ["Lioresal", "bac"])
    assert far.parts[0] == ("same", "Baclof")


def test_letters_that_have_little_in_common_are_not_compared() -> None:
    result = compare("kidney", "Baclofen", ["kilo"])
    assert (result.judgement, result.parts) == ("wrong", ())


def test_a_blank_is_wrong() -> None:
    assert compare("  ", "GABA-B", ["GABAB"]).judgement == "wrong"


def test_a_long_answer_is_compared_word_by_word() -> None:
    answer = "baclofen " * 30
    result = compare(answer + "tablet", answer + "tablets")
    assert result.parts == (("same", answer), ("wrong", "tablet"), ("missing", "tablets"))


@given(st.text("aáA b-–", max_size=12), st.text("aáA b-–", min_size=1, max_size=12))
def test_the_parts_make_up_the_form_and_what_was_typed(typed: str, answer: str) -> None:
    result = compare(typed, answer)
    form = "".join(text for kind, text in result.parts if kind in {"same", "missing"})
    given_back = "".join(text for kind, text in result.parts if kind != "missing")
    if result.parts:
        assert form == " ".join(answer.split())
        assert compare(given_back, " ".join(typed.split()) or "x").right or not typed.strip()
    assert result.right == (bool(form) and all(kind == "same" for kind, _ in result.parts))


def test_a_very_long_answer_is_compared_as_a_whole() -> None:
    answer = "baclofen " * 300 + "tablets"
    assert compare("tablets", answer).parts == ()
    assert compare(answer.upper(), answer).right
