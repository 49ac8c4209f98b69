from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask, render_template_string
from sqlalchemy import literal_column, select

from quizapp.web import pagination
from quizapp.web.pagination import Page, page_number, page_of

PAGES = '{% import "ui.html" as ui %}{{ ui.pagination(page, "card") }}'


def numbers(most: int) -> object:
    """Return a statement that yields 1 to `most`, in order."""
    first = select(literal_column("1").label("n")).cte("numbers", recursive=True)
    every = first.union_all(select(first.c.n + 1).where(first.c.n < most))
    return select(every.c.n).order_by(every.c.n)


@pytest.mark.parametrize(
    ("most", "number", "expected"),
    [
        (7, 1, Page([1, 2, 3], 1, 3, 7, more=True)),
        (7, 3, Page([7], 3, 3, 7, more=False)),
        (6, 2, Page([4, 5, 6], 2, 3, 6, more=False)),
        (7, 9, Page([], 9, 3, 7, more=False)),
    ],
)
def test_a_page_holds_its_part(small_site: Flask, most: int, number: int, expected: Page[int]) -> None:
    with small_site.app_context():
        page = page_of(numbers(most), number, size=3)
    assert replace(page, items=[row.n for row in page.items]) == expected
    assert not page.capped


def test_a_long_list_is_not_counted_to_its_end(small_site: Flask) -> None:
    with small_site.app_context():
        page = page_of(numbers(5000), 1)
    assert page.capped
    assert page.total == pagination.COUNT_CAP + 1


@pytest.mark.parametrize(
    ("asked", "number"),
    [("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("", 1), ("٣", 1), ("9999999", 100_000), ("1" * 400, 1)],
)
def test_an_unreadable_page_number_is_the_first(small_site: Flask, asked: str, number: int) -> None:
    with small_site.test_request_context(query_string={"page": asked}):
        assert page_number() == number


def test_the_way_to_other_pages_keeps_every_filter(small_site: Flask) -> None:
    page = Page(list(range(3)), number=2, size=3, total=9, more=True)
    with small_site.test_request_context("/page?bank=a&bank=b&page=2"):
        html = render_template_string(PAGES, page=page)
    assert "4–6 of 9\N{NO-BREAK SPACE}cards" in html
    assert 'href="/page?bank=a&amp;bank=b&amp;page=1"' in html
    assert 'href="/page?bank=a&amp;bank=b&amp;page=3"' in html


def test_one_page_needs_no_way_to_others(small_site: Flask) -> None:
    with small_site.test_request_context("/page"):
        assert render_template_string(PAGES, page=Page([1], 1, 25, 1, False)).strip() == ""
