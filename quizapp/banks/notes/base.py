"""The contract of note types.

A note type is a pydantic model (a subclass of `Note`) in a file of its own. It says what an author may write, and
derives what is drilled and asked. Its `name` is the word in `type:`. All texts are Markdown as written.

- `cards(self) -> list[CardSpec]`: in a fixed order, with permanent keys.
- `items(self, shared) -> list[ItemSpec]`: in a fixed order; each names its evidence card. A card that only carries
  evidence is listed by `cards` with `hidden=True`.
- `told(self, key) -> Told`: what is shown after the answer to the card or item of this key (a matrix row may have
  its own).
- `example`: a note in YAML, used by the tests and the guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quizapp.banks.items.base import Choice


@dataclass(frozen=True, slots=True)
class CardSpec:
    """One thing to recall in one direction. `prompt` is block Markdown; `answers` are inline, several make a list."""

    key: str
    prompt: str
    answers: tuple[str, ...]
    accept: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class NoteCite:
    """A note's citation in long form: a source's name, the place in it, the author's own fact id."""

    source: str
    at: str = ""
    fact: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a note says after the answer. Texts are Markdown."""

    explanation: str
    caveat: str
    cites: tuple[NoteCite, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """What the notes of one bank version share: pools by name, sources by name (title, author, published, url)."""

    pools: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
