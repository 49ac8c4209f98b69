"""The two files of an export. Each is written in full before it is sent, so that a failure is an error page
and no half file; what does not fit into little memory lies on the disk until it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from quizapp.home.export import csv_text, json_text
from quizapp.home.export.fields import ACCOUNT, SECTIONS, TABLES

MEMORY_BYTES = 1024 * 1024

Rows = Callable[[str], Iterator[dict[str, Any]]]


def as_json(account: Mapping[str, object], rows: Rows, *, at: dt.datetime) -> IO[bytes]:
    """Return everything as one JSON object: when, what the fields mean, the account, a list per section."""
    file = _empty()
    head = {"exported_at": at, "fields": {"account": ACCOUNT, **SECTIONS}, "account": account}
    text = TextIOWrapper(file, encoding="utf-8", newline="\n")
    json_text.write(text, head, {section: rows(section) for section in SECTIONS})
    text.flush()
    text.detach()
    return _from_start(file)


def as_tables(account: Mapping[str, object], rows: Rows) -> IO[bytes]:
    """Return a ZIP file with a CSV file for the account and for each table."""
    file = _empty()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        _add_table(archive, "account", ACCOUNT, [account])
        for table in TABLES:
            _add_table(archive, table, SECTIONS[table], rows(table))
    return _from_start(file)


def _add_table(
    archive: ZipFile, name: str, fields: Iterable[str], rows: Iterable[Mapping[str, object]]
) -> None:
    """Write a CSV file; the mark at its beginning tells Excel that it is UTF-8."""
    with (
        archive.open(f"{name}.csv", "w", force_zip64=True) as member,
        TextIOWrapper(member, encoding="utf-8-sig", newline="") as text,
    ):
        csv_text.write(text, fields, rows)


def _empty() -> Any:
    return SpooledTemporaryFile(max_size=MEMORY_BYTES)


def _from_start(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    return file
