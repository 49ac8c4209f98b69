"""What a sitting amounted to: counts over its answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a sitting. `known`: the card had been met before it; `again`: it was not recalled."""

    card_id: int
    bank_id: int
    known: bool
    again: bool
    thinking_ms: int
    made_leech: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """`recalled` of `asked` counts first answers to cards met before the sitting; `new` counts the others, and
    `shaky` those of them that slipped. `banks` are those of the cards.

    `slipped` are the cards answered Again, `leeches` those of them that were suspended for it, in order.
    """

    answers: int = 0
    cards: int = 0
    new: int = 0
    shaky: int = 0
    thinking_ms: int = 0
    recalled: int = 0
    asked: int = 0
    slipped: tuple[int, ...] = ()
    leeches: tuple[int, ...] = ()
    banks: tuple[int, ...] = ()


def summarize(answers: Iterable[Answer]) -> Summary:
    """Return what `answers`, in order and without those undone, amount to."""
    given = list(answers)
    first: dict[int, Answer] = {}
    for answer in given:
        first.setdefault(answer.card_id, answer)
    asked = [answer for answer in first.values() if answer.known]
    slipped = tuple(dict.fromkeys(answer.card_id for answer in given if answer.again))
    return Summary(
        answers=len(given),
        cards=len(first),
        new=len(first) - len(asked),
        shaky=sum(not first[card_id].known for card_id in slipped),
        thinking_ms=sum(answer.thinking_ms for answer in given),
        recalled=sum(not answer.again for answer in asked),
        asked=len(asked),
        slipped=slipped,
        leeches=tuple(dict.fromkeys(answer.card_id for answer in given if answer.made_leech)),
        banks=tuple(dict.fromkeys(answer.bank_id for answer in given)),
    )
