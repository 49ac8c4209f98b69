"""The head of a bank as a form's values, and back: what it is called, says about itself, and cites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quizapp.banks.bankfile import Source
from quizapp.banks.problems import Path
from quizapp.teaching.writing.contents import slug, tidy
from quizapp.teaching.writing.file_edits import HandWritten

NEW = {"format": "1", "bank": "", "title": "", "description": "", "language": "en", "license": ""}
_TEXTS = ("title", "description", "language", "license", "notice")


def has_field(path: Path) -> bool:
    """Return whether the form shows what stands at `path`."""
    return path[:1] != () and path[0] in (*_TEXTS, "authors", "sources")


def title(head: Mapping[str, Any]) -> str:
    """Return what the bank is called, "" where it does not say."""
    written = head.get("title")
    return written if isinstance(written, str) else ""


def titles(sources: Any) -> dict[str, str]:
    """Return the title of each source by its name, however the sources are written."""
    if not isinstance(sources, dict):
        return {}
    return {
        name: str(source.get("title", name) if isinstance(source, dict) else source)
        for name, source in sources.items()
    }


def values_of(head: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form shows of a written head. Raises HandWritten where a form would lose something."""
    values: dict[str, Any] = {name: head.get(name, "") for name in _TEXTS}
    authors, sources = head.get("authors", ""), head.get("sources") or {}
    authors = authors if isinstance(authors, list) else [authors]
    if not isinstance(sources, dict) or not all(
        isinstance(text, str) for text in (*values.values(), *authors)
    ):
        raise HandWritten
    return values | {
        "authors": "\n".join(authors),
        "sources": [_row(name, source) for name, source in sources.items()],
    }


def head_of(values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the head that a form's values say. What says the same as `before` is written the same."""
    head: dict[str, Any] = {name: tidy(values.get(name)) for name in _TEXTS}
    authors = [line.strip() for line in tidy(values.get("authors")).split("\n") if line.strip()]
    was = before.get("authors")
    head["authors"] = was if authors == [was] else authors
    old = before.get("sources")
    old = old if isinstance(old, dict) else {}
    rows = [
        {name: text for name, part in row.items() if (text := tidy(part))}
        for row in values.get("sources") or []
    ]
    given = {row["id"] for row in rows if "id" in row}
    sources: dict[str, Any] = {}
    for row in rows:
        name = row.pop("id", "")
        if not row:
            continue
        name = name or slug(row.get("title", ""), {*given, *sources}, otherwise="source")
        sources[name] = old[name] if name in old and _row(name, old[name]) == {"id": name, **row} else row
    head["sources"] = sources
    return head


def _row(name: str, source: Any) -> dict[str, str]:
    parts = {"title": source} if isinstance(source, str) else source
    if not isinstance(parts, dict) or not parts.keys() <= Source.model_fields.keys():
        raise HandWritten
    if not all(isinstance(part, str) for part in parts.values()):
        raise HandWritten
    return {"id": name, **parts}
