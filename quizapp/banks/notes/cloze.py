"""cloze: a text with deletions in Anki's notation → for each number a card, and an item where distractors are found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Literal

from quizapp.banks.fields import Ids, Text, Texts
from quizapp.banks.items.base import Choice, ItemSpec
from quizapp.banks.notes.base import CardSpec, Shared
from quizapp.banks.notes.common import Note, Option, Options, choices, complaints_of_distractors, pooled, same
from quizapp.banks.problems import Complaint, Path, cut, quoted

_OPENING = re.compile(r"\{\{c([1-9]\d{0,2})::")
_CLOSING = re.compile(r"\}\}(?!\})")  # of "$x^{2}}}" the last two
_MEANT = re.compile(r"\{\{\s*[cC]?\s*\d*\s*:")


@dataclass(frozen=True, slots=True)
class Deletion:
    """One hidden part; its cloze is "c1", "c2" …"""

    cloze: str
    text: str
    hint: str = ""

    @property
    def blank(self) -> str:
        return rf"\[{self.hint or '…'}\]"


Piece = str | Deletion


class Malformed(ValueError):
    """The text is no cloze text; the message says why."""


@lru_cache(maxsize=256)
def pieces(text: str) -> tuple[Piece, ...]:
    """Return plain stretches of `text` and its deletions, in order. Raises Malformed."""
    found: list[Piece] = []
    end = 0
    while opening := _OPENING.search(text, end):
        found.append(_plain(text[end : opening.start()]))
        closing = _CLOSING.search(text, opening.end())
        if closing is None:
            raise Malformed(f"'{opening[0]}' is never closed with '}}}}'")
        body = text[opening.end() : closing.start()]
        if _OPENING.search(body):
            raise Malformed(
                f"'{opening[0]}' has another deletion inside: end it with '}}}}' before the next begins"
            )
        answer, _, hint = body.partition("::")
        if not same(answer):
            raise Malformed(f"'{opening[0]}' hides nothing: write the answer after it")
        found.append(Deletion(f"c{opening[1]}", answer, hint.strip()))
        end = closing.end()
    found.append(_plain(text[end:]))
    if len(found) == 1:
        raise Malformed("the text has no deletion: write what is to be hidden as {{c1::answer}}")
    return tuple(found)


def _plain(stretch: str) -> str:
    if meant := _MEANT.search(stretch):
        raise Malformed(f"{quoted(meant[0])} begins no deletion: write {{{{c1::answer}}}}, counting from c1")
    return stretch


class Cloze(Note):
    name: ClassVar[str] = "cloze"
    lead: ClassVar[str] = "text"
    flaws_of_type: ClassVar[frozenset[str]] = frozenset({"blank_not_at_end"})
    example: ClassVar[str] = """
- id: half-life
  type: cloze
  text: "Oral baclofen has a half-life of {{c1::2–4 hours}} and leaves mainly through the {{c2::kidneys::organ}}."
  distractors: {c1: [20 minutes, 18 hours, 3 days], c2: [liver, lungs]}
"""

    type: Literal["cloze"]
    text: Text
    accept: dict[str, Texts] = {}  # noqa: RUF012 - pydantic copies it
    distractors: dict[str, Options] = {}  # noqa: RUF012
    distractors_from: dict[str, Ids] = {}  # noqa: RUF012

    def deletions(self) -> dict[str, list[Deletion]]:
        """Return the deletions by cloze, in the order of their numbers."""
        found: dict[str, list[Deletion]] = {}
        for piece in pieces(self.text):
            if isinstance(piece, Deletion):
                found.setdefault(piece.cloze, []).append(piece)
        return dict(sorted(found.items(), key=lambda entry: int(entry[0][1:])))

    def hiding(self, cloze: str) -> str:
        """Return the text with every deletion of `cloze` blank and all others filled in."""
        return "".join(
            piece if isinstance(piece, str) else piece.blank if piece.cloze == cloze else piece.text
            for piece in pieces(self.text)
        )

    def extent(self) -> tuple[int, int]:
        cards = len(self.deletions())
        return cards, 2 * cards * len(self.text)

    def recalled(self) -> list[CardSpec]:
        return [
            CardSpec(
                f"{self.id}/{cloze}",
                self.hiding(cloze),
                ("; ".join(dict.fromkeys(deletion.text for deletion in hidden)),),
                self.accept.get(cloze, ()),
            )
            for cloze, hidden in self.deletions().items()
        ]

    def asked(self, shared: Shared) -> list[ItemSpec]:
        return [
            ItemSpec(
                key=f"{self.id}/{cloze}",
                type="single",
                evidence=f"{self.id}/{cloze}",
                stem=self.hiding(cloze) + _which(hidden),
                right=(Choice(hidden[0].text, note=self.id),),
                wrong=choices(self.distractors.get(cloze, ())),
                fill=pooled(self.distractors_from.get(cloze, ()), shared),
                accept=self.accept.get(cloze, ()),
            )
            for cloze, hidden in self.deletions().items()
        ]

    def stated(self) -> str:
        answers = [hidden[0].text for hidden in self.deletions().values()]
        return answers[0] if len(answers) == 1 else ""

    def options_path(self, item_key: str) -> Path:
        return ("distractors", item_key.rpartition("/")[2])

    def wrong_options(self) -> Iterator[tuple[Path, Option]]:
        for cloze, options in self.distractors.items():
            for index, option in enumerate(options):
                yield ("distractors", cloze, index), option

    def pools(self) -> Iterator[tuple[Path, str]]:
        for cloze, names in self.distractors_from.items():
            for index, name in enumerate(names):
                yield ("distractors_from", cloze, index), name

    def complaints(self) -> Iterator[Complaint]:
        yield from super().complaints()
        try:
            deletions = self.deletions()
        except Malformed as error:
            yield Complaint(("text",), str(error), fatal=True)
            return
        for field in ("accept", "distractors", "distractors_from"):
            for cloze in getattr(self, field):
                if cloze not in deletions:
                    known = cut(", ".join(deletions))
                    yield Complaint(
                        (field, cloze), f"the text has no cloze {quoted(cloze)}: it has {known}", at="key"
                    )
        for cloze, hidden in deletions.items():
            right = (hidden[0].text, *self.accept.get(cloze, ()))
            yield from complaints_of_distractors(
                self.distractors.get(cloze, ()), ("distractors", cloze), right
            )


def _which(hidden: list[Deletion]) -> str:
    """Return the words that say which of several different blanks is asked for."""
    several = len({same(deletion.text) for deletion in hidden}) > 1
    return "\n\nWhat belongs in the first blank?" if several else ""
