"""What a publication would change: written ids compared with what is published. Nothing is ever deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

RETIRED_SHARE_ASKED = (
    0.2  # a publication that retires more than this share of the notes wants an explicit yes
)


class PublishedNote(NamedTuple):
    """A note as the database has it; `revision` and `sha256` are of its current content."""

    id: int
    type: str
    position: int
    revision: int
    sha256: str
    retired: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The written ids that are new (or come back), changed, retired and unchanged, each in the file's order.

    `same_file`: these bytes are the current version, so there is nothing to do. `learners`: how many have begun to
    learn a note that changes or retires.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]
    unchanged: tuple[str, ...]
    version: int
    same_file: bool = False
    learners: int = 0

    @property
    def retires_many(self) -> bool:
        """Whether more than a fifth of the published notes would be retired."""
        published = len(self.changed) + len(self.retired) + len(self.unchanged)
        return len(self.retired) > RETIRED_SHARE_ASKED * published

    @property
    def counts(self) -> dict[str, int]:
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "retired": len(self.retired),
            "unchanged": len(self.unchanged),
        }


def fingerprint(source: bytes, media: Mapping[str, bytes]) -> str:
    """Return one SHA-256 (hex) for a bank's file and its pictures; without pictures it is the file's own."""
    digest = hashlib.sha256(source)
    for path in sorted(media):
        digest.update(path.encode("utf-8") + b"\0" + hashlib.sha256(media[path]).digest())
    return digest.hexdigest()


def compare(current: Mapping[str, PublishedNote], wanted: Iterable[tuple[str, str]], *, version: int) -> Plan:
    """Return the plan that turns `current` into `wanted` (pairs of written id and content hash)."""
    new, changed, unchanged, seen = [], [], [], set()
    for key, sha256 in wanted:
        seen.add(key)
        known = current.get(key)
        if known is None or known.retired:
            new.append(key)
        elif known.sha256 != sha256:
            changed.append(key)
        else:
            unchanged.append(key)
    retired = [key for key, note in current.items() if key not in seen and not note.retired]
    return Plan(tuple(new), tuple(changed), tuple(retired), tuple(unchanged), version)
