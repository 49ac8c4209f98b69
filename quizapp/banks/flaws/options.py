"""Flaws of the options among themselves."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from itertools import pairwise

from quizapp.banks.flaws.base import Flaw, Wording, words
from quizapp.banks.problems import cut
from quizapp.banks.units import comparable

_OF_THE_ABOVE = re.compile(r"(none|all) of (?:the|these|those)\b")
_MARK = r"\(?(?:[a-h]|[1-9]|i{1,3}|iv|vi{0,3}|ix|x)\)?"
_K_TYPE = re.compile(
    rf"(?:both |only )?{_MARK}(?:(?:, | and |, and | & ){_MARK})+(?: only)?|{_MARK} only|only {_MARK}"
)
_OFTEN = r"(?:\d|other|two|three|four|six|eight|twelve|few|hour|day|night|morning|evening|week|month|year)"
_ABSOLUTE = re.compile(
    rf"\b(?:always|never|all|none|every(?! {_OFTEN})|only|completely|totally|entirely|absolutely|invariably"
    r"|impossible|cannot|must)\b"
)
_VAGUE = re.compile(
    r"\b(?:usually|often|frequently|sometimes|occasionally|rarely|seldom|generally|typically|commonly|possibly"
    r"|probably|many|several|various)\b"
)


def of_the_above(wording: Wording) -> Iterator[Flaw]:
    """Rules 3 and 4."""
    for place, option in enumerate(wording.norms):
        if found := _OF_THE_ABOVE.match(option):
            yield Flaw(
                f"{found[1]}_of_the_above",
                "error",
                f"“{found[0]} …” can be judged without knowing the answer, and options are shuffled: "
                "write a distractor that states something.",
                place,
            )


def k_type(wording: Wording) -> Iterator[Flaw]:
    for place, option in enumerate(wording.norms):
        if _K_TYPE.fullmatch(option):
            yield Flaw(
                "k_type",
                "error",
                f"“{cut(wording.options[place])}” combines other options, and options are shuffled: "
                "let each option stand alone, or make it a note of type multiple.",
                place,
            )


def absolute_terms(wording: Wording) -> Iterator[Flaw]:
    found = [
        None if _OF_THE_ABOVE.match(option) or _K_TYPE.fullmatch(option) else _ABSOLUTE.search(option)
        for option in wording.norms
    ]
    if all(found):
        return
    for place, term in enumerate(found):
        if term:
            yield Flaw(
                "absolute_terms",
                "warning",
                f"“{term[0]}” is seldom true, so guessers rule such an option out (or, alone, notice it): "
                "say what holds without it, or use such words in all options.",
                place,
            )


def vague_terms(wording: Wording) -> Iterator[Flaw]:
    for place, option in enumerate(wording.norms):
        if term := _VAGUE.search(option):
            yield Flaw(
                "vague_terms",
                "warning",
                f"“{term[0]}” means something else to each reader: give a number, or leave it out.",
                place,
            )


def lost_sequence(wording: Wording) -> Iterator[Flaw]:
    """Rule 15; it concerns options whose order the author wrote: the program lets others ascend."""
    stated = comparable(wording.options[place] for place in wording.ordered)
    if not stated or any(one.is_range for one in stated):
        return
    if stated != sorted(stated) and stated != sorted(stated, reverse=True):
        yield Flaw(
            "lost_sequence",
            "warning",
            "The numbers neither rise nor fall, which makes the options hard to scan: write them in order.",
        )


def duplicate_options(wording: Wording) -> Iterator[Flaw]:
    first: dict[Hashable, int] = {}
    for place, (text, stated) in enumerate(zip(wording.norms, wording.quantities, strict=True)):
        twin = first.setdefault(text, place)
        if twin == place and stated:
            twin = first.setdefault(stated, place)
        if twin != place:
            yield Flaw(
                "duplicate_options",
                "error",
                f"“{cut(wording.options[place])}” says the same as “{cut(wording.options[twin])}”: "
                "change or remove one of them.",
                place,
            )


def overlapping_ranges(wording: Wording) -> Iterator[Flaw]:
    ranges = [(one, place) for place, one in enumerate(wording.quantities) if one and one.is_range]
    ranges.sort(key=lambda entry: (entry[0].dimension, entry[0].low, entry[0].high))
    for (first, before), (second, place) in pairwise(ranges):
        if first.dimension == second.dimension and first != second and second.low <= first.high:
            yield Flaw(
                "overlapping_ranges",
                "error",
                f"“{cut(wording.options[before])}” and “{cut(wording.options[place])}” share a value: "
                "end each range before the next begins, or both can be right.",
                place,
            )


def heterogeneous_options(wording: Wording) -> Iterator[Flaw]:
    numbers = [stated is not None for stated in wording.quantities]
    worded = [not any(map(str.isdigit, option)) for option in wording.options]
    if any(numbers) and any(worded):
        yield Flaw(
            "heterogeneous_options",
            "warning",
            "Some options are numbers and some are words, so they do not compete: make them all of one kind.",
            worded.index(True),
        )


def repeated_lead_words(wording: Wording) -> Iterator[Flaw]:
    starts = {tuple(words(option)[:3]) for option in wording.norms}
    start = next(iter(starts), ())
    if len(wording.options) > 1 and len(starts) == 1 and len(start) == 3:
        yield Flaw(
            "repeated_lead_words",
            "warning",
            f"All options begin with “{cut(' '.join(start))}”: move these words into the stem.",
        )
