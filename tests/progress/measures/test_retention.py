"""True retention and Wilson's interval."""

from __future__ import annotations

import pytest

from quizapp.progress.measures.estimate import Z
from quizapp.progress.measures.retention import REVIEWS_NEEDED, true_retention


def test_too_few_reviews_have_no_retention() -> None:
    assert true_retention(remembered=0, recalls=0) is None
    assert true_retention(remembered=REVIEWS_NEEDED - 1, recalls=REVIEWS_NEEDED - 1) is None


@pytest.mark.parametrize(
    ("remembered", "recalls", "share", "low", "high"),
    [
        (50, 100, 0.5, 0.43644, 0.56356),
        (0, 20, 0.0, 0.0, 0.07589),  # z² / (n + z²)
        (20, 20, 1.0, 0.92411, 1.0),
    ],
)
def test_the_range_is_wilsons(remembered: int, recalls: int, share: float, low: float, high: float) -> None:
    estimate = true_retention(remembered=remembered, recalls=recalls)
    assert estimate is not None
    assert (estimate.value, estimate.n) == (share, recalls)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=1e-5)


@pytest.mark.parametrize(("remembered", "recalls"), [(1, 20), (90, 100), (1234, 1500)])
def test_the_ends_are_the_shares_that_the_score_test_only_just_allows(remembered: int, recalls: int) -> None:
    estimate = true_retention(remembered=remembered, recalls=recalls)
    assert estimate is not None
    for end in (estimate.low, estimate.high):
        assert (estimate.value - end) ** 2 == pytest.approx(Z**2 * end * (1 - end) / recalls)
