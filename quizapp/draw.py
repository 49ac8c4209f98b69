"""Sampling by keyed hash: whatever is drawn from a stored seed is the same on every machine and in every version."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def number(seed: int, *parts: object) -> int:
    """Return a number in [0, 2**63), spread evenly, that depends on `seed` and `parts` alone.

    `parts` are told apart by their text; `seed` is in [0, 2**63).
    """
    text = "\x1f".join(str(part) for part in parts).encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(text, digest_size=8, key=seed.to_bytes(8, "big")).digest()
    return int.from_bytes(digest, "big") >> 1


def order(things: Iterable[T], seed: int, *, key: Callable[[T], object]) -> list[T]:
    """Return `things` shuffled by `seed`; `key` names each thing, and equal names keep their order."""
    return sorted(things, key=lambda thing: number(seed, key(thing)))
