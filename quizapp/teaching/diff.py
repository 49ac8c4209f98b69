"""What changed between two wordings of a note, word by word: what was taken out, what was put in."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizapp.banks.work import TakesLong, Work

_WORD = re.compile(r"\w+|[^\w\s]|\s+")
# Of one field and of a page, in steps as `_steps` counts them.
_STEPS_MAX, STEPS_OF_PAGE = 16_000_000, 40_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that both sides have (`same`), or that stands on one side alone."""

    text: str
    same: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a note that differs; a side without pieces did not have it."""

    field: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def changes(before: Mapping[str, Any], after: Mapping[str, Any], work: Work) -> list[Change]:
    """Return the fields in which two canonical contents differ, in the order of `after`, lost fields last.

    Where `work`, which a page has for all its notes, is spent, fields differ wholly.
    """
    fields = [*after, *(name for name in before if name not in after)]
    found = []
    for name in fields:
        if before.get(name) != after.get(name):
            old, new = compare(in_words(before.get(name, "")), in_words(after.get(name, "")), work)
            found.append(Change(name.replace("_", " ").capitalize(), old, new))
    return found


def compare(before: str, after: str, work: Work) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return both texts in pieces. Texts too long to compare word by word differ wholly between what they share."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    start = _shared(zip(old, new, strict=False))
    end = _shared(zip(reversed(old[start:]), reversed(new[start:]), strict=False))
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    left: list[tuple[Sequence[str], bool]] = [(old[:start], True)]
    right: list[tuple[Sequence[str], bool]] = [(new[:start], True)]
    for same, one, other in _blocks(old_middle, new_middle, work):
        left.append((one, same))
        right.append((other, same))
    left.append((old[len(old) - end :], True))
    right.append((new[len(new) - end :], True))
    return _pieces(left), _pieces(right)


def in_words(value: Any) -> str:
    """Return a field's value as a person reads it: a list as lines, a group as its parts with their names."""
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {_on_one_line(part)}" for name, part in value.items())
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(value)
    return "\n".join(f"• {_on_one_line(part)}" for part in value)


def _on_one_line(value: Any) -> str:
    if isinstance(value, Mapping):
        named = [(name, _on_one_line(part)) for name, part in value.items()]
        return " · ".join(text if name in ("text", "source") else f"{name}: {text}" for name, text in named)
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(value)
    return "; ".join(_on_one_line(part) for part in value)


def _shared(pairs: Iterable[tuple[str, str]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _steps(old: Sequence[str], new: Sequence[str]) -> int:
    """Return about how many steps comparing takes at worst: each pair of equal words, for each block found."""
    here, there = Counter(old), Counter(new)
    return sum(many * there[word] for word, many in here.items()) * min(len(old), len(new))


def _blocks(
    old: Sequence[str], new: Sequence[str], work: Work
) -> Iterable[tuple[bool, Sequence[str], Sequence[str]]]:
    try:
        steps = _steps(old, new)
        if steps > _STEPS_MAX:
            raise TakesLong
        work.add(steps)
    except TakesLong:
        return [(False, old, new)]
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [
        (tag == "equal", old[old_from:old_to], new[new_from:new_to])
        for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes()
    ]


def _pieces(runs: Iterable[tuple[Sequence[str], bool]]) -> tuple[Piece, ...]:
    """Join runs of one kind; a space between two changed words is changed with them, so that they read as one."""
    joined: list[Piece] = []
    for words, same in runs:
        text = "".join(words)
        if not text:
            continue
        if joined and joined[-1].same == same:
            joined[-1] = Piece(joined[-1].text + text, same)
        elif not same and len(joined) > 1 and joined[-1].text.isspace() and "\n" not in joined[-1].text:
            space = joined.pop().text
            joined[-1] = Piece(joined[-1].text + space + text, False)
        else:
            joined.append(Piece(text, same))
    return tuple(joined)
