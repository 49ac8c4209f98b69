"""What YAML's parser refuses, in words that help somebody who has never heard of YAML."""

from __future__ import annotations

import re
from typing import Any

from yaml import YAMLError

from quizapp import limits
from quizapp.banks.problems import cut, quoted

LIST_AS_KEY = "a key must be a plain word: put a text that begins with { or [ in quotes"
ALIAS = "references (*name) are not allowed: put a text that begins with * in quotes"
ANCHOR = "anchors (&name) are not allowed: put a text that begins with & in quotes"
TAG = "tags (!name) are not allowed: put a text that begins with ! in quotes"
DIRECTIVE = "lines that begin with % are not allowed: put a text that begins with % in quotes"

_BY_CHARACTER = {
    "*": ALIAS,
    "&": ANCHOR,
    "!": TAG,
    "%": DIRECTIVE,
    ">": "a text that begins with > must be in quotes",
    "|": "a text that begins with | must be in quotes",
    "@": "a text that begins with @ must be in quotes",
    "`": "a text that begins with ` must be in quotes",
    "\t": "indent with spaces, not with tabs",
}
_NO_SPACE = re.compile(r"\s*(?:- )?([a-z_]+:)[^\s:/]")
_UNCLOSED = {"'": "single quotes", '"': "double quotes"}


def reword(error: YAMLError, text: str) -> tuple[str, int, int]:
    """Return a plain sentence for `error`, and line and column, from 1, of the place to look at."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    context = str(getattr(error, "context", None) or "")
    mark = getattr(error, "problem_mark", None)
    start = getattr(error, "context_mark", None)
    if mark is None:
        return f"this is not a readable YAML file ({cut(problem)})", 1, 1
    message, place = _explain(problem, context, mark, start or mark, text)
    if place.line > (last := text.count("\n")):  # the parser puts the end of a file below its last line
        return message, last + 1, len(text) - text.rfind("\n")
    return message, place.line + 1, place.column + 1


def _explain(problem: str, context: str, mark: Any, start: Any, text: str) -> tuple[str, Any]:
    here, first = text[mark.index : mark.index + 1], text[start.index : start.index + 1]
    if "depth" in problem:
        return f"nested more than {limits.YAML_DEPTH} levels deep", mark
    if "mapping values are not allowed" in problem:
        return _colon(mark, text), mark
    if "quoted scalar" in context:
        if "escape" in problem or "hexdecimal" in problem:
            return (
                "inside double quotes a backslash is special: write \\\\ for one, or use single quotes",
                mark,
            )
        return f"this text begins with {_UNCLOSED.get(first, 'a quote')} that are never closed", start
    if first in _BY_CHARACTER and context.startswith(("while scanning an", "while scanning a block scalar")):
        return _BY_CHARACTER[first], start
    if "directive" in context or "directive" in problem or "incompatible YAML" in problem:
        return DIRECTIVE, start
    if "tag" in context or "tag" in problem:
        return TAG, start
    if here in _BY_CHARACTER and "cannot start any token" in problem:
        return _BY_CHARACTER[here], mark
    if "flow" in context:
        return _in_brackets(context, here, start), mark
    if "could not find expected ':'" in problem:
        return "this line has no 'key: value': a colon with a space after it, or quotes, are missing", start
    if "entries are not allowed" in problem or "mapping keys are not allowed" in problem:
        return (
            f"a text that begins with {here} and a space must be in quotes; a list begins on a line of its own",
            mark,
        )
    return _out_of_place(here, mark, start, text), mark


def _colon(mark: Any, text: str) -> str:
    above = text[: mark.index].split("\n")[-2:-1]
    if above and (found := _NO_SPACE.match(above[0])):
        return f"in the line above, a space is missing after {quoted(found[1])}"
    return "a colon and a space inside a text: put the whole text in quotes (or check the indentation)"


def _in_brackets(context: str, here: str, start: Any) -> str:
    if here == ",":
        return "an entry is missing before this comma"
    opened = "list that opens with [" if "sequence" in context else "group that opens with {"
    return f"the {opened} in line {start.line + 1} is not closed, or a comma or quotes are missing"


def _out_of_place(here: str, mark: Any, start: Any, text: str) -> str:
    before = text[: mark.index].rstrip(" ")[-1:]
    if before in _UNCLOSED and mark.column:
        return "text goes on after the closing quote: put quotes around all of it, and write '' for an apostrophe"
    if here and here in ",]}":
        return f"there is nothing here that {here} could belong to: put the text in quotes"
    return (
        f"this line does not fit under line {start.line + 1}: check its indentation and the quotes above it"
    )
