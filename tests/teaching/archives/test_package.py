"""What may be uploaded, and what a hostile file gets: a sentence, never a failure."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from quizapp import limits
from quizapp.teaching.archives import package
from quizapp.teaching.archives.package import Refused, read_package
from tests.factories.banks import bank_yaml
from tests.factories.teaching import archive, picture

BANK = bank_yaml()


def refusal(data: bytes, name: str = "bank.zip") -> str:
    with pytest.raises(Refused) as caught:
        read_package(io.BytesIO(data), name=name)
    return caught.value.message


def test_a_text_file_is_the_bank_itself() -> None:
    read = read_package(io.BytesIO(BANK), name="sample.yaml")
    assert (read.name, read.source, read.media) == ("sample.yaml", BANK, None)


def test_a_zip_brings_its_pictures() -> None:
    content = picture()
    read = read_package(io.BytesIO(archive({"bank.yaml": BANK, "media/a b.png": content})), name="x.zip")
    assert read.source == BANK
    assert read.media == {"media/a b.png": content}


def test_a_folder_packed_as_a_whole_is_read_and_what_systems_leave_is_not() -> None:
    files = {
        "mine/bank.yaml": BANK,
        "mine/media/a.jpg": picture("JPEG"),
        "__MACOSX/bank.yaml": b"\0",
        "mine/notes.txt": b"x",
    }
    read = read_package(io.BytesIO(archive(files)), name="mine.zip")
    assert (read.source, list(read.media or {})) == (BANK, ["media/a.jpg"])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf \n", "The file is empty"),
        ("format: 1".encode("utf-16"), "UTF-16"),
        (b"title: Z\xfcrich", "byte 8 cannot be read"),
        (b"%PDF-1.7\n\0\1", "no text file"),
        (b"#" * (limits.BANK_FILE_BYTES + 1), "over 5 MiB"),
        (b"PK\3\4 and nothing more", "damaged"),
    ],
)
def test_what_is_no_text_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    assert said in refusal(data)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"other.yaml": BANK}, "There is no bank.yaml"),
        ({"a/bank.yaml": BANK, "b/bank.yaml": BANK}, "several banks"),
        ({"bank.yaml": BANK, "more.ZIP": b"x"}, "archive inside"),
        ({"bank.yaml": BANK, "media/../a.png": picture()}, "a name of letters"),
        ({"bank.yaml": BANK, "media/a.png": b"<svg/>"}, "media/a.png: SVG pictures are not supported"),
        ({"bank.yaml": BANK, "media/a.png": archive({"x": b"y"})}, "no PNG, JPEG, GIF or WebP"),
        ({"bank.yaml": b"#" * (limits.BANK_FILE_BYTES + 1)}, "'bank.yaml' is over 5 MiB"),
        ({"bank.yaml": BANK, "media/a.png": bytes(limits.IMAGE_BYTES + 1)}, "'media/a.png' is over 5 MiB"),
    ],
)
def test_what_a_zip_must_not_hold(files: dict[str, bytes], said: str) -> None:
    assert said in refusal(archive(files))


def test_an_unusual_packing_is_refused() -> None:
    assert "unusual" in refusal(archive({"bank.yaml": BANK}, method=zipfile.ZIP_LZMA))


def test_a_link_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        opened.writestr("bank.yaml", BANK)
        link = zipfile.ZipInfo("media/a.png")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, "/etc/passwd")
    assert "a link or a device" in refusal(target.getvalue())


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(archive({"bank.yaml": BANK}))
    data[data.index(b"PK\1\2") + 8] |= 1
    assert "encrypted" in refusal(bytes(data))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        opened.writestr("bank.yaml", BANK)
        opened.writestr("bank.yaml", BANK)
    assert "twice" in refusal(target.getvalue())


def test_members_that_share_bytes_are_refused() -> None:
    data = bytearray(archive({"bank.yaml": BANK, "media/a.png": b"x"}, method=zipfile.ZIP_STORED))
    second = data.rindex(b"PK\1\2")
    struct.pack_into("<L", data, second + 42, 0)  # it begins where the first one begins
    assert "damaged" in refusal(bytes(data))


def test_a_false_size_is_not_believed() -> None:
    data = bytearray(archive({"bank.yaml": b"#" * (limits.BANK_FILE_BYTES * 4)}))
    struct.pack_into("<L", data, data.index(b"PK\1\2") + 24, 10)
    assert refusal(bytes(data))


def test_entries_are_counted() -> None:
    names = {f"{number}.txt": b"" for number in range(limits.ARCHIVE_ENTRIES)}
    assert "over 10,000 entries" in refusal(archive({"bank.yaml": BANK, **names}))


def test_the_whole_is_bounded_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.limits.PACKAGE_BYTES", 100)
    assert "The ZIP is over" in refusal(archive({"bank.yaml": BANK}))


@pytest.mark.parametrize(
    "program", ["raise SystemExit(3)", "import os; os.abort()", "import time; time.sleep(60)"]
)
def test_the_death_of_the_child_is_an_ordinary_refusal(
    program: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ends.py").write_text(program)
    monkeypatch.setattr("quizapp.config.ROOT", tmp_path)
    monkeypatch.setattr(package, "_MODULE", "ends")
    monkeypatch.setattr("quizapp.limits.UNPACK_SECONDS", 1)
    assert "cannot be read" in refusal(archive({"bank.yaml": BANK}))


def test_the_child_cannot_take_more_memory_than_its_share() -> None:
    program = "from quizapp.teaching.archives import unpack; unpack._limit_self(); bytearray(600 * 2**20)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert b"MemoryError" in ended.stderr


def test_broken_archives_are_read_or_refused_and_never_more() -> None:
    whole = archive({"bank.yaml": BANK, "media/a.png": picture()})
    dice = random.Random(7)
    for _ in range(25):
        broken = bytearray(whole[: dice.randrange(4, len(whole))] if dice.random() < 0.3 else whole)
        for _ in range(dice.randrange(1, 8)):
            broken[dice.randrange(4, len(broken)) if len(broken) > 4 else 0] = dice.randrange(256)
        broken[:4] = b"PK\3\4"
        with suppress(Refused):
            read_package(io.BytesIO(bytes(broken)), name="x.zip")
