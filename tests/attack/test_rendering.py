"""Hostile texts in every field that is shown, on every page that shows it: they are read, and do nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from quizapp import richtext
from quizapp.banks.items import ITEM_TYPES
from quizapp.banks.notes import NOTE_TYPES
from quizapp.home.export.csv_text import guarded
from quizapp.web.access import Role
from tests.attack.hostile import CONTROLS, MARK, TEXTS, Hostile, create_hostile_site
from tests.reader import FETCH

NEVER = {
    "style",
    "iframe",
    "frame",
    "object",
    "embed",
    "applet",
    "base",
    "portal",
    "video",
    "audio",
    "foreignobject",
    "animate",
}
METAS = {"viewport", "color-scheme", "robots", "description"}
# What of an author's text may become an attribute's value, in ours: names of controls, values, and where links lead.
VALUES = {
    "data-title",
    "alt",
    "title",
    "value",
    "aria-label",
    "placeholder",
    "href",
    "data-copy",
    "data-key-label",
    "cite",
}
OF_TEXT = richtext._INLINE | richtext._BLOCK | richtext._TABLE | richtext._MATHS | {"html", "head", "body"}


@pytest.fixture(scope="module")
def hostile(site: Flask) -> Hostile:
    return create_hostile_site(site)


def parsed(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html5lib")


def active(soup: BeautifulSoup) -> Iterator[str]:
    """Yield whatever on a page could run, load, post or be named by somebody's text."""
    for tag in soup.find_all(True):
        told = str(tag)[:200]
        if tag.name in NEVER or ":" in tag.name or MARK in tag.name.upper():
            yield f"<{tag.name}>: {told}"
        if tag.name == "script" and (tag.string or not str(tag.get("src", "")).startswith("/static/")):
            yield f"a script: {told}"
        if tag.name == "meta" and not (tag.has_attr("charset") or tag.get("name") in METAS):
            yield f"a meta: {told}"
        if tag.name == "link" and not str(tag.get("href", "")).startswith("/static/"):
            yield f"a link: {told}"
        if tag.name == "form" and not re.match(r"/(?!/)", str(tag.get("action", "/"))):
            yield f"a form to elsewhere: {told}"
        yield from (f"{problem}: {told}" for problem in _of_attributes(tag))


def _of_attributes(tag: Tag) -> Iterator[str]:
    for name, value in tag.attrs.items():
        text = " ".join(value) if isinstance(value, list) else str(value)
        if name.startswith("on") or name in {
            "style",
            "srcdoc",
            "srcset",
            "ping",
            "background",
        }:
            yield f"{name}="
        if MARK in name.upper():
            yield f"{name}= is named by a text"
        if name == "formaction" and not re.match(r"/(?!/)", text):
            yield f"{name}={text[:80]}"
        if MARK in text and name not in VALUES | {"src"}:
            yield f"{name}= is a text"
        if name in {"href", "src", "action", "poster", "xlink:href", "data-copy"}:
            scheme = urlsplit(re.sub(r"[\x00-\x20]", "", text)).scheme.lower()
            if scheme not in {"", "http", "https", "mailto"} or text.startswith("//"):
                yield f"{name}={text[:80]}"
            if name == "src" and not re.match(r"/(static|media|teach/drafts)/", text):
                yield f"{name}={text[:80]}"
            if scheme.startswith("http") and "nofollow" not in tag.get("rel", []):
                yield f"{name}={text[:80]} without rel"


def unread(soup: BeautifulSoup) -> Iterator[str]:
    """Yield texts of somebody's that do not say in which direction they are read."""
    for text in soup.find_all(string=re.compile(MARK)):
        parents = list(text.parents)
        aloud = any("sr-only" in parent.get("class", []) for parent in parents)
        if aloud or any(parent.name in {"title", "script"} for parent in parents):
            continue
        if not any(parent.has_attr("dir") for parent in parents):
            yield f"{parents[0].name} in {parents[1].name}: {text.strip()[:60]}"


@pytest.mark.parametrize("text", [*TEXTS, "\n\n".join(TEXTS[:9]), CONTROLS])
@pytest.mark.parametrize("render", [richtext.to_html, richtext.to_inline_html])
def test_rendered_texts_hold_nothing_but_what_is_allowed(render: Callable[[str], str], text: str) -> None:
    soup = parsed(render(text))
    assert list(active(soup)) == []
    assert {tag.name for tag in soup.find_all(True)} <= OF_TEXT
    assert not [tag for tag in soup.find_all(True) if {"id", "name", "class"} & tag.attrs.keys()]


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name.lower())
def test_pages_show_hostile_texts_and_nothing_of_them_is_active(hostile: Hostile, role: Role) -> None:
    person = hostile.people[role]
    person.enter()
    complaints, shown = [], 0
    for address in hostile.addresses[role]:
        fetched = [FETCH] if re.search(r"/(quizzes|study|edit|notes/fact)\b", address) else []
        for headers in ({}, *fetched):
            with person.client.get(address, headers=headers, follow_redirects=True) as answer:
                complaints += [f"{address}: {problem}" for problem in of_answer(answer)]
                shown += MARK in answer.get_data(as_text=True) if answer.mimetype == "text/html" else 0
    assert "\n".join(dict.fromkeys(complaints)) == ""
    assert shown > 15  # so many pages and fragments held somebody's text


def of_answer(answer: TestResponse) -> Iterator[str]:
    """Yield what is wrong with an answer that shows somebody's texts."""
    if answer.status_code not in {200, 404, 422}:
        yield f"status {answer.status_code}"
    if answer.mimetype == "text/html":
        soup = parsed(answer.get_data(as_text=True))
        yield from active(soup)
        yield from (f"no direction: {place}" for place in unread(soup))
    elif answer.mimetype in {"text/plain", "application/yaml", "application/zip", "application/json"}:
        named = answer.headers.get("Content-Disposition", "").startswith("attachment; filename=")
        if not named and answer.mimetype != "text/plain" and not wants_fragment(answer):
            yield "a download without a name"
    elif not answer.mimetype.startswith("image/"):
        yield f"a {answer.mimetype}"
    yield from (
        f"header {name}"
        for name, value in answer.headers
        if MARK in value and name not in {"Content-Disposition"}
    )
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        yield "may be sniffed"


def wants_fragment(answer: TestResponse) -> bool:
    return "X-Requested-With" in answer.request.headers


def test_files_are_named_in_plain_letters_and_by_the_rfc(hostile: Hostile) -> None:
    person = hostile.people[Role.INSTRUCTOR]
    person.enter()
    files = [
        address
        for address in hostile.addresses[Role.INSTRUCTOR]
        if address.endswith(("/file", ".yaml", ".zip", ".json"))
    ]
    assert len(files) >= 5
    for address in files:
        with person.client.get(address) as answer:
            named = answer.headers["Content-Disposition"]
            assert re.fullmatch(
                r"attachment; filename=([\w.-]+|\"[^\"\\\r\n/]*\")(; filename\*=UTF-8''[\w.%!#$&+^`|~-]+)?",
                named,
                re.ASCII,
            ), named
            assert "Set-Cookie" not in answer.headers or "a=b" not in answer.headers["Set-Cookie"]


def test_no_cell_of_an_export_begins_a_formula(hostile: Hostile) -> None:
    for role in (Role.GUEST, Role.LEARNER, Role.INSTRUCTOR):
        person = hostile.people[role]
        person.enter()
        with person.client.get("/export.zip") as answer, zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            rows = [
                row
                for name in archive.namelist()
                for row in csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline=""))
            ]
        cells = [cell for row in rows for cell in row]
        assert sum(MARK in cell for cell in cells) > 20
        assert [cell for cell in cells if re.match(r"[=+@\t\r\n＝＋＠]|-(?![\d.]+$)", cell)] == []
        with person.client.get("/export.json") as answer:
            assert json.loads(answer.data)["account"]


@pytest.mark.parametrize(
    "first",
    [
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        "＝",
        "＋",
        "－",
        "＠",
        "﹢",
        "﹣",
        "﹦",
        "﹫",
        "\u200b=",
        "\ufeff@",
        "\x00+",
        " =",
    ],
)
def test_a_cell_that_a_spreadsheet_could_run_is_text(first: str) -> None:
    assert guarded(f"{first}cmd|' /C calc'!A0").startswith("'")


def test_every_type_of_note_and_item_is_in_the_hostile_bank(hostile: Hostile) -> None:
    person = hostile.people[Role.INSTRUCTOR]
    person.enter()
    with person.client.get("/teach/banks/sample/versions/1/bank.yaml") as answer:
        source = answer.text
    for kind in NOTE_TYPES:
        assert f"type: {kind}" in source, f"tests/attack/hostile.py has no hostile {kind}"
    assert ITEM_TYPES.keys() == {"single", "multiple"}
