"""What an uploaded file is called, and which bank it says it is, before anybody has checked it."""

from __future__ import annotations

import re

from quizapp import limits

PASTED = "pasted.yaml"

_BANK = re.compile(rb"^bank:[ \t]*[\"']?([a-z0-9][a-z0-9-]*)", re.MULTILINE)
_TITLE = re.compile(r"^title:[ \t]+(?![|>&*!])([\"']?)(.+?)\1[ \t]*(?:[ \t]#.*)?\r?$", re.MULTILINE)
_SEPARATOR = re.compile(r"\\|(?<!<)/")  # `</` is of a name with markup in it, and no folder ends so
_HEAD_BYTES = 100_000


def shown_name(filename: str | None) -> str:
    """Return the last part of a file name as a browser sent it, in characters that can be shown."""
    last = _SEPARATOR.split(filename or "")[-1]
    name = "".join(character for character in last if character.isprintable()).strip()
    return name[-limits.TITLE_CHARS :] or PASTED


def yaml_name(name: str) -> str:
    """Return what the bank's file itself is called, where `name` may be that of a ZIP."""
    return name if name.lower().endswith((".yaml", ".yml")) else "bank.yaml"


def written_slug(source: bytes) -> str:
    """Return the written id of the bank in `source`, or "". A guess for lists: publishing reads the file itself."""
    found = _BANK.search(source[:_HEAD_BYTES])
    return found[1].decode()[: limits.ID_CHARS] if found else ""


def written_title(source: bytes) -> str:
    """Return the title of the bank in `source` if it stands on one line, or "": a guess for lists, likewise."""
    found = _TITLE.search(source[:_HEAD_BYTES].decode(errors="ignore"))
    return found[2][: limits.TITLE_CHARS] if found else ""
