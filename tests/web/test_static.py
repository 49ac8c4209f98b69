from __future__ import annotations

import gzip
import re
from pathlib import Path

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from quizapp.web import static
from tests.factories.web import create_small_site

PACKAGE = Path(static.__file__).resolve().parents[1]


def test_a_page_finds_all_its_files(visit: FlaskClient) -> None:
    parts = BeautifulSoup(visit.get("/page").text, "html.parser").select("link, script, img, use")
    found = {(part.get("href") or part["src"]).partition("#")[0] for part in parts}
    assert len(found) >= 8
    assert any(address.endswith("/icons.svg") for address in found)
    for address in found:
        with visit.get(address) as response:
            assert response.status_code == 200, address


def test_browsers_that_can_get_compressed_copies(small_site: Flask, visit: FlaskClient) -> None:
    with small_site.test_request_context():
        address = small_site.url_for("static", filename="css/app.css")
    with visit.get(address, headers={"Accept-Encoding": "gzip"}) as packed, visit.get(address) as plain:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data


def test_what_every_page_loads_weighs_little(small_site: Flask) -> None:
    files = Path(str(small_site.static_folder)).rglob("*.gz")
    packed = sum(path.stat().st_size for path in files if not path.name.startswith("teach"))
    assert packed < 25_000


def test_scripts_come_without_what_is_said_to_readers_and_with_all_else(small_site: Flask) -> None:
    for script in Path(str(small_site.static_folder)).rglob("*.js"):
        lines = (PACKAGE / "static/js" / script.name).read_text().splitlines()
        told = [line.strip() for line in lines if not line.strip().startswith("//")]
        assert script.read_text().splitlines() == told
        assert all(line.count("`") % 2 == 0 for line in told), (
            "a text over several lines would lose its indents"
        )


def test_a_style_sheet_loses_its_layout_and_not_what_a_newline_alone_separates() -> None:
    sheet = """/* A comment;
       of two lines */
main
.card,
main > p { /* here */
  margin: 0
    1rem; /* and here */

  color: var(--ink);
}
"""
    assert static.compact(sheet) == "main .card,main > p {margin: 0 1rem;color: var(--ink);}"


def test_the_address_changes_with_the_content_and_a_restart_writes_nothing(tmp_path: Path) -> None:
    first = Path(str(create_small_site(tmp_path).static_folder))
    (first / "left").touch()
    again = Path(str(create_small_site(tmp_path).static_folder))
    assert again == first
    assert (again / "left").exists()


def test_every_icon_in_use_is_in_the_sprite_and_no_other(small_site: Flask) -> None:
    sprite = (Path(str(small_site.static_folder)) / "icons/icons.svg").read_text()
    assert set(re.findall(r'id="([^"]+)"', sprite)) == set(static.ICONS)
    sources = "".join(path.read_text() for path in (PACKAGE / "templates").rglob("*.html"))
    asked = set(re.findall(r'\bicons?[(\[]"([a-z0-9-]+)"', sources))
    asked |= set(re.findall(r'icon_name="([a-z0-9-]+)"', sources))
    assert asked <= set(static.ICONS)
