"""An answer typed by the learner, compared letter by letter with what would have been right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from quizapp.banks.norm import norm

Kind = Literal["same", "missing", "extra", "wrong"]

_PIECES = 200  # comparing takes the square of this, at worst its cube
_WORD = re.compile(r"\S+|\s")
_KEYBOARD = str.maketrans("‐‑‒–—−‘’“”", "------''\"\"")


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """Whether what was typed is right, and how it differs from the accepted form nearest to it.

    The "same" and "missing" parts make up that form; the "same", "extra" and "wrong" parts what was typed,
    but for case and accents. A "missing" part right after a "wrong" one is what belongs in its place.
    """

    right: bool
    parts: tuple[tuple[Kind, str], ...]


def compare(typed: str, answer: str, accept: Sequence[str] = ()) -> TypedAnswer:
    """Return how plain `typed` compares with `answer` and the further right forms in `accept`.

    Forgiven are case, accents, spaces, closing punctuation, and dashes and quotes that keyboards lack.
    """
    typed, *forms = (
        " ".join(unicodedata.normalize("NFC", text).split()) for text in (typed, answer, *accept)
    )
    given = norm(_forgiven(typed))
    for form in forms:
        if given and given == norm(_forgiven(form)):
            return TypedAnswer(right=True, parts=(("same", form),))
    pieces, *forms_pieces = _cut([typed, *forms])
    diffs = [_Diff(form_pieces, pieces) for form_pieces in forms_pieces]
    return TypedAnswer(right=False, parts=max(diffs, key=_Diff.likeness).parts())


def _cut(texts: list[str]) -> list[list[str]]:
    """Return `texts` cut into letters; where that makes too many pieces, into words, or else not at all."""
    for finest in (list, _WORD.findall):
        pieces = [finest(text) for text in texts]
        if max(map(len, pieces)) <= _PIECES:
            return pieces
    return [[text] if text else [] for text in texts]


def _forgiven(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return letters.casefold().translate(_KEYBOARD)


class _Diff:
    """How `typed` differs from `form`, both cut into pieces of one kind."""

    def __init__(self, form: list[str], typed: list[str]) -> None:
        self._form, self._typed = form, typed
        self._matcher = SequenceMatcher(
            None, [*map(_forgiven, form)], [*map(_forgiven, typed)], autojunk=False
        )

    def likeness(self) -> float:
        return self._matcher.ratio()

    def parts(self) -> tuple[tuple[Kind, str], ...]:
        return tuple(self._parts())

    def _parts(self) -> Iterator[tuple[Kind, str]]:
        for what, start, end, typed_start, typed_end in self._matcher.get_opcodes():
            expected = "".join(self._form[start:end])
            given = "".join(self._typed[typed_start:typed_end])
            if what == "equal":
                yield "same", expected
                continue
            if given:
                yield ("wrong" if expected else "extra"), given
            if expected:
                yield "missing", expected
