"""The types of the fields an author fills in. A file gives text alone; stored content gives numbers and yes/no too.

Each type reads exactly what the format says and guesses nothing: `010` is no number, `on` is no yes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from quizapp import limits

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
URL_PATTERN = r"^https?://[^\s\"<>\\]+$"
LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
# One character that can be seen. Invisible are spaces, controls, formats, fillers and variation selectors.
SEEN_PATTERN = (
    r"[^\s\p{Cf}\p{Cc}\p{Z}\u{2800}\u{3164}\u{115F}\u{1160}\u{FFA0}\u{34F}\u{FE00}-\u{FE0F}\u{180B}-\u{180F}]"
)
PATTERN_SENTENCES = {
    ID_PATTERN: "an id is lower-case letters and digits joined by hyphens, such as 'half-life'",
    URL_PATTERN: "an address begins with https:// or http:// and has no spaces",
    LANGUAGE_PATTERN: "a language is a code such as 'en' or 'pt-BR'",
    SEEN_PATTERN: "this is empty: write a text",
}

LIST_WANTED = "write a list here: [a, b], or one entry a line, each after '- '"

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
# Editors read YAML by its own rules and would refuse `answer: 0.5` as text.
_ANY_SCALAR = WithJsonSchema({"type": ["string", "number", "boolean", "null"]})


class Strict(BaseModel):
    """A part of a bank: nothing but the keys it names, and never changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)


def refuse(message: str) -> PydanticCustomError:
    """Return the error of a field, with its sentence."""
    return PydanticCustomError("refused", "{message}", {"message": message})


def yes_no(value: Any) -> bool:
    """Return what `yes`, `no`, `true` or `false` says."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _YES_NO:
        return _YES_NO[value]
    raise refuse("write yes or no")


def whole_number(low: int, high: int) -> Callable[[Any], int]:
    """Return the reader of a whole number from `low` to `high`."""

    def read(value: Any) -> int:
        if isinstance(value, str):
            if not _NUMBER.fullmatch(value):
                plain = value.lstrip("0") or "0"
                hint = f": did you mean {plain}?" if value.isdecimal() and value.isascii() else ""
                raise refuse(f"write a number, such as {low}{hint}")
            value = int(value) if "." not in value and len(value) < limits.ID_CHARS else None
        if type(value) is not int or not low <= value <= high:
            raise refuse(f"write a whole number from {low} to {high}")
        return value

    return read


def date(value: Any) -> str:
    """Return a day of the calendar as it was written: 2023-04-12."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            dt.date.fromisoformat(value)
        except ValueError as error:
            raise refuse("there is no such day in the calendar") from error
        return value
    raise refuse("write a date as year-month-day, such as 2023-04-12")


def listed(value: Any) -> list[Any]:
    """Return a list of bearable length; one value may stand for a list of one."""
    if isinstance(value, str | dict):
        return [value]
    if not isinstance(value, list):
        raise refuse(LIST_WANTED)
    if len(value) > limits.LIST_ENTRIES:
        raise refuse(f"at most {limits.LIST_ENTRIES:,} entries")
    return value


def long_form(value: Any) -> Any:
    """Return the long form of an option, whose short form is its text."""
    return {"text": value} if isinstance(value, str) else value


def long_forms(value: Any) -> list[Any]:
    """Return a list of options in long form."""
    return [{"text": entry} if entry.__class__ is str else entry for entry in listed(value)]


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=limits.ID_CHARS)]
Text = Annotated[str, StringConstraints(pattern=SEEN_PATTERN, max_length=limits.TEXT_CHARS), _ANY_SCALAR]
OptionalText = Annotated[str, StringConstraints(max_length=limits.TEXT_CHARS), _ANY_SCALAR]
Title = Annotated[str, StringConstraints(pattern=SEEN_PATTERN, max_length=limits.TITLE_CHARS), _ANY_SCALAR]
Tag = Annotated[str, StringConstraints(pattern=SEEN_PATTERN, max_length=limits.ID_CHARS), _ANY_SCALAR]
ShortText = Annotated[str, StringConstraints(max_length=limits.TITLE_CHARS), _ANY_SCALAR]
Url = Annotated[str, StringConstraints(pattern=URL_PATTERN, max_length=2000)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN, max_length=16)]
Date = Annotated[str, BeforeValidator(date), WithJsonSchema({"type": "string", "format": "date"})]
YesNo = Annotated[
    bool,
    BeforeValidator(yes_no),
    WithJsonSchema({"enum": [True, False, "yes", "no"]}),
]
Harm = Annotated[
    int, BeforeValidator(whole_number(0, 3)), WithJsonSchema({"enum": [0, 1, 2, 3]})
]  # how dangerous the belief is at the bedside
Texts = Annotated[tuple[Text, ...], BeforeValidator(listed, json_schema_input_type=Text | list[Text])]
Tags = Annotated[tuple[Tag, ...], BeforeValidator(listed, json_schema_input_type=Tag | list[Tag])]
Ids = Annotated[tuple[Id, ...], BeforeValidator(listed, json_schema_input_type=Id | list[Id])]
