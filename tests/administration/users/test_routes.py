"""What an administrator does about people, as the people then find it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask

from quizapp.accounts import queries
from quizapp.accounts.models import User
from quizapp.db import db
from quizapp.web.access import Role
from tests.administration.conftest import SignIn
from tests.factories.accounts import PASSWORD, create_user
from tests.reader import Page, Reader


def is_in(person: Reader) -> bool:
    return person.client.get("/change").status_code == 200


def emails(page: Page) -> list[str]:
    return [link.get_text() for link in page.soup.select("tbody th a")]


def stored(user_id: int) -> User:
    db.session.rollback()
    db.session.expire_all()
    user = queries.user_by_id(user_id)
    assert user is not None
    return user


def test_users_are_found_by_a_part_of_their_address_and_by_role(admin: Reader) -> None:
    create_user("ana@example.org")
    create_user("ana_b@school.test", role=Role.INSTRUCTOR)
    everybody = ["ana@example.org", "ana_b@school.test", "root@example.org"]
    assert emails(admin.get("/admin/users")) == everybody
    assert emails(admin.get("/admin/users?q=ANA")) == everybody[:2]
    assert emails(admin.get("/admin/users?q=a_b")) == ["ana_b@school.test"]  # no wildcard
    assert emails(admin.get("/admin/users?q=%25")) == []
    assert emails(admin.get("/admin/users?role=instructor")) == ["ana_b@school.test"]
    assert emails(admin.get("/admin/users?role=nonsense&page=x")) == everybody
    assert "Nobody found" in admin.get("/admin/users?q=zoe").text


def test_a_new_role_counts_at_once_and_ends_the_sessions(admin: Reader, sign_in: SignIn) -> None:
    user_id, ana = create_user(), sign_in()
    page = admin.get(f"/admin/users/{user_id}")
    assert "in 1 browser" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    page = admin.submit("/change-role", {"role": "instructor"})
    assert "ana@example.org: instructor now, and signed out." in page.text
    assert not is_in(ana)
    assert stored(user_id).role == Role.INSTRUCTOR
    admin.submit("/change-role", {"role": "guest"}, status=422)
    assert stored(user_id).role == Role.INSTRUCTOR


def test_a_disabled_user_is_out_until_enabled(admin: Reader, app: Flask, sign_in: SignIn) -> None:
    user_id, ana = create_user(), sign_in()
    admin.get(f"/admin/users/{user_id}")
    assert "disabled, and signed out." in admin.submit("/disable").text
    assert not is_in(ana)
    ana.get("/login")
    ana.submit("/login", {"email": "ana@example.org", "password": PASSWORD}, status=422)
    admin.post(f"/admin/users/{user_id}/reset-link", status=409)
    admin.get(f"/admin/users/{user_id}")
    admin.submit("/enable")
    assert is_in(sign_in())


def test_a_reset_link_is_shown_once_and_sets_a_password(admin: Reader, app: Flask) -> None:
    user_id = create_user()
    admin.get(f"/admin/users/{user_id}")
    first = admin.submit("/reset-link").soup.find("input", id="link")["value"]
    second = admin.submit("/reset-link").soup.find("input", id="link")["value"]
    assert admin.get(f"/admin/users/{user_id}").soup.find("input", id="link") is None
    ana = Reader(app.test_client())
    ana.get(urlsplit(first).path, status=404)  # the later link has ended it
    ana.get(urlsplit(second).path)
    ana.submit(
        urlsplit(second).path, {"password": "nine green ducks", "password_confirm": "nine green ducks"}
    )
    assert is_in(ana)


def test_sessions_are_ended_everywhere(admin: Reader, sign_in: SignIn) -> None:
    user_id = create_user()
    browsers = [sign_in(), sign_in()]
    admin.get(f"/admin/users/{user_id}")
    admin.submit("/end-sessions")
    assert [is_in(browser) for browser in browsers] == [False, False]
    assert is_in(sign_in())


def test_the_only_administrator_stays_one(admin: Reader, root: int) -> None:
    admin.get(f"/admin/users/{root}")
    alone = admin.page
    page = admin.submit("/change-role", {"role": "learner"}, status=409)
    assert "This is the only administrator." in page.text
    admin.submit("/disable", page=alone, status=409)
    disabled = create_user("gone@example.org", role=Role.ADMINISTRATOR)
    admin.post(f"/admin/users/{disabled}/disable")
    admin.submit("/change-role", {"role": "learner"}, page=alone, status=409)
    assert (stored(root).role, stored(root).active) == (Role.ADMINISTRATOR, True)
    create_user("second@example.org", role=Role.ADMINISTRATOR)
    admin.post(f"/admin/users/{root}/change-role", {"role": "learner"})
    assert stored(root).role == Role.LEARNER
    assert admin.client.get("/admin").status_code == 302  # signed out, and no longer let in


@pytest.mark.parametrize("deed", ["change-role", "disable", "enable", "reset-link", "end-sessions"])
def test_nobody_does_anything_to_a_user_who_is_not_there(admin: Reader, deed: str) -> None:
    admin.post(f"/admin/users/999/{deed}", {"role": "learner"}, status=404)


def test_the_list_costs_the_same_however_long(admin: Reader, statements: list[str]) -> None:
    costs = []
    for number in range(30):
        if number in (1, 29):
            statements.clear()
            admin.get("/admin/users")
            costs.append(len(statements))
        create_user(f"u{number}@example.org")
    assert costs[0] == costs[1]
