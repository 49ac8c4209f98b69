"""fact: a question with a short answer → a card (two with `reverse`), and an item where distractors are found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from quizapp.banks.fields import Ids, OptionalText, Text, Texts
from quizapp.banks.items.base import Choice, ItemSpec
from quizapp.banks.notes.base import CardSpec, Shared
from quizapp.banks.notes.common import Note, Option, Options, choices, complaints_of_distractors, pooled
from quizapp.banks.problems import Complaint, Path


class Fact(Note):
    name: ClassVar[str] = "fact"
    lead: ClassVar[str] = "question"
    example: ClassVar[str] = """
- id: receptor
  question: Which receptor does baclofen activate?
  answer: GABA-B
  accept: [GABA-B receptor, GABAB]
  reverse: Which centrally acting muscle relaxant is a GABA-B agonist?
  reverse_answer: Baclofen
  distractors:
    - GABA-A
    - text: NMDA receptor
      why: Ketamine and memantine block NMDA; baclofen does not bind there.
      harm: 0
  explanation: Baclofen binds the GABA-B receptor and so lowers the release of excitatory transmitters.
"""

    type: Literal["fact"] = "fact"
    question: Text
    answer: Text
    accept: Texts = ()
    reverse: OptionalText = ""
    reverse_answer: OptionalText = ""
    distractors: Options = ()
    distractors_from: Ids = ()

    def recalled(self) -> list[CardSpec]:
        cards = [CardSpec(self.id, self.question, (self.answer,), self.accept)]
        if self.reverse:
            cards.append(CardSpec(f"{self.id}/reverse", self.reverse, (self.reverse_answer,)))
        return cards

    def key_path(self, item_key: str) -> Path:
        return ("answer",)

    def asked(self, shared: Shared) -> list[ItemSpec]:
        return [
            ItemSpec(
                key=self.id,
                type="single",
                evidence=self.id,
                stem=self.question,
                right=(Choice(self.answer, note=self.id),),
                wrong=choices(self.distractors),
                fill=pooled(self.distractors_from, shared),
                accept=self.accept,
            )
        ]

    def stated(self) -> str:
        return self.answer

    def wrong_options(self) -> Iterator[tuple[Path, Option]]:
        for index, option in enumerate(self.distractors):
            yield ("distractors", index), option

    def pools(self) -> Iterator[tuple[Path, str]]:
        for index, name in enumerate(self.distractors_from):
            yield ("distractors_from", index), name

    def complaints(self) -> Iterator[Complaint]:
        yield from super().complaints()
        yield from complaints_of_distractors(self.distractors, ("distractors",), (self.answer, *self.accept))
        if self.reverse and not self.reverse_answer:
            yield Complaint(
                (), "'reverse' asks a question: 'reverse_answer' is missing", missing="reverse_answer"
            )
        elif self.reverse_answer and not self.reverse:
            yield Complaint((), "'reverse_answer' answers nothing: 'reverse' is missing", missing="reverse")
