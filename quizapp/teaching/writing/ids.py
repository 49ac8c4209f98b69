"""Ids of notes that were made from what the notes ask, and follow it until they are published."""

from __future__ import annotations

import re
from typing import Any

from quizapp.teaching.writing.contents import slug, title


def follows_question(written: list[Any], index: int) -> bool:
    """Return whether the id of the note at `index` was made from what it asks, and no other note names it."""
    note = written[index]
    own = note.get("id", "")
    made = re.fullmatch(rf"{slug(title(note), ())}(-\d+)?", own) is not None
    return made and not any(isinstance(other, dict) and other.get("about") == own for other in written)
