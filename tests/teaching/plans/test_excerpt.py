from __future__ import annotations

from quizapp.banks.check import check
from quizapp.banks.problems import Problem
from quizapp.teaching.plans.excerpt import as_text, excerpts
from tests.factories.banks import bank_yaml


def problem(line: int, column: int, *, level: str = "error", suggestion: str = "") -> Problem:
    return Problem(level, "it is wrong", line, column, suggestion=suggestion)  # type: ignore[arg-type]


def test_a_line_is_cut_at_the_place() -> None:
    (one,) = excerpts(b"a: b\r\ncd: ef\n", [problem(2, 5)])
    assert (one.before, one.at, one.after) == ("cd: ", "e", "f")


def test_a_place_behind_the_line_or_the_file_points_at_its_end() -> None:
    one, other = excerpts(b"ab", [problem(1, 9), problem(7, 1)])
    assert (one.before, one.at, one.after) == ("ab", " ", "")
    assert (other.before, other.at, other.after) == ("", " ", "")


def test_errors_come_first_and_each_kind_in_the_order_of_the_file() -> None:
    found = excerpts(b"\n\n\n", [problem(1, 1, level="warning"), problem(2, 1), problem(3, 1)])
    assert [(one.level, one.line) for one in found] == [("error", 2), ("error", 3), ("warning", 1)]


def test_long_lines_are_shown_around_the_place() -> None:
    (one,) = excerpts(b"x" * 500, [problem(1, 250)])
    assert one.before.startswith("…")
    assert one.after.endswith("…")
    assert len(one.before + one.after) < 130


def test_the_text_points_with_a_caret() -> None:
    text = "".join(as_text("a.yaml", excerpts(b"key: word", [problem(1, 6, suggestion="ward")])))
    assert text == (
        "a.yaml:1:6: error: it is wrong\n     1 | key: word\n       |      ^\n       = write: ward\n\n"
    )


def test_bytes_that_are_no_text_still_have_lines() -> None:
    source = b"ok\n\xff\xfe"
    assert excerpts(source, check(source, file="x").problems)


def test_a_byte_order_mark_does_not_move_the_caret() -> None:
    source = b"\xef\xbb\xbf" + bank_yaml().replace(b"format", b"fromat", 1)
    found = excerpts(source, check(source, file="x").problems)
    assert found[0].at == "f"
