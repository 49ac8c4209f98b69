"""Note: what every note type shares. A type adds its own fields, what it recalls and what it asks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from quizapp import limits
from quizapp.banks.fields import (
    Date,
    Harm,
    Id,
    Ids,
    OptionalText,
    ShortText,
    Strict,
    Tags,
    Text,
    Texts,
    YesNo,
    listed,
    long_form,
    long_forms,
)
from quizapp.banks.items.base import Choice, ItemSpec
from quizapp.banks.norm import norm
from quizapp.banks.notes.base import CardSpec, NoteCite, Shared, Told
from quizapp.banks.problems import Complaint, Path
from quizapp.richtext import to_inline_plain


class Option(Strict):
    """An option in long form: its text, why it is wrong (or right), how dangerous it is to believe it."""

    text: Text
    why: OptionalText = ""
    harm: Harm | None = None

    def choice(self, *, note: str = "") -> Choice:
        return Choice(self.text, self.why, self.harm, note)


OneOption = Annotated[Option, BeforeValidator(long_form, json_schema_input_type=Text | Option)]
Options = Annotated[
    tuple[Option, ...], BeforeValidator(long_forms, json_schema_input_type=list[Text | Option])
]


class Citation(Strict):
    """Where a statement comes from: a source of the bank, the place in it, a fact of the author's own list."""

    source: Id
    at: ShortText = ""
    fact: ShortText = ""
    checked: Date | None = None


def _citations(value: Any) -> list[Any]:
    return [{"source": entry} if isinstance(entry, str) else entry for entry in listed(value)]


Citations = Annotated[
    tuple[Citation, ...],
    BeforeValidator(_citations, json_schema_input_type=Id | Citation | list[Id | Citation]),
]


class Note(Strict):
    """One thing worth knowing, written once. See `base.py` for what it owes to the rest of the program."""

    name: ClassVar[str]
    example: ClassVar[str]
    lead: ClassVar[str]  # the field that holds the question, "" where there is no single one
    sampled: ClassVar[bool] = False  # whether its options are candidates, not one question as written
    flaws_of_type: ClassVar[frozenset[str]] = (
        frozenset()
    )  # rules that this way of asking breaks by its nature

    id: Id
    type: str
    explanation: OptionalText = ""
    cite: Citations = ()
    caveat: OptionalText = ""
    tags: Tags = ()
    objective: OptionalText = ""
    level: Literal["recall", "understanding", "application"] | None = None
    image: ShortText = ""
    alt: OptionalText = ""
    credit: OptionalText = ""
    reviewed_by: Texts = ()
    about: Id | None = None
    status: Literal["published", "draft"] = "published"
    makes_cards: YesNo = Field(default=True, alias="cards")
    makes_items: YesNo = Field(default=True, alias="items")

    @property
    def drilled(self) -> bool:
        """Whether the note's cards are drilled; otherwise they only carry what quizzes teach."""
        return self.makes_cards

    @abstractmethod
    def recalled(self) -> list[CardSpec]:
        """Return the cards that are drilled, if this note's are."""

    @abstractmethod
    def asked(self, shared: Shared) -> list[ItemSpec]:
        """Return everything that could be asked, be there enough options or not; evidence is the recalled card."""

    @abstractmethod
    def wrong_options(self) -> Iterator[tuple[Path, Option]]:
        """Yield every distractor that stands in this note, with the way to it."""

    def options_path(self, item_key: str) -> Path:
        """Return the way to the distractors of an item, from the note."""
        return ("distractors",)

    def question_path(self, item_key: str) -> Path:
        """Return the way to what an item asks, from the note."""
        return (self.lead,)

    def key_path(self, item_key: str) -> Path:
        """Return the way to the only key of an item, from the note; to what is asked where it has no place."""
        return self.question_path(item_key)

    def words_are_own(self, item_key: str) -> bool:
        """Return whether the author chose the words of an item's question, and not the program."""
        return True

    def stated(self) -> str:
        """Return the one answer that this note states, or ""."""
        return ""

    def citations(self) -> Iterator[tuple[Path, Citation]]:
        """Yield every citation, with the way to it."""
        for index, cite in enumerate(self.cite):
            yield ("cite", index), cite

    def is_cited(self) -> bool:
        """Return whether everything the note states has a source."""
        return bool(self.cite)

    def pools(self) -> Iterator[tuple[Path, str]]:
        """Yield the name of each pool this note draws from, with the way to it."""
        yield from ()

    def complaints(self) -> Iterator[Complaint]:
        """Yield what is wrong with this note, taken alone, that the types of its fields cannot say."""
        if self.image and not self.alt:
            yield Complaint((), "'alt' is missing: say in words what the image shows", missing="alt")

    @classmethod
    def strays(cls, data: Mapping[str, Any]) -> Iterator[tuple[Path, Iterable[str]]]:
        """Yield the way to each key that a field of free keys must refuse, with the keys that it may hold."""
        yield from ()

    def cards(self) -> list[CardSpec]:
        """Return the drilled cards, or else the hidden ones: one for each item, unless `about` names another note."""
        if self.drilled:
            return self.recalled()
        if not self.makes_items or self.about:
            return []
        return [_hidden(spec) for spec in self.asked(Shared())]

    def extent(self) -> tuple[int, int]:
        """Return how many cards, drilled or hidden, come from this note, and how many characters if it repeats texts.

        It is counted and not derived where the number is not bounded by what is written.
        """
        return len(self.cards()), 0

    def items(self, shared: Shared) -> list[ItemSpec]:
        """Return what can be asked: each item for which enough different options exist."""
        if not self.makes_items:
            return []
        specs = [spec for spec in self.asked(shared) if enough(spec)]
        if self.drilled:
            return specs
        return [replace(spec, evidence=spec.key) for spec in specs]

    def told(self, key: str) -> Told:
        """Return what is shown after the answer to the card or item of this key."""
        return Told(self.explanation, self.caveat, cites(self.cite))


@lru_cache(maxsize=8192)
def same(text: str) -> str:
    """Return what two inline texts share when they are the same answer."""
    return norm(to_inline_plain(text))


def cites(citations: Iterable[Citation]) -> tuple[NoteCite, ...]:
    return tuple(NoteCite(cite.source, cite.at, cite.fact, cite.checked or "") for cite in citations)


def choices(options: Iterable[Option]) -> tuple[Choice, ...]:
    return tuple(option.choice() for option in options)


def pooled(names: Ids, shared: Shared) -> tuple[Choice, ...]:
    """Return the first entries of the pools that a note names, in the order of the pools."""
    entries = chain.from_iterable(shared.pools.get(name, ()) for name in names)
    return tuple(islice(entries, limits.POOL_ENTRIES_PER_NOTE))


def enough(spec: ItemSpec) -> bool:
    """Return whether `spec` has as many different options as it must show."""
    right = {same(choice.text) for choice in spec.right}
    return len(right) >= spec.least_right and _finds_wrong(spec, spec.least_wrong)


def few_distractors(spec: ItemSpec) -> bool:
    """Return whether fewer than two different distractors can be found, where two are wanted."""
    return not (spec.least_wrong == 1 and not spec.wrong) and not _finds_wrong(spec, 2)


def _finds_wrong(spec: ItemSpec, wanted: int) -> bool:
    """Return whether there are `wanted` different distractors, none of them a right answer."""
    seen = {same(text) for text in (*spec.accept, *(choice.text for choice in spec.right))}
    for choice in chain(spec.wrong, spec.fill):
        if wanted <= 0:
            break
        text = same(choice.text)
        wanted -= text not in seen
        seen.add(text)
    return wanted <= 0


def complaints_of_distractors(
    options: Sequence[Option], path: Path, right: Iterable[str]
) -> Iterator[Complaint]:
    """Yield what is wrong with a written list of distractors, beside these right answers."""
    barred = {same(text) for text in right}
    for index, option in enumerate(options):
        if same(option.text) in barred:
            yield Complaint((*path, index), "this distractor is also a right answer: write another one")
    if len(options) >= limits.CHOICES_MAX:
        yield Complaint(path, f"at most {limits.CHOICES_MAX - 1} distractors: keep the most tempting")


def _hidden(spec: ItemSpec) -> CardSpec:
    right = spec.right[:1] if spec.type == "single" else spec.right
    answers = tuple(choice.text for choice in right)
    return CardSpec(spec.key, spec.stem, answers, spec.accept, hidden=True)
