from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.banks.norm import norm


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  GABA-B \n receptor ", "gaba-b receptor"),
        ("Seizures.", "seizures"),
        ("Seizures ; ", "seizures"),
        ("ｍｇ", "mg"),
        ("µg", "μg"),
        ("5 mg", "5 mg"),
        ("0.5", "0.5"),
        ("Which one?", "which one?"),
    ],
)
def test_texts_that_say_the_same_have_one_norm(text: str, expected: str) -> None:
    assert norm(text) == expected


@given(st.text())
def test_a_norm_is_trimmed_single_spaced_and_without_closing_marks(text: str) -> None:
    result = norm(text)
    assert result == " ".join(result.split())
    assert not result.endswith((".", ";", ":", ","))
    assert norm(f" {text} .") == result
