"""What can be wrong with any text of a bank: markup nobody can follow, doses that are misread in print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizapp import limits, richtext
from quizapp.banks import flaws
from quizapp.banks.findings import Findings
from quizapp.banks.problems import Path

_NOT_READ = {  # keys of what no learner reads
    *("id", "type", "cite", "tags", "level", "status", "image", "about"),
    *("cards", "items", "distractors_from", "sources", "bank"),
}
_STEPS = 5  # that parsing a text takes, however short
_PROSE = {  # keys of what no check looks into, so that it is parsed here or nowhere
    *("explanation", "caveat", "objective", "alt", "credit", "description", "notice", "why"),
}


def check(findings: Findings) -> set[Path]:
    """Report what is wrong with texts, and return the sections ("notes", 3) that must not be parsed after that."""
    refused: set[Path] = set()
    spent = 0
    for path, text in _texts_in(findings.document.data, ()):
        section = path[:2]
        if (reason := richtext.too_much(text)) is None:
            before, spent = spent, spent + (effort := _effort(path, text))
            if effort:
                findings.work.add(_STEPS + effort // 2)
            if spent > limits.MARKUP_PER_BANK and spent > before:
                if before <= limits.MARKUP_PER_BANK:
                    findings.at_value(path, "the bank has too much markup up to here: split it, or use less")
                refused.add(section)
                continue
            reason = richtext.too_deep(text)
        if reason:
            findings.at_value(path, reason)
            refused.add(section)
        elif section not in refused:
            for flaw in flaws.of_text(text):
                findings.at_value(path, flaw.message, level=flaw.level)
    return refused


def _effort(path: Path, text: str) -> int:
    nests = richtext.may_nest(text)
    effort = richtext.effort(text) if nests or path[-1] not in _PROSE else 0
    return effort + len(text) if nests else effort


def _texts_in(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    parts = node.items() if isinstance(node, dict) else enumerate(node)
    for part, value in parts:
        if isinstance(value, str):
            if part not in _NOT_READ:
                yield (*path, part), value
        elif part not in _NOT_READ:
            yield from _texts_in(value, (*path, part))
