"""What a sitting is about: which cards it draws from, in what order, under which limits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Order(StrEnum):
    """How reviews are queued: by due date, easiest first (a backlog), or before they are due."""

    DUE = "due"
    RECALL = "recall"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Scope:
    """The choice behind a sitting. Empty `banks`, `tag` and `cards` leave everything in.

    `cards` names single cards, which are drilled whether due or not. `new_cards` are those the sitting may
    introduce, in that order, one of a note; `beyond_limits` lets it do so whatever the day's limit and the
    backlog. `typing` asks to type each answer first.
    """

    banks: tuple[int, ...] = ()
    tag: str = ""
    cards: tuple[int, ...] = ()
    order: Order = Order.DUE
    new_cards: tuple[int, ...] = ()
    beyond_limits: bool = False
    typing: bool = False

    @property
    def one_bank(self) -> bool:
        """Whether topics are tags, because all cards are of one bank."""
        return len(self.banks) == 1


def to_json(scope: Scope) -> dict[str, Any]:
    """Return `scope` as it is stored: what differs from the empty scope."""
    stored = {
        "banks": list(scope.banks),
        "tag": scope.tag,
        "cards": list(scope.cards),
        "order": "" if scope.order is Order.DUE else scope.order.value,
        "new_cards": list(scope.new_cards),
        "beyond_limits": scope.beyond_limits,
        "typing": scope.typing,
    }
    return {name: value for name, value in stored.items() if value}


def from_json(stored: dict[str, Any]) -> Scope:
    """Return the scope that `to_json` stored."""
    return Scope(
        banks=tuple(stored.get("banks", ())),
        tag=stored.get("tag", ""),
        cards=tuple(stored.get("cards", ())),
        order=Order(stored.get("order", Order.DUE)),
        new_cards=tuple(stored.get("new_cards", ())),
        beyond_limits=stored.get("beyond_limits", False),
        typing=stored.get("typing", False),
    )
