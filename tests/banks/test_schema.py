"""The JSON Schema for editors says what the models say, and takes numbers and words where a text is meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from quizapp.banks.notes import NOTE_TYPES
from quizapp.banks.schema import json_schema


def parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from parts(part)


def test_every_reference_leads_somewhere() -> None:
    schema = json_schema()
    names = {
        part["$ref"].removeprefix("#/$defs/") for part in parts(schema) if isinstance(part.get("$ref"), str)
    }
    assert names == set(schema["$defs"])
    assert json.loads(json.dumps(schema)) == schema


def test_every_note_type_has_its_rule_and_its_fields() -> None:
    schema = json_schema()
    rules = schema["$defs"]["Note"]["allOf"]
    assert [rule["if"]["properties"]["type"]["const"] for rule in rules] == list(NOTE_TYPES)
    assert [rule["if"]["required"] for rule in rules] == [[], *[["type"]] * (len(NOTE_TYPES) - 1)]
    for rule, model in zip(rules, NOTE_TYPES.values(), strict=True):
        definition = schema["$defs"][rule["then"]["$ref"].removeprefix("#/$defs/")]
        assert set(definition["properties"]) == {
            field.alias or name for name, field in model.model_fields.items()
        }
        assert definition["additionalProperties"] is False


def test_a_text_may_look_like_a_number_to_an_editor() -> None:
    answer = json_schema()["$defs"]["Fact"]["properties"]["answer"]
    assert answer["type"] == ["string", "number", "boolean", "null"]


def test_short_forms_are_allowed() -> None:
    definitions = json_schema()["$defs"]
    distractors = definitions["Fact"]["properties"]["distractors"]["items"]["anyOf"]
    assert {"$ref": "#/$defs/Option"} in distractors
    assert definitions["Row"]["additionalProperties"]["anyOf"][1] == {"$ref": "#/$defs/Cell"}
