"""Codes, banks, jobs, storage and health, and who may not see them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from quizapp import limits
from quizapp.accounts.models import RegistrationCode
from quizapp.banks.authorship import service as authorship
from quizapp.db import db
from quizapp.jobs import service as jobs_service
from quizapp.jobs.states import State
from quizapp.limits import MIB
from quizapp.teaching.models import Draft, DraftMedium
from quizapp.web import unit
from quizapp.web.access import Role, access_of
from quizapp.web.clock import now
from tests.administration.conftest import SignIn
from tests.factories import banks
from tests.factories.accounts import PASSWORD, create_user
from tests.factories.jobs import create_job, job, take
from tests.reader import Page, Reader, signed_in

PAGES = ["/admin", "/admin/users", "/admin/codes", "/admin/banks", "/admin/jobs", "/admin/storage"]


def said(page: Page) -> str:
    return page.text.replace("\N{NO-BREAK SPACE}", " ")


def test_administration_is_for_administrators_alone(app: Flask, sign_in: SignIn) -> None:
    create_user("ina@example.org", role=Role.INSTRUCTOR)
    instructor = sign_in("ina@example.org")
    for page in PAGES:
        instructor.get(page, status=403)
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/admin")]
    assert {access_of(app, rule.endpoint) for rule in rules} == {Role.ADMINISTRATOR}


def test_health_tells_the_database_and_what_needs_attention(admin: Reader) -> None:
    text = said(admin.get("/admin"))
    engine, backup = {
        "sqlite": ("SQLite 3.", "No backup was ever made."),
        "postgresql": ("PostgreSQL 18.", ""),
    }[db.engine.dialect.name]
    assert engine in text
    assert backup in text
    assert re.search(r"\d{4} \(the newest\)", text)
    assert "Anybody may register, and the site answers to any host name." in text
    assert "Jobs wait" not in text


def test_codes_are_explained_where_registration_asks_for_none(admin: Reader) -> None:
    assert "Anybody may create an account here, without a code." in admin.get("/admin/codes").text
    admin.post("/admin/codes", {"code": "spring", "uses": "5"}, status=422)
    assert db.session.get(RegistrationCode, "spring") is None


def test_a_code_is_made_used_and_revoked(make_app: Callable[..., Flask]) -> None:
    app = make_app(registration="code")
    with app.app_context():
        create_user("root@example.org", role=Role.ADMINISTRATOR)
        admin = signed_in(app.test_client(), "root@example.org")
        assert "There is no code now" in admin.get("/admin/codes").text
        page = admin.submit("/admin/codes", {"code": "two words", "uses": "0"}, status=422)
        assert "without spaces" in page.text
        assert "Choose a number from 1 to 100,000." in page.text
        page = admin.submit("/admin/codes", {"code": "spring", "uses": "2", "days": "30"})
        assert "2 people may still sign up with it" in said(page)
        person = {"email": "ana@example.org", "password": PASSWORD, "password_confirm": PASSWORD}
        ana = Reader(app.test_client())
        ana.get("/register")
        ana.submit("/register", person | {"code": "spring"})
        assert "1 person may still sign up with it" in said(admin.get("/admin/codes"))
        admin.submit("/admin/codes/revoke")
        bea = Reader(app.test_client())
        bea.get("/register")
        bea.submit("/register", person | {"email": "bea@example.org", "code": "spring"}, status=422)
        random = admin.submit("/admin/codes", {"code": "", "uses": "1"})
        assert random.soup.select_one(".row-title").get_text().isalnum()


def test_all_banks_are_listed_with_owner_size_and_whether_they_are_archived(admin: Reader) -> None:
    banks.publish(shipped=True)
    create_user(role=Role.INSTRUCTOR)
    unit.run(lambda: authorship.archive(1, now=now()))
    assert "A sample bank archived the site" in said(admin.get("/admin/banks"))
    unit.run(lambda: authorship.unarchive(1))
    unit.run(lambda: authorship.hand_over(1, "ana@example.org"))
    page = admin.get("/admin/banks")
    row = [cell.get_text(" ", strip=True) for cell in page.soup.select("tbody tr :is(th, td)")]
    assert row[:4] == ["A sample bank", "ana@example.org", "everyone", "1"]
    assert row[4:7] == ["3", "3", "3"]
    assert row[7].endswith("KiB")


def test_jobs_are_filtered_cancelled_and_tried_again(admin: Reader) -> None:
    ana = create_user()
    failed, waiting = create_job(user_id=ana, title="Publish A"), create_job(title="Publish B")
    taken = take()
    unit.run(lambda: jobs_service.finish(taken, State.FAILED, message="The draft is gone.", now=now()))
    text = admin.get("/admin/jobs").text
    assert "Publish A" in text
    assert "The draft is gone." in text
    assert "ana@example.org" in text
    assert "Publish B" not in admin.get("/admin/jobs?state=failed").text
    admin.submit(f"/jobs/{failed}/retry")
    admin.get("/admin/jobs?state=waiting")
    admin.submit(f"/jobs/{waiting}/cancel")
    assert (job(failed).state, job(waiting).state) == (State.WAITING, State.CANCELLED)
    assert "No such job" in admin.get("/admin/jobs?state=done").text


def test_storage_is_told_by_author_against_what_is_allowed(admin: Reader) -> None:
    ana, at = create_user(), now()

    def write() -> None:
        for code, published_at in (("a" * 22, None), ("b" * 22, at)):
            draft = Draft(
                code=code,
                user_id=ana,
                name="b.yaml",
                source=b"x" * 2048,
                created_at=at,
                changed_at=at,
                published_at=published_at,
            )
            db.session.add(draft)
            db.session.flush()
            db.session.add(DraftMedium(draft_id=draft.id, path="p.png", content=b"y" * 5 * MIB))

    unit.run(write)
    page = admin.get("/admin/storage")
    [row] = page.soup.select("tbody tr")
    told = [
        cell.get_text(" ", strip=True).replace("\N{NO-BREAK SPACE}", " ") for cell in row.select("th, td")
    ]
    assert told[:4] == ["ana@example.org", "1", "4.0 KiB", "10 MiB"]
    assert float(row.select_one("progress")["value"]) == 10 * MIB / limits.MEDIA_PER_AUTHOR_BYTES


@pytest.mark.parametrize("page", ["/admin/banks", "/admin/jobs", "/admin/storage"])
def test_lists_cost_the_same_however_long(admin: Reader, statements: list[str], page: str) -> None:
    costs = []
    for many in (1, 4):
        for number in range(many):
            banks.publish(bank=f"bank-{many}-{number}")
            create_job()
        statements.clear()
        admin.get(page)
        costs.append(len(statements))
    assert costs[0] == costs[1]
