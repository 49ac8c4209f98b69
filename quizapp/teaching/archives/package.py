"""What somebody uploads, taken apart: the bank's file and its pictures. What it is, is read from its bytes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from typing import IO

from quizapp import config, limits
from quizapp.banks.media import examine
from quizapp.errors import Invalid
from quizapp.teaching.archives.unpack import FRAME

_MODULE = "quizapp.teaching.archives.unpack"
_UNREADABLE = "This ZIP cannot be read. Make it again from the folder with bank.yaml, without other files."
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Refused(Invalid):
    """What was uploaded cannot be a bank; nothing was kept."""

    code = "refused"


@dataclass(frozen=True, slots=True)
class Package:
    """A bank as it was uploaded: the name to show, the file's bytes, its pictures by path (None: no ZIP)."""

    name: str
    source: bytes
    media: dict[str, bytes] | None = None


def read_package(file: IO[bytes], *, name: str) -> Package:
    """Return what an uploaded file holds: a ZIP with bank.yaml and media/, or the bank's file. Raises Refused."""
    begin = file.read(4)
    file.seek(0)
    if begin == b"PK\3\4":
        return _unpacked(file, name)
    source = file.read(limits.BANK_FILE_BYTES + 1)
    return Package(name, text(source))


def text(source: bytes) -> bytes:
    """Return `source` if it is text of a size that can be a bank. Raises Refused."""
    if len(source) > limits.BANK_FILE_BYTES:
        raise Refused(
            f"The file is over {limits.BANK_FILE_BYTES // limits.MIB} MiB. Split it into several banks."
        )
    if source.startswith(_UTF_16):
        raise Refused("The file is saved as UTF-16 (“Unicode”). Save it again with the encoding UTF-8.")
    if b"\0" in source:
        raise Refused(
            "This is no text file. Upload the bank as a YAML file, or as a ZIP with bank.yaml in it."
        )
    try:
        blank = not source.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise Refused(
            f"The file is not UTF-8 text: byte {error.start:,} cannot be read. Save it again with the encoding UTF-8."
        ) from error
    if blank:
        raise Refused("The file is empty. Choose another one.")
    return source


def _unpacked(file: IO[bytes], name: str) -> Package:
    """Unpack a ZIP in a process of its own. Whatever happens to that process is a refusal, no failure of ours."""
    with tempfile.TemporaryFile() as spooled:
        shutil.copyfileobj(file, spooled)
        if spooled.tell() > limits.PACKAGE_BYTES:
            raise Refused(
                f"The ZIP is over {limits.PACKAGE_BYTES // limits.MIB} MiB. Save its pictures smaller."
            )
        spooled.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-m", _MODULE],
            cwd=config.ROOT,
            env={"PYTHONHASHSEED": "0", "PYTHONUTF8": "1"},
            stdin=spooled,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        clock = threading.Timer(limits.UNPACK_SECONDS, child.kill)
        clock.start()
        try:
            with child:
                assert child.stdout is not None
                try:
                    found = _frames(child.stdout)
                finally:
                    child.kill()
        finally:
            clock.cancel()
    source = text(found.pop("bank.yaml"))
    for path, content in found.items():
        if isinstance(why := examine(content), str):
            raise Refused(f"{path}: {why}.")
    return Package(name, source, found)


def _frames(stream: IO[bytes]) -> dict[str, bytes]:
    """Return the files that the child wrote. Raises Refused with its sentence, or where it ended too early."""
    found: dict[str, bytes] = {}
    while len(head := stream.read(FRAME.size)) == FRAME.size:
        kind, name_length, length = FRAME.unpack(head)
        name, content = stream.read(name_length).decode(), stream.read(length)
        if kind == b"E" and found:
            return found
        if kind == b"R":
            raise Refused(content.decode())
        if len(content) < length:
            break
        found[name] = content
    raise Refused(_UNREADABLE)
