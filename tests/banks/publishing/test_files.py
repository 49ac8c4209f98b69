"""Reading banks from disk: what is no file is refused before it is read, and no more is read than may be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from quizapp import limits
from quizapp.banks.publishing.files import Unreadable, read_source


def test_a_file_is_read_whole_up_to_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"x" * limits.BANK_FILE_BYTES)
    assert len(read_source(file).content) == limits.BANK_FILE_BYTES
    file.write_bytes(b"x" * (limits.BANK_FILE_BYTES + 1))
    with pytest.raises(Unreadable, match=r"over 5 MiB\. Split it"):
        read_source(file)


def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "bank.yaml"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, Path("/dev/zero")):
        with pytest.raises(Unreadable, match=r"no file with a bank in it\. Give the path"):
            read_source(path)


def test_a_folder_without_a_bank_is_told_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"has no bank\.yaml\. Name the bank's file bank\.yaml, or give"):
        read_source(tmp_path)
