"""A bank file as a whole: its head (everything but the notes), and what a checked file becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema

from quizapp.banks.fields import (
    Date,
    Id,
    Language,
    OptionalText,
    ShortText,
    Strict,
    Text,
    Texts,
    Title,
    Url,
    date,
    refuse,
)
from quizapp.banks.items.base import Choice
from quizapp.banks.notes.common import Note, Options

_YEAR_OR_MONTH = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?", re.ASCII)


def _published(value: Any) -> str:
    """Return a date, or the year or month alone: of many sources no more is known."""
    if isinstance(value, str) and _YEAR_OR_MONTH.fullmatch(value):
        return value
    try:
        return date(value)
    except ValueError as error:
        raise refuse("write a date, such as 2023-04-12, or its year or month: 2023, 2023-04") from error


def _titled(value: Any) -> Any:
    return {"title": value} if isinstance(value, str) else value


class Source(Strict):
    """What notes cite; its short form is its title."""

    title: Text
    author: ShortText = ""
    published: Annotated[
        str, BeforeValidator(_published), WithJsonSchema({"type": ["string", "integer"]})
    ] = ""
    url: Url = ""
    accessed: Date = ""


class Head(Strict):
    """Everything in a bank file but what the notes say."""

    format: Annotated[Literal["1"], WithJsonSchema({"const": 1})]
    bank: Id
    title: Title
    description: OptionalText = ""
    language: Language = "en"
    license: ShortText = ""
    authors: Texts = ()
    notice: OptionalText = ""
    sources: dict[Id, Annotated[Source, BeforeValidator(_titled, json_schema_input_type=Text | Source)]] = {}  # noqa: RUF012 - pydantic copies it
    pools: dict[Id, Options] = {}  # noqa: RUF012
    notes: list[Any]


@dataclass(frozen=True, slots=True)
class BankFile:
    """A bank without errors. Sources and pools are by name, notes in written order, drafts among them."""

    slug: str
    title: str
    description: str
    language: str
    license: str
    notice: str
    authors: tuple[str, ...]
    sources: Mapping[str, Mapping[str, str]]
    pools: Mapping[str, tuple[Choice, ...]]
    notes: Sequence[Note]


def pool_choices(head: Head) -> dict[str, tuple[Choice, ...]]:
    """Return the entries of each pool, by its name."""
    return {name: tuple(option.choice() for option in options) for name, options in head.pools.items()}


def bank_file(head: Head, notes: Sequence[Note]) -> BankFile:
    return BankFile(
        slug=head.bank,
        title=head.title,
        description=head.description,
        language=head.language,
        license=head.license,
        notice=head.notice,
        authors=head.authors,
        sources={name: source.model_dump(exclude_defaults=True) for name, source in head.sources.items()},
        pools=pool_choices(head),
        notes=tuple(notes),
    )
