"""A bank as its authors run it: versions, who may study it, who may change it, and what they see of learners."""

from __future__ import annotations

import io
import re
import zipfile
from urllib.parse import urlsplit

import pytest
from flask import Flask

from quizapp.banks.authorship import queries as authorship
from quizapp.banks.authorship.queries import EditableBank
from quizapp.banks.visibility import Visibility
from quizapp.db import db
from quizapp.teaching.drafts import queries as drafts
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.web.access import Role
from tests.factories import banks, quizzes, reports, study
from tests.factories.accounts import create_user, learner_of
from tests.factories.banks import FACTS, bank_yaml
from tests.factories.memory import MORNING
from tests.factories.teaching import picture
from tests.reader import Page, Reader, signed_in

PICTURED = f"{FACTS.rstrip()}\n  image: media/organ.png\n  alt: An organ\n"
OTHER = FACTS.replace("15 mg", "10 mg").replace("id: organ", "id: kidney")
BANK = "/teach/banks/sample"


@pytest.fixture
def ira(app: Flask) -> int:
    user_id = create_user("ira@example.org", role=Role.INSTRUCTOR)
    banks.publish(PICTURED, media={"media/organ.png": picture()}, author_id=user_id)
    banks.publish(OTHER, author_id=user_id)
    return user_id


@pytest.fixture
def reader(app: Flask, ira: int) -> Reader:
    return signed_in(app.test_client(), "ira@example.org")


def found(user_id: int) -> EditableBank:
    db.session.rollback()
    return authorship.editable_bank(user_id, False, "sample")


def draft_of(user_id: int, page: Page) -> DraftRow:
    db.session.rollback()
    code = re.search(r"/teach/drafts/([\w-]{22})", page.url)
    assert code, page.url
    return drafts.draft_for(user_id, False, code.group(1))


def test_versions_are_listed_newest_first_with_what_each_changed(reader: Reader) -> None:
    rows = reader.get(BANK).soup.select("table tbody tr")
    cells = [[" ".join(cell.get_text(" ").split()) for cell in row.select("td")] for row in rows]
    assert [line[0].split(" : ")[0] for line in cells] == ["Version 2", "Version 1"]
    assert cells[0][2:7] == ["ira@example.org", "3", "1", "1", "1"]
    assert cells[1][2:7] == ["ira@example.org", "3", "3", "0", "0"]


def test_a_version_is_downloaded_byte_for_byte(reader: Reader) -> None:
    sent = reader.client.get(f"{BANK}/versions/1/bank.yaml")
    assert sent.data == bank_yaml(PICTURED)
    assert sent.headers["Content-Disposition"] == "attachment; filename=sample-version-1.yaml"
    assert (sent.mimetype, sent.headers["X-Content-Type-Options"]) == ("application/yaml", "nosniff")
    sent.close()
    with reader.client.get(f"{BANK}/versions/1/bank.zip") as sent:
        archive = zipfile.ZipFile(io.BytesIO(sent.data))
    assert archive.read("bank.yaml") == bank_yaml(PICTURED)
    assert archive.read("media/organ.png") == picture()
    links = reader.get(BANK).links()
    assert f"{BANK}/versions/1/bank.zip" in links
    assert f"{BANK}/versions/2/bank.zip" not in links  # it has no pictures


def test_two_versions_are_compared_note_by_note(reader: Reader) -> None:
    page = reader.get(f"{BANK}/compare")
    assert "From version 1 to version 2: 1 new, 1 changed, 1 retired, 1 unchanged." in page.text
    assert [tag.get_text().split()[-1] for tag in page.soup.select("#changed ~ ul del")] == ["15"]
    assert [tag.get_text().split()[-1] for tag in page.soup.select("#changed ~ ul ins")] == ["10"]
    back = reader.submit("/compare", {"before": "2", "after": "1"})
    assert "From version 2 to version 1: 1 new, 1 changed, 1 retired, 1 unchanged." in back.text


def test_an_earlier_version_is_restored_through_a_draft_and_its_plan(reader: Reader, ira: int) -> None:
    reader.get(BANK)
    page = reader.submit("/versions/1/draft")
    draft = draft_of(ira, page)
    assert draft.source == bank_yaml(PICTURED)
    assert drafts.draft_media(draft.id) == {"media/organ.png": picture()}
    assert draft.based_on == 1
    assert "Publish version 3" in page.text
    assert "This restores version 1" in page.text
    page = reader.submit("/publish", status=409)
    assert "Tick this box" in page.text
    reader.submit(
        "/publish", {"undo_newer": "y"}
    )  # that the note which only version 2 has goes is said with this
    assert found(ira).version == 3
    with reader.client.get(f"{BANK}/versions/3/bank.yaml") as sent:
        assert sent.data == bank_yaml(PICTURED)
    assert reader.client.get(f"{BANK}/versions/3/bank.zip").status_code == 200


def test_the_current_version_is_edited_in_a_draft(reader: Reader, ira: int) -> None:
    reader.get(BANK)
    assert draft_of(ira, reader.submit("/versions/2/draft")).based_on == 2
    assert "sample-version-2.yaml" in reader.get(BANK).text


def test_editing_again_goes_on_with_the_same_draft(reader: Reader) -> None:
    reader.get("/teach/banks/sample")
    first = reader.submit("/draft")
    reader.get("/teach/banks/sample")
    again = reader.submit("/draft")
    assert again.url == first.url


def test_the_owner_chooses_who_may_study_it(app: Flask, reader: Reader, ira: int) -> None:
    page = reader.get(BANK)
    assert page.soup.select_one("input[name=visibility][checked]")["value"] == str(int(Visibility.EVERYONE))
    reader.submit("/visibility", {"visibility": str(int(Visibility.AUTHORS))})
    assert found(ira).visibility is Visibility.AUTHORS
    assert app.test_client().get("/banks/sample").status_code == 404
    reader.submit("/visibility", {"visibility": "7"}, status=422)
    assert found(ira).visibility is Visibility.AUTHORS


def test_an_archived_bank_says_so_and_comes_back(app: Flask, reader: Reader, ira: int) -> None:
    reader.get(BANK)
    assert "archived, offered to nobody" in reader.submit("/archive").text
    assert app.test_client().get("/banks/sample").status_code == 404
    reader.submit("/unarchive")
    assert app.test_client().get("/banks/sample").status_code == 200


def test_a_bank_passes_from_hand_to_hand(app: Flask, reader: Reader, ira: int) -> None:
    create_user("max@example.org", role=Role.INSTRUCTOR)
    reader.get(BANK)
    page = reader.submit("/authors", {"add-email": "nobody@example.org"}, status=422)
    assert "No instructor has this address." in page.text
    assert (
        "max@example.org may change this bank now."
        in reader.submit("/authors", {"add-email": "max@example.org"}).text
    )
    max_ = signed_in(app.test_client(), "max@example.org")
    page = max_.get(BANK)
    assert not page.soup.select(
        "form[action$='/owner'], form[action$='/archive'], form[action$='/visibility']"
    )
    for refused in ("archive", "unarchive", "visibility", "owner", "authors", f"authors/{ira}/remove"):
        assert max_.post(f"{BANK}/{refused}", status=403)
    assert (
        "This bank belongs to max@example.org now."
        in reader.submit("/owner", {"give-email": "max@example.org"}).text
    )
    assert "You are no longer an author of A sample bank." in reader.submit(f"/authors/{ira}/remove").text
    reader.get(BANK, status=404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("get", "/compare"),
        ("get", "/versions/1/bank.yaml"),
        ("get", "/versions/1/bank.zip"),
        ("post", "/versions/1/draft"),
        ("post", "/visibility"),
        ("post", "/authors"),
        ("post", "/authors/1/remove"),
        ("post", "/owner"),
        ("post", "/archive"),
        ("post", "/unarchive"),
    ],
)
def test_the_bank_of_somebody_else_is_not_there(app: Flask, ira: int, method: str, path: str) -> None:
    create_user("ivo@example.org", role=Role.INSTRUCTOR)
    create_user("lea@example.org")
    for email, status in (("ivo@example.org", 404), ("lea@example.org", 403)):
        other = signed_in(app.test_client(), email)
        fields = {"data": {"csrf_token": other.token()}} if method == "post" else {}
        assert getattr(other.client, method)(f"{BANK}{path}", **fields).status_code == status
    assert not found(ira).archived


def test_a_version_that_never_was_is_not_there(reader: Reader) -> None:
    assert reader.client.get(f"{BANK}/versions/9/bank.yaml").status_code == 404
    assert reader.client.get(f"{BANK}/versions/9/bank.zip").status_code == 404
    reader.post(f"{BANK}/versions/9/draft", status=404)


def test_a_bank_page_costs_the_same_with_many_versions(
    reader: Reader, ira: int, statements: list[str]
) -> None:
    def cost() -> int:
        statements.clear()
        reader.get(BANK)
        return len(statements)

    few = cost()
    for dose in range(20, 26):
        banks.publish(FACTS.replace("15 mg", f"{dose} mg"), author_id=ira)
    db.session.rollback()
    assert cost() == few <= 10


def test_instructors_see_of_learners_what_help_says_and_nothing_else(
    app: Flask, reader: Reader, ira: int
) -> None:
    """No page of teaching names a learner: not by address, not by id, whatever they studied, took or reported."""
    lea = learner_of(create_user("lea.marker@example.org"))
    card_ids = study.cards_of("sample")
    study.know(lea, card_ids[:1], now=MORNING)
    quizzes.answer_all(lea, quizzes.start(lea, banks=("sample",)))
    reports.report_card(lea, card_ids[0], "A word about this card.")
    assert "What instructors see of learners" in reader.get("/help").text
    reader.get(BANK)
    plan = reader.submit("/versions/1/draft")
    assert "1 learner" in plan.text.replace("\N{NO-BREAK SPACE}", " ")
    pages = visited(reader, ["/teach", BANK, f"{BANK}/reports", "/teach/reports", f"{BANK}/reports/receptor"])
    assert plan.url in pages
    assert "A word about this card." in pages[f"{BANK}/reports/receptor"]
    for url, text in pages.items():
        assert "lea.marker" not in text, url
        assert "example.org" not in text.replace("ira@example.org", ""), url


def visited(reader: Reader, urls: list[str]) -> dict[str, str]:
    """Return what these pages hold, and every page and file of teaching that they lead to."""
    pages: dict[str, str] = {}
    while urls:
        url = urls.pop()
        if url in pages:
            continue
        response = reader.client.get(url)
        assert response.status_code == 200, url
        pages[url] = response.get_data().decode(errors="replace")
        response.close()
        if response.mimetype == "text/html":
            links = {
                urlsplit(link).path for link in Page(response).links()
            }  # a preview has a link to other seeds
            urls += [link for link in sorted(links) if link.startswith("/teach")]
    return pages
