"""Questions that ask the same in other words: almost the same words, whatever their order, and the same numbers."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, islice

NEAR = 0.85  # share of words in common, of all words of both
_COMPARED = 50  # with how many earlier texts a text is compared, if it is short
_WORDS_COMPARED = 5000  # the longer, the fewer
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "does",
        "do",
        "for",
        "from",
        "how",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "these",
        "this",
        "to",
        "was",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
    ]
)


def words(text: str) -> frozenset[str]:
    """Return the words of `text` that carry its meaning, without endings that agree with other words."""
    found = (word.lower() for word in _WORD.findall(text))
    return frozenset(
        word.removesuffix("s") if len(word) > 3 else word for word in found if word not in _STOP_WORDS
    )


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how many of the words of both are in common, in [0, 1]."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if one or other else 0.0


def pairs(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield (earlier, later) index for each text that is nearly the same as an earlier one."""
    return near([words(text) for text in texts])


def near(sets: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Yield (earlier, later) index for each set of words that is nearly the same as an earlier one.

    Texts that are alike share one of their rarest words, so only those are compared, the last that have the rarest
    one first, and ten thousand texts take a moment.
    """
    frequency = Counter(word for one in sets for word in one)
    holders: dict[str, list[int]] = defaultdict(list)
    for later, one in enumerate(sets):
        rarest = sorted(one, key=lambda word: (frequency[word], word))
        rarest = rarest[: len(one) - math.ceil(NEAR * len(one)) + 1]
        last = chain.from_iterable(holders[word][: -_COMPARED - 1 : -1] for word in rarest)
        most = min(_COMPARED, _WORDS_COMPARED // max(1, len(one)) + 1)
        for index in sorted(islice(dict.fromkeys(last), most)):
            if overlap(sets[index], one) >= NEAR and _numbers(sets[index]) == _numbers(one):
                yield index, later
                break
        for word in rarest:
            holders[word].append(later)


def _numbers(found: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in found if word[0].isdigit())
