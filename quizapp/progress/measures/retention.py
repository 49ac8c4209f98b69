"""True retention: the share remembered of reviews that came a day or more after the last answer."""

from __future__ import annotations

import math

from quizapp.progress.measures.estimate import Estimate, Z

REVIEWS_NEEDED = 20


def true_retention(*, remembered: int, recalls: int) -> Estimate | None:
    """Return the share `remembered` of `recalls`, None below `REVIEWS_NEEDED` of them.

    Recalls are answers to cards in review, a study day or more after the last answer; remembered is whatever
    was not rated Again. Source of the measure: Anki manual, Statistics, "True retention". Source of the
    range: Wilson, "Probable inference", JASA 22 (1927), the score interval.
    """
    if recalls < REVIEWS_NEEDED:
        return None
    share, z2 = remembered / recalls, Z**2
    centre = (share + z2 / (2 * recalls)) / (1 + z2 / recalls)
    spread = Z * math.sqrt(share * (1 - share) / recalls + z2 / (4 * recalls**2)) / (1 + z2 / recalls)
    return Estimate(share, max(0.0, centre - spread), min(1.0, centre + spread), recalls)
