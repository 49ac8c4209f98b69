"""Reading a bank from disk: a YAML file, or a folder with `bank.yaml` beside `media/`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from quizapp import limits


@dataclass(frozen=True, slots=True)
class BankSource:
    """A bank as it lies on disk: the name to show, the bytes, and its pictures by their path (`media/…`)."""

    name: str
    content: bytes
    media: dict[str, bytes] = field(default_factory=dict)


class Unreadable(Exception):
    """The file or folder cannot be read; the message says why and what to do."""


def read_source(path: Path) -> BankSource:
    """Return the bank at `path` (a file, or a folder or its `bank.yaml`). Raises Unreadable."""
    file = path / "bank.yaml" if path.is_dir() else path
    if path.is_dir() and not file.exists():
        raise Unreadable(
            f"{path}: this folder has no bank.yaml. Name the bank's file bank.yaml, or give the path of a file."
        )
    try:
        content = _read_at_most(file, limits.BANK_FILE_BYTES)
        media = _read_media(file.parent) if file.name == "bank.yaml" else {}
    except OSError as error:
        raise Unreadable(f"{file}: cannot be read ({error.strerror}).") from error
    return BankSource(str(file), content, media)


def _read_at_most(file: Path, most: int) -> bytes:
    """Return what is in `file`. Raises Unreadable if it is no file (a pipe may never end) or longer than `most`."""
    if not file.is_file():
        raise Unreadable(
            f"{file}: this is no file with a bank in it. Give the path of a YAML file or a folder."
        )
    with file.open("rb") as opened:
        content = opened.read(most + 1)
    if len(content) > most:
        raise Unreadable(f"{file}: the file is over {most // limits.MIB} MiB. Split it into several banks.")
    return content


def shipped_sources(folder: Path) -> list[Path]:
    """Return the banks in `folder`: its YAML files, and its folders that hold a `bank.yaml`, by name."""
    return sorted([*folder.glob("*.yaml"), *folder.glob("*/bank.yaml")])


def _read_media(folder: Path) -> dict[str, bytes]:
    media = {}
    for file in sorted((folder / "media").rglob("*")):
        if file.is_file() and file.stat().st_size <= limits.IMAGE_BYTES:
            media[file.relative_to(folder).as_posix()] = file.read_bytes()
    return media
