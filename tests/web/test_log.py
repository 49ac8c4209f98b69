from __future__ import annotations

import logging
import sys

import pytest
from flask import Flask

from quizapp.web.log import _OneLine


def line(message: str, **extra: object) -> str:
    record = logging.LogRecord("quizapp", logging.INFO, "file", 1, message, (), None)
    record.fields = extra
    return _OneLine().format(record)


def test_an_event_is_one_line_with_its_fields() -> None:
    assert line("login_failed", address="203.0.113.9", why="wrong password").endswith(
        ' info login_failed address=203.0.113.9 why="wrong password"'
    )


def test_what_a_library_says_is_an_event_by_its_name_with_its_sentence() -> None:
    record = logging.LogRecord("gunicorn.error", logging.ERROR, "file", 1, "%s ended", ("a b",), None)
    assert _OneLine().format(record).endswith(' error gunicorn message="a b ended"')


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("", '""'),
        ('say "no"', r'"say \"no\""'),
        ("it's a\nb", '"it\'s a\\nb"'),
        ("C:\\data", r'"C:\\data"'),
        ("größe in ms", '"größe in ms"'),
        ("\x1b\udcff", r'"\x1b\udcff"'),
    ],
)
def test_a_value_is_quoted_in_one_way(value: str, told: str) -> None:
    assert line("refused", value=value).endswith(f" value={told}")


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "\x1b[31mred", "a\u2028b"])
def test_control_characters_begin_no_second_line(value: str) -> None:
    told = line("refused", value=value)
    assert told.isprintable()


def test_a_failure_tells_its_way_on_the_same_line(small_site: Flask) -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        record = logging.LogRecord("quizapp", logging.ERROR, "file", 1, "failed", (), sys.exc_info())
    with small_site.test_request_context("/page"):
        told = _OneLine().format(record)
    assert told.isprintable()
    assert "path=/page" in told
    assert "test_a_failure_tells_its_way_on_the_same_line" in told
