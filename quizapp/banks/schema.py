"""The JSON Schema of a bank file, for completion and checks while typing (`# yaml-language-server: $schema=…`)."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from quizapp.banks.bankfile import Head
from quizapp.banks.notes import DEFAULT_TYPE, NOTE_TYPES

_REFERENCE = "#/$defs/{model}"


def json_schema() -> dict[str, Any]:
    """Return the schema of a whole bank file. It is a little wider than `check`, which has the last word."""
    models: list[Any] = [(model, "validation") for model in (Head, *NOTE_TYPES.values())]
    references, schema = models_json_schema(models, ref_template=_REFERENCE)
    definitions = schema["$defs"]
    bank = definitions.pop(references[(Head, "validation")]["$ref"].rpartition("/")[2])
    bank["properties"]["notes"] = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Note"}}
    definitions["Note"] = {
        "type": "object",
        "properties": {"type": {"enum": list(NOTE_TYPES)}},
        "allOf": [_when(name, references[(model, "validation")]) for name, model in NOTE_TYPES.items()],
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **bank, "$defs": definitions}


def _when(name: str, reference: dict[str, Any]) -> dict[str, Any]:
    """Return the rule that a note of type `name` has that type's fields."""
    required = [] if name == DEFAULT_TYPE else ["type"]
    return {"if": {"properties": {"type": {"const": name}}, "required": required}, "then": reference}
