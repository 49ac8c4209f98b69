from __future__ import annotations

import io
import threading
import zipfile

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from quizapp import limits
from quizapp.banks.authorship import service as authorship
from quizapp.banks.models import Bank, BankMedium
from quizapp.banks.visibility import Visibility
from quizapp.db import db
from quizapp.jobs import runner
from quizapp.teaching.models import Draft, DraftMedium
from quizapp.web import unit
from quizapp.web.access import Role
from tests.factories.accounts import create_user
from tests.factories.banks import FACTS, bank_yaml, publish
from tests.factories.teaching import archive, create_draft, picture, publish_draft
from tests.reader import Page, Reader, signed_in


def newcomer(app: Flask, email: str, role: Role = Role.INSTRUCTOR) -> tuple[Reader, int]:
    user_id = create_user(email, role=role)
    return signed_in(app.test_client(), email), user_id


@pytest.fixture
def author(app: Flask) -> Reader:
    return newcomer(app, "ines@example.org")[0]


def upload(reader: Reader, data: bytes, name: str = "sample.yaml", *, status: int = 200) -> Page:
    reader.get("/teach/upload")
    return reader.post("/teach/upload", {"file": (io.BytesIO(data), name)}, status=status)  # type: ignore[dict-item]


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_file_is_uploaded_planned_published_and_met(author: Reader) -> None:
    page = upload(author, bank_yaml())
    assert "A new bank: 3 cards and 3 questions." in page.text.replace("\xa0", " ")
    assert "3 new 0 changed 0 retired 0 unchanged" in " ".join(reversed_stats(page))
    done = author.submit("/publish")
    assert "Version 1 is published: 3 new." in done.text
    assert db.session.scalar(select(Bank.title)) == "A sample bank"
    assert "A sample bank" in author.get("/teach").text


def test_who_may_study_a_bank_is_chosen_before_its_first_publication(app: Flask, author: Reader) -> None:
    assert "Open to everyone, guests too, from its first publication" in upload(author, bank_yaml()).text
    author.submit("/publish", {"visibility": "9"}, status=422)
    author.get(f"/teach/drafts/{db.session.scalar(select(Draft.code))}")
    author.submit("/publish", {"visibility": str(int(Visibility.AUTHORS))})
    assert "A sample bank" not in Reader(app.test_client()).get("/").text
    assert "first publication" not in upload(author, bank_yaml(title="Two")).text
    author.submit("/publish")
    unit.end_read()
    assert db.session.scalar(select(Bank.visibility)) == Visibility.AUTHORS


def reversed_stats(page: Page) -> list[str]:
    """Return value and name of each number of a plan; the page has the name first."""
    return [
        f"{stat.dd.get_text(strip=True)} {stat.dt.get_text(strip=True)}" for stat in page.soup.select(".stat")
    ]


def test_all_problems_are_shown_at_once_with_place_excerpt_and_suggestion(author: Reader) -> None:
    broken = bank_yaml(
        FACTS.replace("answer: 15 mg", "anwser: 15 mg").replace("source: label", "source: lable", 1)
    )
    page = upload(author, broken)
    assert page.soup.h1.get_text().replace("\xa0", " ") == "2 errors to correct"
    problems = page.soup.select(".problem.is-error")
    assert len(problems) == 2
    line = broken.decode().split("\n").index("    anwser: 15 mg") + 1
    named = next(one for one in problems if "anwser" in one.select_one("code[dir]").get_text())
    assert f"line {line}, column 5" in named.get_text()
    assert named.mark.get_text() == "a"
    assert named.select_one(".suggestion code").get_text() == "answer"
    assert count(Bank) == 0


def test_problems_come_as_text_with_a_caret(author: Reader) -> None:
    page = upload(author, bank_yaml(FACTS.replace("answer: 15 mg", "anwser: 15 mg")))
    text = author.client.get(f"{page.url}/problems.txt?save=1")
    assert text.headers["Content-Disposition"] == "attachment; filename=problems.txt"
    lines = text.text.split("\n")
    at = next(number for number, line in enumerate(lines) if line.endswith("|     anwser: 15 mg"))
    assert lines[at - 1].startswith("sample.yaml:")
    assert lines[at + 1].index("^") == lines[at].index("anwser")


def test_a_corrected_file_takes_the_place_of_the_broken_one(author: Reader) -> None:
    upload(author, b"format: 1\n")
    assert author.page is not None
    edits = author.page.form("/file").find("input", {"name": "edits"})["value"]
    fields = {"file": (io.BytesIO(bank_yaml()), "better.yaml"), "edits": edits}
    page = author.post(f"{author.page.url}/file", fields)
    assert "Publish version 1" in page.text
    assert count(Draft) == 1
    stale = author.post(f"{page.url}/file", {**fields, "file": (io.BytesIO(b"x"), "x.yaml")})
    assert "in another window" in stale.text


def test_text_is_pasted(author: Reader) -> None:
    author.get("/teach/upload")
    text = bank_yaml().decode().replace("\n", "\r\n")
    page = author.post("/teach/upload", {"text": text})
    assert "Publish version 1" in page.text
    assert db.session.scalar(select(Draft.source)) == bank_yaml()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Choose a file, or paste"),
        (b"\xff\xfet\0", "UTF-16"),
        (b"title: Z\xfcrich", "not UTF-8"),
        (b"PK\3\4", "damaged"),
    ],
)
def test_what_cannot_be_a_bank_is_refused_and_not_kept(author: Reader, data: bytes, said: str) -> None:
    author.get("/teach/upload")
    fields = {"file": (io.BytesIO(data), "x.yaml")} if data else {}
    page = author.post("/teach/upload", fields, status=422)
    assert said in page.text
    assert count(Draft) == 0


def test_a_changed_bank_shows_its_words_side_by_side_and_asks_before_retiring_many(author: Reader) -> None:
    upload(author, bank_yaml())
    author.submit("/publish")
    head, _, _ = FACTS.partition("- id: organ")
    page = upload(author, bank_yaml(head.replace("first daily dose", "first dose")))
    assert "What version 2 would change" in page.text
    assert [mark.get_text(" ", strip=True) for mark in page.soup.select(".diff del")] == ["Removed: daily"]
    refused = author.submit("/publish", status=409)
    assert "Tick this box" in refused.text
    done = author.submit("/publish", {"retire_many": "y"})
    assert "Version 2 is published: 1 changed, 1 retired. 1 note stayed" in done.text.replace("\xa0", " ")


def test_the_current_version_again_leads_to_its_bank_and_begins_no_draft(author: Reader) -> None:
    files = {"bank.yaml": bank_yaml(), "media/a.png": picture()}
    upload(author, archive(files), "bank.zip")
    author.submit("/publish")
    page = upload(author, archive(files), "bank.zip")
    assert "This is version 1 already" in page.text
    assert page.url.endswith("/teach/banks/sample")
    assert count(Draft) == 1


def test_another_form_of_the_current_version_is_called_that(author: Reader) -> None:
    upload(author, bank_yaml())
    author.submit("/publish")
    page = upload(author, b"# reviewed\n" + bank_yaml())
    assert "Only comments or layout differ from version 1" in page.text


def test_an_open_draft_again_leads_to_that_and_is_discarded_from_the_list(app: Flask, author: Reader) -> None:
    page = upload(author, bank_yaml())
    assert upload(author, bank_yaml()).url == page.url
    other, _ = newcomer(app, "otto@example.org")
    assert upload(other, bank_yaml()).url != page.url
    assert count(Draft) == 2
    author.get("/teach")
    author.submit("/discard")
    unit.end_read()
    assert count(Draft) == 1


def test_publishing_twice_makes_one_version(author: Reader) -> None:
    page = upload(author, bank_yaml())
    author.submit("/publish", page=page)
    again = author.submit("/publish", page=page)
    assert "This draft became version 1" in again.text
    assert db.session.scalar(select(Bank.version)) == 1


def test_a_bank_that_moved_on_is_not_overwritten_unseen(author: Reader) -> None:
    first, second = upload(author, bank_yaml(title="One")), upload(author, bank_yaml(title="Two"))
    author.submit("/publish", page=first)
    moved = author.submit("/publish", page=second)
    assert "got another version meanwhile" in moved.text
    assert "Publish version 2" in moved.text
    assert db.session.scalar(select(Bank.title)) == "One"


def test_a_plan_says_who_published_since_and_wants_a_tick(app: Flask) -> None:
    reader, user_id = newcomer(app, "ines@example.org")
    publish_draft(user_id, bank_yaml())
    bank_id = db.session.scalar(select(Bank.id))
    draft = create_draft(user_id, bank_yaml(title="Mine"), bank_id=bank_id, based_on=1)
    publish_draft(user_id, bank_yaml(title="Theirs"))
    page = reader.get(f"/teach/drafts/{draft.code}")
    assert "Version 2 was published since by ines@example.org (" in page.text
    assert "publishing this would undo its changes" in page.text
    assert "Tick this box" in reader.submit("/publish", status=409).text
    assert "Version 3 is published" in reader.submit("/publish", {"undo_newer": "y"}).text


def test_a_zip_brings_pictures_which_are_seen_before_and_after(author: Reader) -> None:
    content = picture()
    note = FACTS.partition("- id: start")[0] + "  image: media/a b.png\n  alt: A receptor\n"
    page = upload(author, archive({"bank.yaml": bank_yaml(note), "media/a b.png": content}), "bank.zip")
    code = page.url.rpartition("/")[2]
    seen = author.client.get(f"/teach/drafts/{code}/media/a%20b.png")
    assert (seen.data, seen.mimetype) == (content, "image/png")
    assert seen.headers["Content-Security-Policy"].startswith("sandbox")
    assert author.client.get(f"/teach/drafts/{code}/media/c.png").status_code == 404
    author.submit("/publish", page=page)
    assert count(BankMedium) == 1


def test_a_bank_of_somebody_else_cannot_be_published(app: Flask, author: Reader) -> None:
    publish(shipped=True)
    page = upload(author, bank_yaml(FACTS.replace("- id: organ", "- id: liver"), title="Mine"))
    assert page.soup.h1.get_text() == "The id sample is taken: choose another"
    for told in ("A sample bank", "version", "learners", "unchanged", "organ"):
        assert told not in page.soup.main.get_text()
    assert not page.soup.select(".diff, .stat")
    code = page.url.rpartition("/")[2]
    author.post(f"/teach/drafts/{code}/publish", {"edits": "0", "version": "2"}, status=403)
    administrator, _ = newcomer(app, "root@example.org", Role.ADMINISTRATOR)
    assert "Publish version 2" in upload(administrator, bank_yaml(title="Ours")).text


def test_who_was_removed_as_co_author_sees_nothing_of_the_bank_in_an_old_draft(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, owner = newcomer(app, "olga@example.org")
    removed, user_id = newcomer(app, "otto@example.org")
    publish_draft(owner, bank_yaml())
    bank_id = db.session.scalar(select(Bank.id))
    assert bank_id is not None
    unit.run(lambda: authorship.add_author(bank_id, "otto@example.org"))
    source = bank_yaml(FACTS.replace("first daily dose", "first dose"), title="Old")
    drafts = [create_draft(user_id, source, bank_id=bank_id, based_on=1) for _ in range(2)]
    address = f"/teach/drafts/{drafts[0].code}"
    monkeypatch.setattr("quizapp.limits.CHECKED_AT_ONCE_NOTES", 2)
    removed.get(address)
    removed.submit("/check")
    work(app)
    assert "begun from version 1" in removed.get(address).text
    unit.run(lambda: authorship.remove_author(bank_id, user_id))
    publish_draft(owner, bank_yaml(title="Secret"))
    for notes in (2, 2000):
        monkeypatch.setattr("quizapp.limits.CHECKED_AT_ONCE_NOTES", notes)
        for path in (address, f"{address}/problems", "/teach"):
            main = removed.get(path).soup.main.get_text()
            assert "Secret" not in main
            assert "version 1" not in main
            assert "version 2" not in main
        assert removed.get(address).soup.h1.get_text() == "The id sample is taken: choose another"
    monkeypatch.setattr("quizapp.limits.CHECKED_AT_ONCE_NOTES", 2)
    removed.get(f"/teach/drafts/{drafts[1].code}")
    job = removed.submit("/check").url
    work(app)
    assert "The id sample is taken: choose another." in removed.get(job).text


def test_drafts_of_others_are_not_there(app: Flask, author: Reader) -> None:
    other, _ = newcomer(app, "otto@example.org")
    page = upload(other, bank_yaml())
    for path in ("", "/problems", "/problems.txt", "/file", "/preview/start", "/media/a.png"):
        assert author.client.get(page.url + path).status_code == 404
    author.get("/teach")
    for path in ("/publish", "/discard", "/check", "/file"):
        author.post(page.url + path, {"edits": "0", "version": "1"}, status=404)
    assert count(Draft) == 1


def test_a_draft_is_discarded(author: Reader) -> None:
    upload(author, bank_yaml())
    assert "is discarded" in author.submit("/discard").text
    assert count(Draft) == 0


def test_the_file_comes_back_byte_for_byte(author: Reader) -> None:
    source = b"\xef\xbb\xbf# a comment\r\n" + bank_yaml()
    page = upload(author, source)
    answer = author.client.get(f"{page.url}/file")
    assert (answer.data, answer.mimetype) == (source, "application/yaml")
    files = {"bank.yaml": bank_yaml(), "media/a.png": picture()}
    page = upload(author, archive(files), "mine.zip")
    with zipfile.ZipFile(io.BytesIO(author.client.get(f"{page.url}/file").data)) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == files


def test_the_list_of_drafts_keeps_its_count_of_statements(app: Flask, statements: list[str]) -> None:
    reader, user_id = newcomer(app, "ines@example.org")
    counts = []
    for _ in range(2):
        create_draft(user_id)
        statements.clear()
        reader.get("/teach")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_large_package_is_let_in_here_and_nowhere_else(author: Reader) -> None:
    padded = picture() + bytes(4 * limits.MIB)
    files = {"bank.yaml": bank_yaml(), **{f"media/{name}.png": padded + name.encode() for name in "abc"}}
    data = archive(files, method=zipfile.ZIP_STORED)
    assert len(data) > limits.REQUEST_BYTES
    author.get("/teach/upload")
    boundary, body = encode_multipart(
        {"csrf_token": author.token(), "file": FileStorage(io.BytesIO(data), "bank.zip")}
    )
    kind = f"multipart/form-data; boundary={boundary}"
    assert author.client.post("/teach/upload", data=body, content_type=kind).status_code == 303
    assert count(DraftMedium) == 3
    assert author.client.post("/study/start", data=body, content_type=kind).status_code == 413


def test_too_long_a_text_is_refused_in_a_sentence(author: Reader) -> None:
    author.get("/teach/upload")
    page = author.post("/teach/upload", {"text": "x" * (limits.FORM_FIELD_BYTES + 1)}, status=413)
    assert "too large" in page.text


def test_a_large_draft_is_checked_and_published_by_jobs(
    app: Flask, author: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizapp.limits.CHECKED_AT_ONCE_NOTES", 2)
    assert "Check sample.yaml" in upload(author, bank_yaml()).title
    draft = f"/teach/drafts/{db.session.scalar(select(Draft.code))}"
    assert "Not checked yet" in author.get(draft).text
    assert author.client.get(f"{draft}/problems.txt").status_code == 404
    assert "Check sample.yaml" in author.submit("/check").title
    work(app)
    assert "Publish version 1" in author.get(draft).text
    assert "Publish sample.yaml" in author.submit("/publish").title
    assert count(Bank) == 0
    work(app)
    assert "This draft became version 1" in author.get(draft).text


def work(app: Flask) -> None:
    """Do every job that waits, as the runner does."""
    unit.end_read()  # what the test read before does not hide them
    while runner.run_next(app.extensions["job_kinds"], stop=threading.Event(), context=app.app_context):
        pass


def test_learners_have_no_business_here(app: Flask) -> None:
    learner, _ = newcomer(app, "ana@example.org", Role.LEARNER)
    for path in ("/teach", "/teach/upload"):
        learner.get(path, status=403)
    assert "/teach" not in learner.get("/").links()
    assert "Sign in" in Reader(app.test_client()).get("/teach").text


def test_a_plan_tells_what_changes_beside_the_notes(author: Reader) -> None:
    upload(author, bank_yaml())
    author.submit("/publish")
    page = upload(author, bank_yaml(title="Another bank", notice="Ask somebody."))
    told = page.soup.find("section", {"aria-labelledby": "settings"})
    assert told is not None
    assert [field.get_text(strip=True) for field in told.find_all("h3")] == ["Title", "Notice"]
    assert [word.get_text(" ", strip=True) for word in told.find_all("del")] == ["Removed: A sample"]
    assert "Edit settings" in page.text
    done = author.submit("/publish").text.replace("\xa0", " ")
    assert "Version 2 is published: settings changed (title, notice). 3 notes stayed as before." in done
    upload(author, bank_yaml(title="Another bank", notice="Ask somebody.") + b"# the end\n")
    assert "Version 3 is published: only comments or layout changed." in author.submit("/publish").text


def test_a_draft_is_listed_by_its_title_and_when_it_was_begun(author: Reader) -> None:
    upload(author, bank_yaml(title="Anticoagulants"), "a.yaml")
    upload(author, b"format: [", "bad.yaml")
    listed = author.get("/teach").soup.select("section[aria-labelledby=drafts] .row")
    assert {row.select_one(".row-title").get_text(strip=True) for row in listed} == {
        "Anticoagulants",
        "bad.yaml",
    }
    assert all("begun" in row.get_text() for row in listed)
