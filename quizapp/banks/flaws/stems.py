"""Flaws of the stem: what is asked, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.banks.flaws.base import Flaw, Wording, in_order, words

_ANY_NEGATIVE = re.compile(r"except|incorrect|untrue|false|wrong|least|not|n['’]t", re.IGNORECASE)
_SUBORDINATE = r"\b(?:when|if|that|who|because|although|after|before|unless|while|until)\b"
_CLAUSE = re.compile(_SUBORDINATE, re.IGNORECASE)
_OPENING_CLAUSE = re.compile(_SUBORDINATE + r"[^,]*,", re.IGNORECASE)
_NEGATIVE_WORD = re.compile(
    r"\b(?:except|incorrect|untrue|false|wrong)\b|(?<!\bat )\bleast(?=\s+[a-z])", re.IGNORECASE
)
_WHICH = re.compile(r"\bwhich\b", re.IGNORECASE)
_VERB = re.compile(r"\b(?:is|are|does|do|should)\b", re.IGNORECASE)
_NOT = re.compile(r"\bnot\b", re.IGNORECASE)
_SHORT_NOT = re.compile(r"\b(?:is|are|does|do|should)n['’]t\b", re.IGNORECASE)
_NEGATED_OPTION = re.compile(r"\b(?:not|no|never|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_BOLD = re.compile(r"\*\*[^*]+\*\*|__[^_]+__")
_STATEMENT = re.compile(r"\bstatements?\b", re.IGNORECASE)
_IS = re.compile(r"\b(?:is|are)\b", re.IGNORECASE)
_TRUE = re.compile(r"\b(?:true|correct)\b", re.IGNORECASE)
_VERDICTS = {"true", "false", "yes", "no"}
_BLANK = re.compile(r"_{2,}|\[[^\[\]]*\]|…|\.{3}")


def negative_stem(wording: Wording) -> Iterator[Flaw]:
    """Rules 5 to 7: a negative question, its negative word not highlighted, a negative option beside it."""
    if not _ANY_NEGATIVE.search(wording.lead_in):  # nearly every stem
        return
    found = _negative(_main_clause(wording.lead_in))
    if not found:
        return
    word = found[0]
    yield Flaw(
        "negative_stem",
        "warning",
        f"The stem asks for what does not hold (“{word}”); readers miss that: ask for what does hold.",
    )
    bold = words(" ".join(_BOLD.findall(wording.marked_up)))
    if not word.isupper() and word not in bold:
        yield Flaw(
            "negative_unhighlighted",
            "error",
            f"“{word}” turns the question round and is easily missed: write it in capitals or in bold.",
        )
    for place, option in enumerate(wording.options):
        if negation := _NEGATED_OPTION.search(option):
            yield Flaw(
                "double_negative",
                "warning",
                f"“{negation[0]}” in an option of a negative stem is a double negative: ask positively.",
                place,
            )
            return


def _main_clause(lead_in: str) -> str:
    opening = _OPENING_CLAUSE.match(lead_in)
    return _CLAUSE.split(lead_in[opening.end() :] if opening else lead_in, maxsplit=1)[0]


def _negative(clause: str) -> re.Match[str] | None:
    return (
        _NEGATIVE_WORD.search(clause)
        or in_order(clause, _WHICH, _VERB, _NOT)
        or in_order(clause, _WHICH, _SHORT_NOT)
    )


def true_false_format(wording: Wording) -> Iterator[Flaw]:
    verdicts = wording.norms and all(option in _VERDICTS for option in wording.norms)
    if verdicts or in_order(wording.lead_in, _WHICH, _STATEMENT, _IS, _TRUE):
        yield Flaw(
            "true_false_format",
            "warning",
            "True or false is easily guessed and rarely clear-cut: ask a question with one best answer.",
        )


def unfocused_stem(wording: Wording) -> Iterator[Flaw]:
    lead_in = wording.lead_in
    if "?" not in lead_in and not _BLANK.search(lead_in) and len(words(lead_in)) <= 4:
        yield Flaw(
            "unfocused_stem",
            "warning",
            "The stem asks nothing, so the question must be guessed from the options: ask it in full.",
        )


def blank_not_at_end(wording: Wording) -> Iterator[Flaw]:
    *_, after = _BLANK.split(wording.stem)
    if after != wording.stem and len(words(after)) >= 2:
        yield Flaw(
            "blank_not_at_end",
            "warning",
            "The sentence goes on after the blank, so it must be read twice: move the blank to the end.",
        )
