"""The guide must show every note type, and only what really works."""

from __future__ import annotations

from flask.testing import FlaskClient

from quizapp.banks.check import check
from quizapp.banks.notes import NOTE_TYPES
from quizapp.home.guide.examples import BANK, examples
from tests.reader import Reader


def test_the_example_of_every_note_type_is_sound_and_gives_something() -> None:
    found = examples()
    assert [example.kind for example in found] == list(NOTE_TYPES)
    assert all(example.fronts or example.stems for example in found)


def test_the_bank_shown_whole_has_no_errors() -> None:
    assert check(BANK.encode(), file="bank.yaml").bank is not None


def test_the_guide_explains_every_note_type_with_its_example(client: FlaskClient) -> None:
    page = Reader(client).get("/help/banks")
    for name, kind in NOTE_TYPES.items():
        heading = page.soup.find(id=name)
        assert heading is not None, name
        section = heading.find_parent("section")
        assert section is not None
        assert section.find("pre").get_text().strip() == kind.example.strip()
        assert len(section.find("p").get_text()) > 20
        assert section.find_all("dt"), f"the fields of {name} are not explained"
