"""How many of some cards a learner would recall now: the mean of their recall probabilities, and its range."""

from __future__ import annotations

import math
from collections.abc import Mapping

from quizapp.progress.measures.estimate import Estimate, Z

CARDS_NEEDED = 10
MODEL_ERROR = 0.02  # standard deviation of a mean prediction, before a learner's own record says better


def mean_recall(cards: Mapping[float, int]) -> float | None:
    """Return the mean recall probability of `cards` (probability → how many), None for no card."""
    n = sum(cards.values())
    return math.fsum(recall * many for recall, many in cards.items()) / n if n else None


def recall_estimate(cards: Mapping[float, int]) -> Estimate | None:
    """Return the share of `cards` (probability → how many) that one pass over them would recall.

    None below `CARDS_NEEDED` cards, where the normal range means little. The number recalled follows the
    Poisson binomial distribution, so its share has the variance sum p(1-p) / n²; to it comes the square of
    the model's own error. Source: Le Cam, "An approximation theorem for the Poisson binomial distribution",
    Pacific J. Math. 10 (1960); normal approximation.
    """
    mean, n = mean_recall(cards), sum(cards.values())
    if mean is None or n < CARDS_NEEDED:
        return None
    chance = math.fsum(recall * (1 - recall) * many for recall, many in cards.items()) / n**2
    spread = Z * math.sqrt(chance + MODEL_ERROR**2)
    return Estimate(mean, max(0.0, mean - spread), min(1.0, mean + spread), n)
