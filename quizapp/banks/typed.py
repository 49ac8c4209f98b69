"""An answer typed by the learner, compared letter by letter with what would have been right."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from quizapp.banks.norm import folded, norm

Kind = Literal["same", "missing", "extra", "wrong"]
Judgement = Literal["right", "nearly", "partly", "wrong"]

NEARLY = 0.85  # as like as this, it is a slip of the pen
OTHER_FORM = 0.8  # as like as this, another accepted form was meant
COMPARABLE = 0.4  # less alike than this, the differing letters say nothing
_PIECES = 200  # comparing takes the square of this, at worst its cube
_WORD = re.compile(r"\S+|\s")
_KEYBOARD = str.maketrans("‐‑‒–—−‘’“”", "------''\"\"")
_MARKS = r"[.,;:!?'\"()\[\]…]"
_PUNCTUATION = re.compile(rf"(?<!\w)(?![.,]\d){_MARKS}|{_MARKS}(?!\w)")  # at the edge of a word, not in 0.5
_ROUGHLY = re.compile(r"(?:(?:about|approximately|approx|around|roughly|circa|ca)\s+|[~≈]\s*)(?=\S)")
_DECISIVE = re.compile(
    r"\d+(?:[.,]\d+)*|\b\w\b|\b(?:no|not|never|without|less|more|before|after)\b"
    r"|hypo|hyper|increas|decreas|antagon|inhibit|activat"
)
_KEY_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """How right what was typed is, and how it differs from the answer, or from another accepted form much nearer.

    "nearly": but for a slip of the pen; "partly": words that matter are there. `parts` is empty when the two have
    little in common. Else the "same" and "missing" parts make up that form; the "same", "extra" and "wrong" parts
    what was typed, but for case and accents. A "missing" part after a "wrong" one is what belongs in its place.
    """

    judgement: Judgement
    parts: tuple[tuple[Kind, str], ...]

    @property
    def right(self) -> bool:
        return self.judgement == "right"


def compare(typed: str, answer: str, accept: Sequence[str] = ()) -> TypedAnswer:
    """Return how plain `typed` compares with `answer` and the further right forms in `accept`.

    Forgiven are case, accents, spaces, punctuation around words, a leading "about", and dashes and quotes that
    keyboards lack.
    """
    typed, *forms = (
        " ".join(unicodedata.normalize("NFC", text).split()) for text in (typed, answer, *accept)
    )
    given, *wanted = map(_essence, (typed, *forms))
    for form, essence in zip(forms, wanted, strict=True):
        if given and given == essence:
            return TypedAnswer("right", (("same", form),))
    pieces, *forms_pieces = _cut([typed, *forms])
    diffs = [_Diff(form_pieces, pieces) for form_pieces in forms_pieces]
    nearest = max(range(len(diffs)), key=lambda at: diffs[at].likeness)
    meant = nearest if diffs[nearest].likeness >= OTHER_FORM else 0
    diff = diffs[meant]
    parts = diff.parts() if diff.likeness >= COMPARABLE else ()
    return TypedAnswer(_judgement(given, wanted[meant]), parts)


def _judgement(given: str, wanted: str) -> Judgement:
    """Return how right essence `given` is where `wanted` would have been. A number, a letter that stands alone or a
    word that turns the sense is never a slip of the pen."""
    decisive, needed = Counter(_DECISIVE.findall(given)), Counter(_DECISIVE.findall(wanted))
    if decisive == needed and _is_slip(given, wanted):
        return "nearly"
    if decisive - needed:
        return "wrong"
    known = _KEY_WORD.findall(given)
    key_words = _KEY_WORD.findall(wanted)
    met = [any(word.startswith(one) or one.startswith(word) for one in known) for word in key_words]
    return "partly" if any(met) and 2 * sum(met) >= len(met) else "wrong"


def _is_slip(given: str, wanted: str) -> bool:
    diff = _Diff(*_cut([wanted, given]))
    return diff.likeness >= NEARLY or (len(wanted) > 3 and diff.edits() == 1)


def _cut(texts: list[str]) -> list[list[str]]:
    """Return `texts` cut into letters; where that makes too many pieces, into words, or else not at all."""
    for finest in (list, _WORD.findall):
        pieces = [finest(text) for text in texts]
        if max(map(len, pieces)) <= _PIECES:
            return pieces
    return [[text] if text else [] for text in texts]


def _essence(text: str) -> str:
    """Return what of `text` has to be right."""
    words = norm(_PUNCTUATION.sub(" ", _forgiven(text)))
    return _ROUGHLY.sub("", words, count=1) if _ROUGHLY.match(words) else words


def _forgiven(text: str) -> str:
    return folded(text).translate(_KEYBOARD)


class _Diff:
    """How `typed` differs from `form`, both cut into pieces of one kind."""

    def __init__(self, form: list[str], typed: list[str]) -> None:
        self._form, self._typed = form, typed
        self._matcher = SequenceMatcher(
            None, [*map(_forgiven, form)], [*map(_forgiven, typed)], autojunk=False
        )
        self.likeness = self._matcher.ratio()

    def edits(self) -> int:
        """Return how many pieces would have to be put in, taken out or replaced, about."""
        return sum(
            max(end - start, typed_end - typed_start)
            for what, start, end, typed_start, typed_end in self._matcher.get_opcodes()
            if what != "equal"
        )

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
