"""choice: a single-best-answer item written as such; `card: yes` also drills stem → key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator

from quizapp import limits
from quizapp.banks.fields import Ids, Text, YesNo, long_forms
from quizapp.banks.items.base import ItemSpec
from quizapp.banks.notes.base import CardSpec, Shared
from quizapp.banks.notes.common import (
    Note,
    OneOption,
    Option,
    Options,
    choices,
    complaints_of_distractors,
    pooled,
)
from quizapp.banks.problems import Complaint, Path


class MarkedOption(Option):
    """An option in a list that holds the key too."""

    key: YesNo = False


class ChoiceNote(Note):
    name: ClassVar[str] = "choice"
    lead: ClassVar[str] = "stem"
    example: ClassVar[str] = """
- id: it-underdose
  type: choice
  level: application
  stem: >-
    A patient with an intrathecal pump arrives with fever, rigidity and new spasticity after a missed refill.
    Most likely cause?
  key: {text: Intrathecal baclofen withdrawal, why: A missed refill stops the infusion abruptly.}
  distractors:
    - {text: Intrathecal baclofen overdose, why: "Overdose gives flaccidity and sedation.", harm: 3}
    - {text: Serotonin syndrome, why: No serotonergic medicine is named; the missed refill explains the picture.}
"""

    type: Literal["choice"]
    stem: Text
    key: OneOption | None = None
    distractors: Options = ()
    distractors_from: Ids = ()
    options: Annotated[
        tuple[MarkedOption, ...],
        BeforeValidator(long_forms, json_schema_input_type=list[Text | MarkedOption]),
    ] = ()
    card: YesNo = False

    @property
    def drilled(self) -> bool:
        return self.makes_cards and self.card

    @property
    def right(self) -> Option:
        return self.key or next(option for option in self.options if option.key)

    def recalled(self) -> list[CardSpec]:
        return [CardSpec(self.id, self.stem, (self.right.text,))]

    def asked(self, shared: Shared) -> list[ItemSpec]:
        wrong = [option for option in self.options if not option.key]
        numbers = iter(range(1, len(self.options)))
        return [
            ItemSpec(
                key=self.id,
                type="single",
                evidence=self.id,
                stem=self.stem,
                right=(self.right.choice(note=self.id),),
                wrong=choices(wrong or self.distractors),
                fill=pooled(self.distractors_from, shared),
                least_wrong=1,
                fixed=bool(self.options),
                ordered=tuple(0 if option.key else next(numbers) for option in self.options),
            )
        ]

    def stated(self) -> str:
        return self.right.text

    def key_path(self, item_key: str) -> Path:
        if not self.options:
            return ("key",)
        return ("options", next(index for index, option in enumerate(self.options) if option.key))

    def options_path(self, item_key: str) -> Path:
        return ("options",) if self.options else ("distractors",)

    def wrong_options(self) -> Iterator[tuple[Path, Option]]:
        for index, option in enumerate(self.distractors):
            yield ("distractors", index), option
        for index, marked in enumerate(self.options):
            if not marked.key:
                yield ("options", index), marked

    def pools(self) -> Iterator[tuple[Path, str]]:
        for index, name in enumerate(self.distractors_from):
            yield ("distractors_from", index), name

    def complaints(self) -> Iterator[Complaint]:
        yield from super().complaints()
        if not self.options:
            if self.key is None:
                yield Complaint((), "'key' is missing: the right option", missing="key", fatal=True)
            else:
                yield from complaints_of_distractors(self.distractors, ("distractors",), [self.key.text])
            return
        if self.key or self.distractors or self.distractors_from:
            yield Complaint(("options",), "write either 'options', or 'key' and 'distractors'", at="key")
        keys = [index for index, option in enumerate(self.options) if option.key]
        if not keys:
            message = "no option is the right one: write {text: …, key: yes} for it"
            yield Complaint(("options",), message, fatal=not self.key)
        for index in keys[1:]:
            yield Complaint(
                ("options", index), "a second key: one option is the best; see also type 'multiple'"
            )
        if not limits.CHOICES_MIN <= len(self.options) <= limits.CHOICES_MAX:
            yield Complaint(("options",), f"write {limits.CHOICES_MIN} to {limits.CHOICES_MAX} options")
