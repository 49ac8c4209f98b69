"""The first line of the progress page, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.progress.measures.recall import CARDS_NEEDED, recall_estimate
from quizapp.web import words


@dataclass(frozen=True, slots=True)
class Headline:
    """One sentence, and what it covers."""

    sentence: str
    note: str


def headline(recalls: Mapping[float, int]) -> Headline:
    """Return what a learner would recall of the cards they have begun: probability → how many of them."""
    estimate, begun = recall_estimate(recalls), sum(recalls.values())
    if estimate is None:
        return Headline(
            f"How much you would recall today: {words.NOTHING}",
            f"This needs {words.count(CARDS_NEEDED - begun, 'more card')} that you have begun.",
        )
    return Headline(
        f"Today you would recall about {words.percent(estimate.value)} of the {words.count(begun, 'card')} you "
        f"have begun ({estimate.span}).",
        "The range holds the truth in four of five cases: it covers chance, and what the memory model may be "
        "off by. Cards answered today count as they will stand tomorrow; cards not begun are left out.",
    )
