"""Flaws that tell the key from the distractors to somebody who does not know the answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from quizapp.banks.flaws.base import Flaw, Wording, in_order
from quizapp.banks.norm import norm
from quizapp.banks.problems import cut

_LONGER, _MORE_CHARS = 1.3, 12
_ARTICLE = re.compile(r"\b(an?)(?:[\s_:….]|\[[^\[\]]*\])*$")  # before a blank or the end
_FIRST_WORD = re.compile(r"[A-Za-z0-9]+")
_YOU_SOUND = re.compile(r"eu|one\b|once|ub|ur[aeio]|us[aeiu]|ut[ei]|uni(?![dmn])|u$")
_SILENT_H = re.compile(r"hour|honest|hono|heir")
_WHICH = re.compile(r"\bwhich\b", re.IGNORECASE)
_ARE = re.compile(r"\bare\b", re.IGNORECASE)
_JOINS = re.compile(r"\band\b|&|, ", re.IGNORECASE)
_PARTS = re.compile(r"[,;/]|\band\b|\bwith\b", re.IGNORECASE)
_FIVE_LETTERS = re.compile(r"[^\W\d_]{5,}")
_STOP_WORDS = """
    about above after again among around because been before being below between could does during each either
    every first following given having likely might more most neither never often other others over patient
    patients people person quite rather shall should since some such than their them then there these they
    thing those though through under unless until using usually were what when where whether which while whose
    with within without would answer best correct true false
"""
_STOPPED = frozenset(_STOP_WORDS.split())


def longest_correct(wording: Wording) -> Iterator[Flaw]:
    if not wording.keys or not wording.distractors:
        return
    key, longest = min(map(len, wording.keys)), max(map(len, wording.distractors))
    if key >= _LONGER * longest and key >= longest + _MORE_CHARS:
        yield Flaw(
            "longest_correct",
            "warning",
            "The key is much longer than every distractor, and guessers choose the longest: "
            "shorten it (the explanation can hold the rest) or lengthen a distractor.",
            0,
        )


def grammatical_cue(wording: Wording) -> Iterator[Flaw]:
    """Rule 8: only the key fits the article that ends the stem, or the plural that it asks for."""
    if article := _ARTICLE.search(wording.stem):
        yield from _wrong_article(wording, article[1])
    if not _asks_for_several(wording):
        return
    joined = [bool(_JOINS.search(option)) for option in wording.options]
    if wording.distractors and len(wording.keys) == 1 and joined[0] and not any(joined[1:]):
        yield Flaw(
            "grammatical_cue",
            "error",
            "“Which … are” asks for several things and only the key names several: "
            "let a distractor join two things too, or ask “which … is”.",
            0,
        )


def may_cue(wording: Wording) -> bool:
    """Return whether the stem alone allows `grammatical_cue` to find something."""
    return _ARTICLE.search(wording.stem) is not None or _asks_for_several(wording)


def _asks_for_several(wording: Wording) -> bool:
    return in_order(wording.lead_in, _WHICH, _ARE) is not None


def _wrong_article(wording: Wording, article: str) -> Iterator[Flaw]:
    fits = [vowel_sound(option) in {article == "an", None} for option in wording.options]
    if not all(fits[: len(wording.keys)]):
        return
    for place in range(len(wording.keys), len(fits)):
        if not fits[place]:
            yield Flaw(
                "grammatical_cue",
                "error",
                f"“{cut(wording.options[place])}” does not fit the “{article}” that ends the stem; the key does: "
                "write “a(n)”, or begin each option with its own article.",
                place,
            )


def vowel_sound(text: str) -> bool | None:
    """Return whether `text` begins with a vowel when spoken, so that it takes "an"; None if unclear."""
    found = _FIRST_WORD.match(text)
    if not found:
        return None
    word = found[0]
    if word[0].isdigit():
        return word[0] == "8" or word in {"11", "18"}
    if word.isupper():
        if word[0] in "FHLMNRSX":  # "an NSAID", but "a LABA": spelt out unless it can be spoken
            return None if word[1:2] in set("AEIOUY") else True
        return word[0] in "AEIO"
    word = word.lower()
    if word[0] == "h":
        return bool(_SILENT_H.match(word))
    return word[0] in "aeiou" and not _YOU_SOUND.match(word)


def word_repeat(wording: Wording) -> Iterator[Flaw]:
    stem = _beginnings([wording.stem])
    repeated = [word for word in _long_words(wording.keys) if word not in _STOPPED and _has_like(word, stem)]
    if not repeated or not wording.distractors:
        return
    distractors = _beginnings(wording.distractors)
    for word in repeated:
        if not _has_like(word, distractors):
            yield Flaw(
                "word_repeat",
                "warning",
                f"“{cut(word)}” in the key echoes the stem and no distractor does, which points at the key: "
                "reword the stem or the key, or let a distractor echo it too.",
                0,
            )
            return


def _long_words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _FIVE_LETTERS.findall(text.lower())


def _beginnings(texts: Iterable[str]) -> set[str]:
    """Return the first six letters of the long words; "xxxxx…" tells that a word goes on after these five."""
    words = set(_long_words(texts))
    return {word[:6] for word in words} | {f"{word[:5]}…" for word in words if len(word) > 5}


def _has_like(word: str, beginnings: set[str]) -> bool:
    """Return whether the texts have the same word: the same first six letters, or five where one has five."""
    return word[:6] in beginnings or (f"{word}…" if len(word) == 5 else word[:5]) in beginnings


def convergence(wording: Wording) -> Iterator[Flaw]:
    if len(wording.keys) != 1 or sum(bool(_PARTS.search(option)) for option in wording.options) < 3:
        return
    parts = [{part for part in map(norm, _PARTS.split(option)) if part} for option in wording.options]
    if sum(len(found) > 1 for found in parts) < 3:
        return
    holders = Counter(part for found in parts for part in found)
    key, *others = [sum(holders[part] - 1 for part in found) for found in parts]
    if others and key > max(others):
        yield Flaw(
            "convergence",
            "warning",
            "The parts of the key recur in other options more often than the parts of any distractor, so "
            "counting finds it: let the parts recur evenly.",
            0,
        )
