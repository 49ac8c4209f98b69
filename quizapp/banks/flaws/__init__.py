"""Item-writing flaws that can be found by rule; `base.py` says what a rule is.

Only what is written is judged here. Ambiguity, two right answers and implausible distractors want a reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from quizapp.banks.flaws import cues, options, stems
from quizapp.banks.flaws.base import Flaw, Rule, Wording
from quizapp.banks.flaws.doses import unsafe_dose
from quizapp.banks.units import quantity
from quizapp.richtext import to_inline_plain, to_plain

__all__ = ["Flaw", "forbids", "of_item", "of_text"]

_RULES: tuple[Rule, ...] = (
    cues.longest_correct,
    options.absolute_terms,
    options.of_the_above,
    stems.negative_stem,
    cues.grammatical_cue,
    cues.word_repeat,
    cues.convergence,
    options.k_type,
    stems.true_false_format,
    stems.unfocused_stem,
    stems.blank_not_at_end,
    options.lost_sequence,
    options.vague_terms,
    options.duplicate_options,
    options.overlapping_ranges,
    options.heterogeneous_options,
    options.repeated_lead_words,
)
_ERRORS_OF_ONE: tuple[Rule, ...] = (options.of_the_above, options.k_type)
_ERRORS_OF_SEVERAL: tuple[Rule, ...] = (options.overlapping_ranges, cues.grammatical_cue)


def of_item(
    stem: str, keys: Sequence[str], distractors: Sequence[str], *, ordered: Sequence[int] = ()
) -> list[Flaw]:
    """Return the flaws of an item whose texts are Markdown.

    `ordered` is the order in which the author wrote the options, as indices into keys + distractors; empty
    where the program arranges them.
    """
    wording = _wording(stem, keys, distractors, tuple(ordered))
    return [flaw for rule in _RULES for flaw in rule(wording)]


def forbids(stem: str, keys: Sequence[str], distractors: Sequence[str], *, last: str) -> bool:
    """Return whether these different options may not be shown together because an error lies in them.

    `last` is the one of them that was added; without it there was no error.
    """
    if _never_shown(last):
        return True
    if not (_may_cue(stem) or _is_range(last)):
        return False  # nearly always, and it is asked for each option of each item
    wording = _wording(stem, keys, distractors)
    return any(True for rule in _ERRORS_OF_SEVERAL for _ in rule(wording))


@lru_cache(maxsize=8192)
def _never_shown(option: str) -> bool:
    wording = _wording("", (), (option,))
    return any(True for rule in _ERRORS_OF_ONE for _ in rule(wording))


@lru_cache(maxsize=8192)
def _is_range(option: str) -> bool:
    stated = quantity(to_inline_plain(option))
    return stated is not None and stated.is_range


@lru_cache(maxsize=2048)
def _may_cue(stem: str) -> bool:
    return cues.may_cue(_wording(stem, (), ()))


def of_text(text: str) -> list[Flaw]:
    """Return the flaws of any text that learners read."""
    return list(unsafe_dose(text))


def _wording(
    stem: str, keys: Sequence[str], distractors: Sequence[str], ordered: tuple[int, ...] = ()
) -> Wording:
    return Wording(
        stem=to_plain(stem),
        marked_up=stem,
        keys=tuple(map(to_inline_plain, keys)),
        distractors=tuple(map(to_inline_plain, distractors)),
        ordered=ordered,
    )
