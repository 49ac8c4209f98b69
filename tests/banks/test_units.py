from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.banks.units import comparable, quantity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("60 min", "1 h"),
        ("0.5 mg", "500 mcg"),
        ("500 µg", "500 micrograms"),
        ("1,500 mg", "1.5 g"),
        ("10 mg/5 mL", "2 mg/mL"),
        ("80 mg/day", "80 mg per day"),
        ("80 mg daily", "80,000 mcg a day"),
        ("2–4 h", "120 to 240 minutes"),
        ("30 min–1 h", "0.5-1 hour"),
        ("12 months", "1 year"),
        ("20%", "20 percent"),
        ("1 tablet", "1 tablets."),
        ("about 5 mg", "5 mg"),
        ("5 mg three times daily", "5000 mcg three times daily"),
    ],
)
def test_the_same_quantity_is_recognised_in_other_words(one: str, other: str) -> None:
    assert quantity(one) is not None
    assert quantity(one) == quantity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 mg", "5 mL"),
        ("5 mg", "5 mg/day"),
        ("5 mg", "5"),
        ("5 mg three times daily", "5 mg once daily"),
        ("30 days", "1 month"),
        ("3 tablets", "3 doses"),
    ],
)
def test_different_dimensions_are_different_quantities(one: str, other: str) -> None:
    assert quantity(one) is not None
    assert quantity(one) != quantity(other)


@pytest.mark.parametrize(
    "text",
    ["GABA-B", "5-HT3", "2C9", "C10H12ClNO2", "1,25-dihydroxy", "Day 4", "1/2", "2 mg to 4 mL", "", "9" * 40],
)
def test_words_codes_and_formulas_are_no_quantities(text: str) -> None:
    assert quantity(text) is None


def test_a_range_has_two_ends_in_the_base_unit() -> None:
    stated = quantity("2-4 mg")
    assert stated
    assert (stated.low, stated.high, stated.is_range) == (Fraction(2000), Fraction(4000), True)


def test_texts_are_comparable_only_if_all_state_one_dimension() -> None:
    stated = comparable(["1 h", "20 minutes", "2–4 hours"])
    assert stated
    assert [one.low for one in sorted(stated)] == [1200, 3600, 7200]
    assert comparable(["1 h", "1 mg"]) is None
    assert comparable(["1 h", "soon"]) is None


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    quantity(text)
