"""set: members of a category, and near-misses → a recall card, and items "which is", "which is not", "select all"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from quizapp.banks.fields import OptionalText, Text
from quizapp.banks.items.base import Choice, ItemSpec
from quizapp.banks.notes.base import CardSpec, Shared
from quizapp.banks.notes.common import Note, Option, Options, choices, same
from quizapp.banks.problems import Complaint, Path

_SHOWN_WITH_KEY = 3
_SHOWN_OF_ALL = 6


class SetNote(Note):
    name: ClassVar[str] = "set"
    lead: ClassVar[str] = "name"
    sampled: ClassVar[bool] = True
    example: ClassVar[str] = """
- id: withdrawal
  type: set
  name: a recognised sign of abrupt baclofen withdrawal
  members: [Anxiety, Agitation, {text: Seizures, harm: 3}, High fever, Insomnia]
  non_members: [{text: Urinary retention, why: "An adverse effect of treatment."}, Tinnitus]
"""

    type: Literal["set"]
    category: Text = Field(alias="name")
    members: Options
    non_members: Options = ()
    ask: OptionalText = ""
    ask_not: OptionalText = ""
    ask_all: OptionalText = ""

    def recalled(self) -> list[CardSpec]:
        prompt = f"Name all {len(self.members)}. Each is {self.category}."
        return [CardSpec(self.id, prompt, tuple(member.text for member in self.members))]

    def asked(self, shared: Shared) -> list[ItemSpec]:
        members, others = choices(self.members), choices(self.non_members)
        why = f"It is {self.category}."
        told_members = tuple(Choice(member.text, member.why or why, member.harm) for member in members)
        return [
            ItemSpec(
                key=f"{self.id}/is",
                type="single",
                evidence=self.id,
                stem=self.ask or f"Which of these is {self.category}?",
                right=members,
                wrong=others,
                most_wrong=_SHOWN_WITH_KEY,
            ),
            ItemSpec(
                key=f"{self.id}/is-not",
                type="single",
                evidence=self.id,
                stem=self.ask_not or f"Which of these is **NOT** {self.category}?",
                right=others,
                wrong=told_members,
                most_wrong=_SHOWN_WITH_KEY,
            ),
            ItemSpec(
                key=f"{self.id}/all",
                type="multiple",
                evidence=self.id,
                stem=self.ask_all or f"Select every one that is {self.category}.",
                right=members,
                wrong=others,
                least_right=2,
                most_options=_SHOWN_OF_ALL,
            ),
        ]

    def options_path(self, item_key: str) -> Path:
        return ("members",) if item_key.endswith("/is-not") else ("non_members",)

    def words_are_own(self, item_key: str) -> bool:
        kind = item_key.rpartition("/")[2]
        return kind == "is" or bool(self.ask_not if kind == "is-not" else self.ask_all)

    def wrong_options(self) -> Iterator[tuple[Path, Option]]:
        for index, option in enumerate(self.non_members):
            yield ("non_members", index), option

    def complaints(self) -> Iterator[Complaint]:
        yield from super().complaints()
        if not self.members:
            yield Complaint(("members",), "'members' is empty: write at least one")
        members = {same(member.text) for member in self.members}
        for field, options in (("members", self.members), ("non_members", self.non_members)):
            seen: set[str] = set()
            for index, option in enumerate(options):
                text = same(option.text)
                if field == "non_members" and text in members:
                    yield Complaint((field, index), "this is a member of the set too: it cannot be both")
                elif text in seen:
                    yield Complaint((field, index), "this stands here twice: delete one")
                seen.add(text)
