"""Tables of the kinds a package knows: a new kind is one file and one line in such a table."""

from __future__ import annotations

from typing import Protocol, TypeVar


class Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=Named)


def table(*kinds: N) -> dict[str, N]:
    """Return `kinds` by name, in the order given. Raises ValueError if two share a name."""
    named = {kind.name: kind for kind in kinds}
    if len(named) != len(kinds):
        raise ValueError(f"two kinds share a name: {', '.join(kind.name for kind in kinds)}")
    return named
