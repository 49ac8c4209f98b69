"""multiple: select all that apply, all options written out. Not drilled: a hidden card carries what it taught."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from quizapp import limits
from quizapp.banks.fields import Text
from quizapp.banks.items.base import ItemSpec
from quizapp.banks.notes.base import CardSpec, Shared
from quizapp.banks.notes.common import Note, Option, Options, choices, complaints_of_distractors
from quizapp.banks.problems import Complaint, Path


class MultipleNote(Note):
    name: ClassVar[str] = "multiple"
    lead: ClassVar[str] = "stem"
    example: ClassVar[str] = """
- id: withdrawal-signs-sata
  type: multiple
  stem: Which can follow abrupt withdrawal of baclofen?
  correct: [Seizures, {text: High fever, why: Muscles held rigid produce heat.}]
  incorrect: [{text: Nasal congestion, why: It is an adverse effect of treatment.}]
"""

    type: Literal["multiple"]
    stem: Text
    correct: Options
    incorrect: Options

    @property
    def drilled(self) -> bool:
        return False

    def recalled(self) -> list[CardSpec]:
        return []

    def asked(self, shared: Shared) -> list[ItemSpec]:
        return [
            ItemSpec(
                key=self.id,
                type="multiple",
                evidence=self.id,
                stem=self.stem,
                right=choices(self.correct),
                wrong=choices(self.incorrect),
                least_wrong=1,
                fixed=True,
            )
        ]

    def options_path(self, item_key: str) -> Path:
        return ("incorrect",)

    def wrong_options(self) -> Iterator[tuple[Path, Option]]:
        for index, option in enumerate(self.incorrect):
            yield ("incorrect", index), option

    def complaints(self) -> Iterator[Complaint]:
        yield from super().complaints()
        yield from complaints_of_distractors(
            self.incorrect, ("incorrect",), [option.text for option in self.correct]
        )
        for field, options in (("correct", self.correct), ("incorrect", self.incorrect)):
            if not options:
                yield Complaint((field,), f"'{field}' is empty: write at least one option")
        if len(self.correct) + len(self.incorrect) > limits.CHOICES_MAX:
            yield Complaint(
                ("correct",), f"at most {limits.CHOICES_MAX} options, correct and incorrect together"
            )
