"""From plain data to models, with every problem of their shape in plain words, told once.

After a problem the data is mended and read again (a misspelt key renamed, a wrong value left out, a missing one
stood in for), so that one mistake hides no other, neither here nor in the checks that follow.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from typing import Any, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from quizapp.banks.fields import LIST_WANTED, PATTERN_SENTENCES
from quizapp.banks.findings import Findings
from quizapp.banks.notes import DEFAULT_TYPE, NOTE_TYPES
from quizapp.banks.notes.common import Note
from quizapp.banks.problems import Path, closest, did_you_mean, quoted
from quizapp.banks.reader import PROBLEMS_REPORTED

M = TypeVar("M", bound=BaseModel)

_ROUNDS = 4
_QUOTED = re.compile(r"'([^']*)'")
_KEY = "[key]"  # pydantic's word for a problem of a key
_MAPPING = "write a group of 'key: value' lines here"
_SENTENCES = {"list_type": LIST_WANTED, "dict_type": _MAPPING, "model_type": _MAPPING}


def fit_note(data: Any, path: Path, findings: Findings) -> Note | None:
    """Return the note in `data`, mended where that was needed; None if there is none to be had."""
    if not isinstance(data, dict):
        findings.at_value(path, "a note is a group of 'key: value' lines that begins with '- id: …'")
        return None
    kind = data.get("type") or DEFAULT_TYPE
    if not isinstance(kind, str) or kind not in NOTE_TYPES:
        near = findings.closest(str(kind), NOTE_TYPES)
        known = ", ".join(NOTE_TYPES)
        message = f"this version does not know the note type {quoted(kind)}{did_you_mean(near)}"
        findings.at_value((*path, "type"), f"{message} (it knows {known})", suggestion=near)
        findings.told.add(path)
        return None
    return fit(NOTE_TYPES[kind], data, path, findings)


def fit(model: type[M], data: dict[str, Any], path: Path, findings: Findings) -> M | None:
    """Return `data` read as `model`; problems are put below `path`."""
    if len(data) > PROBLEMS_REPORTED:
        findings.at_value(path, f"{len(data):,} keys stand here: check the indentation")
        return None
    strays = list(model.strays(data)) if issubclass(model, Note) else []
    if not strays:
        try:
            return model.model_validate(data)
        except ValidationError:
            pass
    mending = _Mending(model, data, path, findings)
    for stray, allowed in strays:
        mending.misnamed(stray, allowed)
    return mending.read()


class _Mending(Generic[M]):
    """One reading of data that has problems: told, mended, read again. Ways begin at the data, paths at the file."""

    def __init__(self, model: type[M], data: dict[str, Any], path: Path, findings: Findings) -> None:
        self.model = model
        self.data: Any = copy.deepcopy(data)
        self.path = path
        self.findings = findings
        self.renamed: dict[Path, str] = {}  # the way to a mended key → the key as it is written
        self.mended = False

    def read(self) -> M | None:
        for _ in range(_ROUNDS):
            try:
                return self.model.model_validate(self.data)
            except ValidationError as error:
                errors = error.errors(include_url=False)
            self.mended = False
            # Unknown keys first: the key that is missing may be one of them.
            errors.sort(key=lambda details: details["type"] != "extra_forbidden")
            told = errors[:PROBLEMS_REPORTED]
            for details, way in [(details, _way(self.data, details["loc"])) for details in told]:
                self.tell(details, way)
            if len(errors) > len(told):
                self.findings.at_value(self.path, f"and {len(errors) - len(told):,} more problems like these")
            if len(errors) > len(told) or not self.mended:
                break
        return None

    def tell(self, details: Any, way: Path) -> None:
        """Report one of pydantic's errors and mend what it is about. `way` ends where the data does."""
        loc, kind = details["loc"], details["type"]
        if kind == "missing":
            self.missing(way, loc)
        elif kind == "extra_forbidden":
            model = _model_at(self.model, loc[:-1])
            self.misnamed(way, _fields(model), short="text" in _fields(model))
        elif details["input"] == "" and loc[-1] != _KEY and way and isinstance(way[-1], str):
            # An empty value counts as absent; where it may not be, the next reading says so.
            self.leave_out(way)
        else:
            self.refuse(way, _sentence(details), key=loc[-1] == _KEY)

    def missing(self, way: Path, loc: tuple[Any, ...]) -> None:
        """Report a key that is not there, and put something in its place so that the rest can be checked."""
        name, mapping = str(loc[-1]), _at(self.data, way)
        if not isinstance(mapping, dict) or name in mapping:
            return
        path = self.written(way)
        if not self.findings.is_told((*path, name)):
            self.findings.missing(path, name, f"'{name}' is missing: add '{name}: …'")
            self.findings.told.add((*path, name))
        mapping[name] = _stand_in(_model_at(self.model, loc[:-1]), name)
        self.findings.guessed.add(self.path)
        self.mended = True

    def refuse(self, way: Path, message: str, *, key: bool = False) -> None:
        path = self.written(way)
        field = next((part for part in reversed(way) if isinstance(part, str)), "")
        if key:
            self.findings.at_key(path, message)
        else:
            self.findings.at_value(path, f"{quoted(field)}: {message}" if field else message)
        self.leave_out(way)
        self.findings.told.add(self.written(_to_last_key(way)))

    def misnamed(self, way: Path, allowed: Iterable[str], short: bool = False) -> None:
        """Report a key that is not one of `allowed`, and give its value to the key that was meant.

        `short`: the mapping has a short form, a text, which may have been taken apart at a colon or a comma.
        """
        *above, name = way
        mapping = _at(self.data, above)
        if not isinstance(mapping, dict) or name not in mapping:
            return
        near = self.findings.closest(str(name), (key for key in allowed if mapping.get(key, "") == ""))
        message = f"unknown key {quoted(name)}{did_you_mean(near)}"
        path = self.written(way)
        if not near and short and mapping.get("text", "") == "":
            message += ": if it belongs to a text with a colon or a comma in it, put the whole text in quotes"
            self.findings.told.add((*path[:-1], "text"))
        self.findings.at_key(path, message, suggestion=near)
        value = mapping.pop(name)
        self.mended = True
        if near:
            mapping[near] = value
            self.renamed[(*above, near)] = str(name)
            self.findings.renamed[(*self.path, *above, near)] = str(name)

    def leave_out(self, way: Path) -> None:
        """Take the value out, or the whole list in which it stands, so that all other places stay the same."""
        *above, name = _to_last_key(way)
        mapping = _at(self.data, above)
        if isinstance(mapping, dict):
            mapping.pop(name, None)
            self.mended = True

    def written(self, way: Path) -> Path:
        """Return the path of what is at `way` now, by the keys that are written in the file."""
        parts = [self.renamed.get(way[: end + 1], part) for end, part in enumerate(way)]
        return (*self.path, *parts)


def _way(data: Any, loc: tuple[Any, ...]) -> Path:
    """Return `loc` as a way through `data`, which has a short form where pydantic saw the long one."""
    way: list[Any] = []
    for part in loc:
        if isinstance(data, dict):
            if isinstance(part, int):
                continue
            if part not in data:
                break
        elif not (isinstance(data, list) and isinstance(part, int) and part < len(data)):
            break
        data = data[part]
        way.append(part)
    return tuple(way)


def _at(data: Any, way: Iterable[Any]) -> Any:
    for part in way:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _to_last_key(way: Path) -> Path:
    end = max((end for end, part in enumerate(way) if isinstance(part, str)), default=0)
    return way[: end + 1]


def _model_at(model: type[BaseModel], loc: tuple[Any, ...]) -> type[BaseModel]:
    """Return the model that reads what stands at `loc` in what `model` reads."""
    for part in loc:
        if not isinstance(part, str):
            continue
        field = _fields(model).get(part)
        annotation = field.annotation if field else get_type_hints(model).get("__pydantic_extra__")
        model = next(_models_in(annotation), model)
    return model


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _stand_in(model: type[BaseModel], name: str) -> Any:
    """Return a value that the field `name` takes; nobody writes it by chance."""
    annotation = _fields(model)[name].annotation
    kind = get_origin(annotation)
    if kind is Literal:
        return get_args(annotation)[0]
    if kind in (tuple, list):
        return []
    return {} if kind is dict else "0-nothing-is-here"


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _sentence(details: Any) -> str:
    """Return one of pydantic's errors in plain words."""
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "literal_error":
        allowed = _QUOTED.findall(context["expected"])
        if len(allowed) == 1:
            return f"this must be {allowed[0]}, not {quoted(value)}"
        near = closest(str(value), allowed)
        return f"{quoted(value)} is none of {', '.join(allowed)}{did_you_mean(near)}"
    if kind == "string_pattern_mismatch":
        sentence = PATTERN_SENTENCES[context["pattern"]]
        return f"{sentence}, not {quoted(value)}" if value else sentence
    if kind == "string_too_long":
        return f"at most {context['max_length']:,} characters; these are {len(value):,}"
    if kind == "string_type":
        what = "a list" if isinstance(value, list) else "a group of keys"
        return f"write a text here, not {what}: put a text that holds a colon, a comma or brackets in quotes"
    return _SENTENCES.get(kind, details["msg"])
