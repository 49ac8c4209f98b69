from __future__ import annotations

import pytest

from quizapp.teaching.drafts.naming import PASTED, shown_name, written_slug, written_title, yaml_name
from tests.factories.banks import bank_yaml


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("C:\\Users\\Ana\\dosing.yaml", "dosing.yaml"),
        ("C:\\v2 ünïcödé <b>x</b> 'q'.yaml", "v2 ünïcödé <b>x</b> 'q'.yaml"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\u202e.yaml", "ab.yaml"),
        ("x" * 300 + ".yaml", "x" * 195 + ".yaml"),
        ("", PASTED),
        (None, PASTED),
    ],
)
def test_a_file_is_called_by_the_last_part_of_its_name(sent: str | None, shown: str) -> None:
    assert shown_name(sent) == shown


def test_the_bank_file_of_a_zip_has_its_own_name() -> None:
    assert [yaml_name(name) for name in ("a.YML", "mine.zip")] == ["a.YML", "bank.yaml"]


@pytest.mark.parametrize(
    ("source", "slug"),
    [
        (bank_yaml(bank="dosing"), "dosing"),
        (b"format: 1\r\nbank: 'dosing'\r\n", "dosing"),
        (b"notes:\n  - bank: other\n", ""),
        (b"\xff\0", ""),
    ],
)
def test_the_bank_is_guessed_from_its_own_line(source: bytes, slug: str) -> None:
    assert written_slug(source) == slug


@pytest.mark.parametrize(
    ("source", "title"),
    [
        (b"format: 1\ntitle: Anticoagulants\n", "Anticoagulants"),
        (b"title: 'Dosing: basics'\r\n", "Dosing: basics"),
        (b'title: "Dosing"  # for now\n', "Dosing"),
        (b"title: |\n  Dosing\n", ""),
        (b"notes:\n  - title: No bank\n", ""),
        (b"\xff\xfe", ""),
    ],
)
def test_the_title_of_a_bank_is_read_where_it_stands_on_one_line(source: bytes, title: str) -> None:
    assert written_title(source) == title
