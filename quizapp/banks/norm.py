"""When two texts are the same answer: options, keys and accepted answers are compared by their norms.

What a person types, to answer or to search, is folded: more is forgiven.
"""

from __future__ import annotations

import unicodedata


def norm(text: str) -> str:
    """Return plain `text` as NFKC in lower case, spaces collapsed, closing `.` `;` `:` and `,` dropped."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.lower().split()).rstrip(".;:, ")


def folded(text: str) -> str:
    """Return `text` without case and accents."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
