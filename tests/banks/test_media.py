"""Pictures are known by their bytes, bounded by their header, and never decoded."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from quizapp import limits
from quizapp.banks.check import check
from quizapp.banks.media import Medium, examine
from tests.factories.banks import bank_yaml


def picture(kind: str, width: int = 3, height: int = 2) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height)).save(target, format=kind)
    return target.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """Return a PNG whose header claims a size, without the pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b""))


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp")],
)
def test_a_picture_is_known_by_its_bytes(kind: str, media_type: str) -> None:
    assert examine(picture(kind)) == Medium(media_type, 3, 2)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no PNG, JPEG, GIF or WebP"),
        (b"\x89PNG\r\n\x1a\n", "no PNG, JPEG, GIF or WebP"),
        (b"<html>", "SVG pictures are not supported"),
        (b'<?xml version="1.0"?><svg/>', "SVG pictures are not supported"),
        (picture("BMP"), "no PNG, JPEG, GIF or WebP"),
        (png_that_claims(5001, 5000), "over 25 million pixels"),
        (png_that_claims(60_000, 60_000), "over 25 million pixels"),
        (b"\x89PNG" + b"x" * limits.IMAGE_BYTES, "over 5 MiB"),
    ],
    ids=range(8),
)
def test_anything_else_is_refused_with_a_sentence(data: bytes, words: str) -> None:
    assert words in str(examine(data))


def test_a_picture_that_claims_much_costs_nothing() -> None:
    assert examine(png_that_claims(5000, 5000)) == Medium("image/png", 5000, 5000)


def test_a_note_names_a_picture_that_came_with_the_bank() -> None:
    source = bank_yaml("- {id: a, question: Q?, answer: A, image: media/a.png, alt: A dot}")
    assert check(source, file="b.yaml", media={"media/a.png": picture("PNG")}).bank is not None
    for media, words in (
        ({"media/b.png": picture("PNG")}, "there is no 'media/a.png': did you mean 'media/b.png'?"),
        ({"media/a.png": b"x"}, "this is no PNG"),
        ({"media/a.png": picture("PNG"), "media/notes.txt": b"x"}, "media/notes.txt, which no note shows"),
    ):
        found = [p.message for p in check(source, file="b.yaml", media=media).problems if p.level == "error"]
        assert [words in message for message in found] == [True], found
