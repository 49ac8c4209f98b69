"""Mean recall and its range."""

from __future__ import annotations

import pytest

from quizapp.progress.measures.recall import CARDS_NEEDED, mean_recall, recall_estimate


def test_no_card_has_no_mean() -> None:
    assert mean_recall({}) is None
    assert recall_estimate({}) is None


def test_the_mean_weighs_each_probability_by_its_cards() -> None:
    assert mean_recall({0.9: 3, 0.5: 1}) == pytest.approx(0.8)


def test_a_range_needs_ten_cards() -> None:
    assert recall_estimate({0.9: CARDS_NEEDED - 1}) is None
    assert recall_estimate({0.9: CARDS_NEEDED}) is not None


def test_equal_cards_have_the_range_of_the_binomial_and_the_model() -> None:
    estimate = recall_estimate({0.5: 100})
    assert estimate is not None
    assert (estimate.value, estimate.n) == (0.5, 100)
    assert (estimate.low, estimate.high) == pytest.approx((0.43099, 0.56901), abs=1e-5)
    assert estimate.span == "43–57\N{NO-BREAK SPACE}%"


def test_unequal_cards_vary_less_than_equal_ones_of_the_same_mean() -> None:
    mixed, equal = recall_estimate({0.99: 50, 0.61: 50}), recall_estimate({0.8: 100})
    assert mixed is not None
    assert equal is not None
    assert mixed.value == pytest.approx(equal.value)
    assert mixed.high - mixed.low < equal.high - equal.low


def test_many_cards_leave_the_error_of_the_model() -> None:
    estimate = recall_estimate({0.8: 10**9})
    assert estimate is not None
    assert estimate.high - estimate.value == pytest.approx(1.2816 * 0.02, rel=1e-3)


def test_a_range_ends_at_certainty() -> None:
    estimate = recall_estimate({1.0: 20})
    assert estimate is not None
    assert (estimate.value, estimate.high) == (1, 1)
