"""One JSON object, written piece by piece."""

from __future__ import annotations

import datetime as dt
import io
import json
import math

import pytest

from quizapp.home.export import json_text


def written(head: dict[str, object], lists: dict[str, list[object]]) -> str:
    file = io.StringIO()
    json_text.write(file, head, lists)
    return file.getvalue()


@pytest.mark.parametrize("rows", [[], [{"a": 1}], [{"a": None}, {"a": 'quo"te\n'}, {"a": ["é"]}]])
def test_it_is_what_json_reads_back(rows: list[object]) -> None:
    text = written({"x": {"y": 0.5}}, {"rows": rows, "none": []})
    assert json.loads(text) == {"x": {"y": 0.5}, "rows": rows, "none": []}
    assert json.loads(written({}, {"rows": rows})) == {"rows": rows}


def test_times_are_iso_in_utc() -> None:
    instant = dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    read = json.loads(written({"at": instant, "on": dt.date(2026, 3, 3)}, {}))
    assert read == {"at": "2026-03-03T09:00:00.000Z", "on": "2026-03-03"}


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        written({"x": math.nan}, {})
    with pytest.raises(TypeError, match="an export cannot hold bytes"):
        written({"x": b""}, {})
