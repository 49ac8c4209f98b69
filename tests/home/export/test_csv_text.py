"""Cells that spreadsheets read as what they are."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.home.export import csv_text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-5 mg",
        "@SUM(A1)",
        "\t=1",
        "\rx",
        "\n=1",
        "  =1",
        "\u200b=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
    ],
)
def test_a_text_that_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert csv_text.cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "5 mg", "a=b", "GABA-B", "'quoted'", "  spaced", "(−5)", "é="])
def test_any_other_text_stays_as_written(text: str) -> None:
    assert csv_text.cell(text) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (-5, "-5"),
        (-0.25, "-0.25"),
        (True, "true"),
        (dt.date(2026, 3, 3), "2026-03-03"),
        (
            dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=1))),
            "2026-03-03T09:00:00.000Z",
        ),
        (["=a", "b"], "'=a | b"),
        ({"banks": [1]}, '{"banks": [1]}'),
    ],
)
def test_values_are_written_for_programs(value: object, cell: str) -> None:
    assert csv_text.cell(value) == cell


@given(st.lists(st.fixed_dictionaries({"a": st.text(), "b": st.integers()}), max_size=5))
def test_a_csv_reader_gets_back_every_text_but_for_the_apostrophe(rows: list[dict[str, object]]) -> None:
    file = io.StringIO(newline="")
    csv_text.write(file, ["a", "b"], rows)
    read = list(csv.reader(io.StringIO(file.getvalue(), newline="")))
    assert read == [["a", "b"], *([csv_text.guarded(str(row["a"])), str(row["b"])] for row in rows)]
    assert all(not line[0].lstrip().startswith(("=", "+", "@", "-")) for line in read)
