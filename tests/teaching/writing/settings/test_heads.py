"""Saving the settings untouched must leave a bank's file byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quizapp.banks.reader import read
from quizapp.teaching.writing import file_edits
from quizapp.teaching.writing.file_edits import HandWritten
from quizapp.teaching.writing.settings import heads

BANKS = sorted((Path(__file__).parents[4] / "question_banks").glob("*.yaml"))


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_the_settings_of_the_shipped_banks_are_saved_as_they_were(path: Path) -> None:
    source = path.read_bytes()
    head = read(source).data
    assert file_edits.set_head(source, heads.head_of(heads.values_of(head), head)) == source


def test_short_forms_stay_and_a_new_source_gets_a_name() -> None:
    head = {"title": "T", "authors": "Ana", "sources": {"label": "A label"}}
    values = heads.values_of(head)
    values["sources"].append({"id": "", "title": "A label, again", "author": " "})
    saved = heads.head_of(values, head)
    assert saved["authors"] == "Ana"
    assert saved["sources"] == {"label": "A label", "label-again": {"title": "A label, again"}}
    assert heads.titles(saved["sources"]) == {"label": "A label", "label-again": "A label, again"}


@pytest.mark.parametrize(
    "head",
    [{"title": ["a"]}, {"authors": [{"a": "b"}]}, {"sources": ["a"]}, {"sources": {"a": {"odd": "b"}}}],
)
def test_what_a_form_would_lose_is_refused(head: dict[str, Any]) -> None:
    with pytest.raises(HandWritten):
        heads.values_of(head)
