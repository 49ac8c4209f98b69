"""What a flaw is, and what the rules look at.

A rule is a function from a `Wording` to the flaws it finds. An error blocks publishing, a warning does not.
A message gives the reason and a remedy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from quizapp.banks.norm import norm
from quizapp.banks.units import Quantity, quantity

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw. `option` is an index into keys + distractors, None where no single option is to blame."""

    rule: str
    level: Level
    message: str
    option: int | None = None


_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[A-Z\"'“‘(_])")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True)
class Wording:
    """The plain words of an item, and the stem as its author marked it up."""

    stem: str
    marked_up: str
    keys: tuple[str, ...]
    distractors: tuple[str, ...]
    ordered: tuple[int, ...] = ()

    @cached_property
    def options(self) -> tuple[str, ...]:
        return self.keys + self.distractors

    @cached_property
    def norms(self) -> tuple[str, ...]:
        return tuple(map(norm, self.options))

    @cached_property
    def quantities(self) -> tuple[Quantity | None, ...]:
        return tuple(map(quantity, self.options))

    @cached_property
    def lead_in(self) -> str:
        """The last sentence that ends in a question mark, else the last sentence."""
        sentences = _SENTENCE_END.split(self.stem)
        questions = [sentence for sentence in sentences if sentence.rstrip("\"'”’) ").endswith("?")]
        return (questions or sentences)[-1]


Rule = Callable[[Wording], Iterator[Flaw]]


def in_order(text: str, *patterns: re.Pattern[str]) -> re.Match[str] | None:
    """Return the match of the last pattern where each is found after the one before, else None.

    One pass, where a single pattern with `.*` between its parts could take a long text's length squared.
    """
    found, at = None, 0
    for pattern in patterns:
        found = pattern.search(text, at)
        if not found:
            return None
        at = found.end()
    return found


def words(text: str) -> list[str]:
    """Return the words and numbers of `text`; a hyphen or an apostrophe inside a word belongs to it."""
    return _WORD.findall(text)
