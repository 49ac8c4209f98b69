"""What an author may write; `base.py` states the contract of a note type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quizapp.banks.notes.choice import ChoiceNote
from quizapp.banks.notes.cloze import Cloze
from quizapp.banks.notes.common import Note
from quizapp.banks.notes.fact import Fact
from quizapp.banks.notes.matrix import Matrix
from quizapp.banks.notes.multiple import MultipleNote
from quizapp.banks.notes.set_ import SetNote
from quizapp.banks.table import table

NOTE_TYPES: dict[str, type[Note]] = table(Fact, Cloze, ChoiceNote, MultipleNote, SetNote, Matrix)
DEFAULT_TYPE = Fact.name


def load(content: Mapping[str, Any]) -> Note:
    """Return the note whose canonical content this is: what `model_dump(mode="json", exclude_defaults=True)` gave."""
    return NOTE_TYPES[content.get("type", DEFAULT_TYPE)].model_validate(content)
