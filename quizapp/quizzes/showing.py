"""What a page shows of an item as it was asked: the question before the answer, the whole after it.

A template never sees a snapshot: before the answer it gets a `Question`, which holds no key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quizapp.banks.items import ITEM_TYPES
from quizapp.banks.items.multiple import MULTIPLE
from quizapp.quizzes.scoring import verdict


@dataclass(frozen=True, slots=True)
class Question:
    """What may be seen before the answer. `options` are dicts of id, letter and text."""

    type: str
    stem: str
    options: list[dict[str, Any]]
    bank_title: str
    image_url: str
    alt: str
    credit: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown after the answer; `rows` are the options as `ItemType.explain` returns them.

    `several`: any number of them might be chosen.
    """

    several: bool
    verdict: str
    fraction: float
    rows: list[dict[str, Any]]
    explanation: str
    caveat: str
    cites: list[dict[str, str]]


def question(snapshot: dict[str, Any]) -> Question:
    """Return the question of a snapshot."""
    about, presented = snapshot["about"], ITEM_TYPES[snapshot["type"]].present(snapshot)
    return Question(
        type=presented["type"],
        stem=presented["stem"],
        options=presented["options"],
        bank_title=about["bank_title"],
        image_url=about["image_url"],
        alt=about["alt"],
        credit=about["credit"],
    )


def reported(shown: dict[str, Any]) -> tuple[Question, Told]:
    """Return what a problem report kept of an item: its snapshot, and as `answer` what had been chosen."""
    return question(shown), told(shown, shown.get("answer"), None)


def told(snapshot: dict[str, Any], answer: list[str] | None, fraction: float | None) -> Told:
    """Return the key and everything said about it, beside what was chosen."""
    about = snapshot["about"]
    return Told(
        several=snapshot["type"] == MULTIPLE.name,
        verdict=verdict(fraction if answer else None),
        fraction=fraction or 0.0,
        rows=ITEM_TYPES[snapshot["type"]].explain(snapshot, answer or None),
        explanation=about["explanation"],
        caveat=about["caveat"],
        cites=about["cites"],
    )
