from __future__ import annotations

import datetime as dt

import pytest

from quizapp.errors import Invalid
from quizapp.study.forms import SentReview

DAYS = "2026-03-03 2026-03-04 2026-03-07 2026-03-12"
SENT = {"answer_key": "0a" * 16, "seen": "7", "rating": "3", "thinking_ms": "4000", "due": DAYS}


def test_an_answer_is_read_with_the_day_of_its_button() -> None:
    read = SentReview.read(SENT)
    assert read == SentReview(b"\x0a" * 16, 7, 3, 4000, dt.date(2026, 3, 7))


def test_the_time_before_and_after_turning_adds_up_and_is_never_negative() -> None:
    assert SentReview.read(SENT | {"thought_ms": "2500"}).spent_ms == 6500
    assert SentReview.read(SENT | {"thinking_ms": "-9"}).spent_ms == 0
    assert SentReview.read(SENT | {"thinking_ms": ""}).spent_ms is None  # no script took it


def test_without_days_none_is_named() -> None:
    assert SentReview.read(SENT | {"due": ""}).offered_on is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("answer_key", value) for value in ("", "0a", "zz" * 16, "0A" * 16, "0a" * 17, "0a" * 16 + "\n")),
        *(("seen", value) for value in ("", "-1", "1.0", "1e3", "9" * 11, "\u0663")),
        *(("rating", value) for value in ("", "0", "5", "33", "\u0663", "good")),
        *(("thinking_ms", value) for value in ("-", "soon", "1.5", "9" * 16)),
        ("thought_ms", "-"),
        *(("due", value) for value in ("2026-03-03", DAYS + " 2026-03-13", DAYS.replace("-07", "-32"), "x")),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(Invalid) as refusal:
        SentReview.read(SENT | {name: value})
    assert set(refusal.value.places) == {name}


def test_every_unreadable_field_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        SentReview.read({})
    assert set(refusal.value.places) == {"answer_key", "seen", "rating"}
    assert refusal.value.places["rating"] == "Choose Again, Hard, Good or Easy."
