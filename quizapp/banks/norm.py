"""When two texts are the same answer: options, keys and accepted answers are compared by their norms."""

from __future__ import annotations

import unicodedata


def norm(text: str) -> str:
    """Return plain `text` as NFKC in lower case, spaces collapsed, closing `.` `;` `:` and `,` dropped."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.lower().split()).rstrip(".;:, ")
