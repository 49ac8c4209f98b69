"""The two files of an export. Each is written in full before it is sent, so that a failure is an error page
and no half file; what does not fit into little memory lies on the disk until it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
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


def as_tables(rows: Rows) -> IO[bytes]:
    """Return a ZIP file with a CSV file per table; a mark at their beginning tells Excel that they are UTF-8."""
    file = _empty()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for table in TABLES:
            with (
                archive.open(f"{table}.csv", "w", force_zip64=True) as member,
                TextIOWrapper(member, encoding="utf-8-sig", newline="") as text,
            ):
                csv_text.write(text, SECTIONS[table], rows(table))
    return _from_start(file)


def _empty() -> Any:
    return SpooledTemporaryFile(max_size=MEMORY_BYTES)


def _from_start(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    return file
