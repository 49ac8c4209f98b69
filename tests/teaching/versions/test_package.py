"""A version as an archive."""

from __future__ import annotations

import io
import zipfile

from quizapp.teaching.versions.package import package


def test_an_archive_holds_the_file_and_its_pictures_byte_for_byte() -> None:
    made = package(b"bank: x\r\n", {"media/a.png": b"\x89PNG"})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "bank.yaml": b"bank: x\r\n",
            "media/a.png": b"\x89PNG",
        }
    assert made == package(b"bank: x\r\n", {"media/a.png": b"\x89PNG"})  # and the same again
