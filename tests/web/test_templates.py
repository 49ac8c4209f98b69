from __future__ import annotations

import re
from pathlib import Path

import pytest

from quizapp.web import static

PACKAGE = Path(static.__file__).resolve().parents[1]
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
FORBIDDEN = {
    "unescaped text": r"\|\s*safe\b|autoescape\s+false|Markup\(",
    "a style attribute": r"\sstyle\s*=",
    "a script attribute": r"<[a-z][^>]*\son[a-z]+\s*=",
    "a style element": r"<style",
    "an inline script": r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")",
    "a foreign file": r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"(?:https?:)?//",
    "an address written by hand": r"(?:src|href)=\"/static/",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_template_holds_nothing_that_the_policy_refuses(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_form_that_posts_carries_a_token(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL):
        assert re.search(r"csrf\(\)|csrf_token|hidden_tag\(\)", form), form[:120]


def test_markup_is_made_in_one_place() -> None:
    makers = [path for path in PACKAGE.rglob("*.py") if "Markup(" in path.read_text(encoding="utf-8")]
    assert [path.relative_to(PACKAGE).as_posix() for path in makers] == ["web/filters.py"]
