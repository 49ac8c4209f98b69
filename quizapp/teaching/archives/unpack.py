"""A program that reads one ZIP from standard input and writes what a bank needs of it to standard output.

It runs as `python -m quizapp.teaching.archives.unpack` in a process of its own, under limits of memory and time that
it sets itself: an archive that ends it harms nobody. Nothing is written to disk, and names are labels, never paths.

What it writes are frames: a letter, the length of a name and of a content (big-endian, 2 and 8 bytes), then both.
`F` is a file, `R` the refusal of the whole (its content is a sentence), `E` the end. Without an end, nothing counts.
"""

from __future__ import annotations

import re
import stat
import struct
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import IO

from quizapp import limits

try:
    import resource
except ImportError:  # not a Unix: the parent's clock must do
    resource = None  # type: ignore[assignment]

FRAME = struct.Struct(">cHQ")
BANK_FILE = "bank.yaml"

_MEDIA_PATH = re.compile(r"media/[\w-][\w./ -]*")
_ENTRY = b"PK\1\2"
_LOCAL = struct.Struct("<4s22xHH")
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".jar", ".apkg")
_LEFT_BY_SYSTEMS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_CHUNK = 256 * limits.KIB
_DAMAGED = "This ZIP is damaged, or is no ZIP. Make it again from the folder with bank.yaml."


class Refused(Exception):
    """The archive is refused; the message says why and what to do."""


def files(archive: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the bank file and then its pictures, (name, content). Raises Refused."""
    _refuse_many(archive)
    with zipfile.ZipFile(archive) as opened:
        members = opened.infolist()
        _refuse_hostile(opened, archive, members)
        names = {member.filename: member for member in members if not member.is_dir()}
        folder = _folder(names)
        room = limits.ARCHIVE_EXPANDED_BYTES
        content = _read(opened, names[folder + BANK_FILE], BANK_FILE, min(room, limits.BANK_FILE_BYTES))
        yield BANK_FILE, content
        for name, member in names.items():
            path = name.removeprefix(folder)
            if not name.startswith(f"{folder}media/") or path.rpartition("/")[2] in _LEFT_BY_SYSTEMS:
                continue
            if not _MEDIA_PATH.fullmatch(path) or ".." in path or len(path) > limits.TITLE_CHARS:
                raise Refused(f"Give the picture {_quoted(path)} a name of letters, figures, - and _.")
            room -= len(content)
            content = _read(opened, member, path, min(room, limits.IMAGE_BYTES))
            yield path, content


def _refuse_many(archive: IO[bytes]) -> None:
    """Count entries by their signature: the library makes an object of each before anybody can ask how many."""
    found, kept = 0, b""
    while chunk := archive.read(_CHUNK):
        found += (kept + chunk).count(_ENTRY)
        kept = chunk[1 - len(_ENTRY) :]
    if found > limits.ARCHIVE_ENTRIES:
        raise Refused(f"This ZIP has over {limits.ARCHIVE_ENTRIES:,} entries. Leave out what is not needed.")


def _refuse_hostile(opened: zipfile.ZipFile, archive: IO[bytes], members: list[zipfile.ZipInfo]) -> None:
    """Refuse what no honest program makes, whether or not a bank needs that member."""
    if doubled := [name for name, count in Counter(m.filename for m in members).items() if count > 1]:
        raise Refused(f"This ZIP has {_quoted(doubled[0])} twice. Make it again.")
    for member in members:
        name = _quoted(member.filename)
        if member.flag_bits & 0x1:
            raise Refused(f"{name} is encrypted. Make the ZIP without a password.")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(
                f"{name} is packed in an unusual way. Make the ZIP with your computer's own program."
            )
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Refused(f"{name} is a link or a device, not a file. Leave it out.")
        if member.filename.lower().endswith(_ARCHIVES):
            raise Refused(f"{name} is an archive inside the archive. Unpack it first, or leave it out.")
    _refuse_overlaps(opened.start_dir, archive, members)


def _refuse_overlaps(end: int, archive: IO[bytes], members: list[zipfile.ZipInfo]) -> None:
    """Refuse members that share bytes: a small file could unpack to any size (Python notices since 3.11.8 only)."""
    for member in sorted(members, key=lambda member: member.header_offset, reverse=True):
        archive.seek(member.header_offset)
        signature, name_length, extra_length = _LOCAL.unpack(archive.read(_LOCAL.size))
        begin = member.header_offset + _LOCAL.size + name_length + extra_length
        if signature != b"PK\3\4" or begin + member.compress_size > end:
            raise Refused(_DAMAGED)
        end = member.header_offset


def _folder(names: dict[str, zipfile.ZipInfo]) -> str:
    """Return the folder that holds the bank file: none, or the one folder that was packed as a whole."""
    if BANK_FILE in names:
        return ""
    found = [name for name in names if name.count("/") == 1 and name.endswith(f"/{BANK_FILE}")]
    own = [name for name in found if not name.startswith(_LEFT_BY_SYSTEMS)]
    if len(own) == 1:
        return own[0].removesuffix(BANK_FILE)
    if own:
        raise Refused("This ZIP holds several banks. Make one ZIP for each.")
    raise Refused("There is no bank.yaml in this ZIP. Name the bank's file so, beside the folder media.")


def _read(opened: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, most: int) -> bytes:
    """Return a member's content, counted while it is read: what the archive says of its size is not believed."""
    content = bytearray()
    with opened.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            content += chunk
            if len(content) > most:
                raise Refused(f"{_quoted(name)} is over {most // limits.MIB} MiB. Make it smaller.")
    return bytes(content)


def _quoted(name: str) -> str:
    return f"'{name}'" if len(name) <= limits.QUOTE_CHARS else f"'{name[: limits.QUOTE_CHARS - 1]}…'"


def _limit_self() -> None:
    if resource is None:
        return
    memory, seconds = limits.UNPACK_MEMORY_BYTES, limits.UNPACK_CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _write(out: IO[bytes], kind: bytes, name: str = "", content: bytes = b"") -> None:
    label = name.encode()
    out.write(FRAME.pack(kind, len(label), len(content)) + label)
    out.write(content)


def main(archive: IO[bytes], out: IO[bytes]) -> None:
    """Write the frames of `archive` to `out`."""
    try:
        for name, content in files(archive):
            _write(out, b"F", name, content)
        _write(out, b"E")
    except Refused as refused:
        _write(out, b"R", content=str(refused).encode("utf-8", "replace"))
    except Exception:  # a broken archive makes the library raise whatever it likes
        _write(out, b"R", content=_DAMAGED.encode())


if __name__ == "__main__":
    _limit_self()
    main(sys.stdin.buffer, sys.stdout.buffer)
