"""Slips of the hand that YAML takes for something else without a word: lost dashes, spaces that only look so."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice

import yaml

from quizapp import limits
from quizapp.banks.problems import quoted
from quizapp.banks.work import Work

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ANY = re.compile(f"[{_SPACES}]")
_LEADING = re.compile(rf"^( *+(?:- ++)*+)([a-z_]++:|-)?+( *+[{_SPACES}][ {_SPACES}]*+)", re.MULTILINE)
_INDENT = re.compile(r" *+(?:- ++)*+")
_COUNTED_AT_ONCE = 1000  # events, two of which are a step
_DASHED = re.compile(r"\n[ \t]*- ")

Told = tuple[str, int, int]  # a sentence, line and column from 1
_Span = tuple[
    int, int, int
]  # start and end of a text in quotes or in a block; a block's text is deeper than this


def lost_dash(text: str, event: yaml.ScalarEvent, *, in_list: bool) -> list[Told]:
    """Return what to say of a plain text of several lines that took in lines of a list."""
    start = event.start_mark
    dashed = _DASHED.search(text, start.index, event.end_mark.index)
    if dashed is None:
        return []
    if not in_list and not text[start.index - start.column : start.index].strip(" "):
        message = "this line needs a dash at its beginning: the lines below it are a list"
        return [(message, start.line + 1, start.column + 1)]
    remedy = (
        "put it below the dash above, or the whole text in quotes"
        if in_list
        else "a list begins on a line of its own, and a text with dashes goes below a '|'"
    )
    at = dashed.end() - 2
    line = start.line + 1 + text.count("\n", start.index, at)
    return [(f"this dash continues the text above: {remedy}", line, at - text.rfind("\n", 0, at))]


def mend_spaces(text: str, most: int, work: Work) -> tuple[str, list[Told]]:
    """Return `text` with ordinary spaces where YAML knows no others, and what to say of the first of them."""
    if text.isascii() or not _ANY.search(text) or not _LEADING.search(text):
        return text, []
    # In the one reading a block may be cut short, in the other its first line sets too deep an indentation.
    readings = _texts_in(text, work), _texts_in(_LEADING.sub(_ordinary, text), work)
    parts: list[str] = []
    told: list[Told] = []
    line, counted, done = 1, 0, 0
    for match in _LEADING.finditer(text):
        if any(_is_text(match, text, spans) for spans in readings):
            continue
        parts += text[done : match.start()], _ordinary(match)
        done = match.end()
        if len(told) < most and (odd := _ANY.search(text, match.start(3))):
            line += text.count("\n", counted, match.start())
            counted = match.start()
            where = f"after {quoted(match[2])} stands" if match[2] else "this line begins with"
            message = (
                f"{where} a space that is no ordinary space (copied from a web page or Word): "
                "replace it with ordinary spaces"
            )
            told.append((message, line, odd.start() - match.start() + 1))
    return "".join((*parts, text[done:])), told


def commented_lines(text: str) -> frozenset[int]:
    """Return the numbers, from 0, of the lines in which a comment may follow a text."""
    if " #" not in text and "\t#" not in text:
        return frozenset()
    return frozenset(number for number, line in enumerate(text.split("\n")) if " #" in line or "\t#" in line)


def _ordinary(match: re.Match[str]) -> str:
    return _ANY.sub(" ", match[0])


def _texts_in(text: str, work: Work) -> list[_Span]:
    """Return the texts in quotes and in blocks, as far as `text` can be read."""
    spans = []
    try:
        for number, event in enumerate(
            islice(yaml.parse(text, Loader=yaml.CSafeLoader), 2 * limits.YAML_NODES), 1
        ):
            if number % _COUNTED_AT_ONCE == 0:
                work.add(_COUNTED_AT_ONCE // 2)
            if isinstance(event, yaml.ScalarEvent) and event.style:
                start, deeper = event.start_mark.index, -1
                if event.style in "|>" and (indent := _INDENT.match(text, start - event.start_mark.column)):
                    deeper = len(indent[0])
                spans.append((start, event.end_mark.index, deeper))
    except yaml.YAMLError:
        pass  # the reading itself tells of it
    return spans


def _is_text(match: re.Match[str], text: str, spans: list[_Span]) -> bool:
    """Return whether the spaces of `match` belong to one of `spans`, and not to its indentation."""
    at = match.start(3)
    before = bisect_right(spans, (at,)) - 1
    if before < 0 or at >= spans[before][1]:
        return False
    return match[2] is not None or len(match[1]) > spans[before][2]
