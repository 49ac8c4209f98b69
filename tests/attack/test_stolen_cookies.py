"""A cookie that was copied is worth nothing once its session has ended, however that came about."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from quizapp.web.access import Role
from tests.attack.thieves import (
    CHOSEN,
    NEW_PASSWORD,
    Scene,
    assert_worth_nothing,
    assert_worth_something,
    create_scene,
    thief_of,
)
from tests.factories.accounts import PASSWORD, create_user
from tests.reader import Reader


@pytest.fixture
def guest(published: Flask) -> Scene:
    return create_scene(published, Role.GUEST)


def signs_out(scene: Scene) -> None:
    scene.browser.post("/logout")


def ends_this_session_from_elsewhere(scene: Scene) -> None:
    scene.elsewhere().post(f"/account/sessions/{scene.session_id()}/end")


def ends_this_session_itself(scene: Scene) -> None:
    scene.browser.post(f"/account/sessions/{scene.session_id()}/end")


def ends_all_others(scene: Scene) -> None:
    scene.elsewhere().post("/account/sessions/end-others")


def changes_the_password(scene: Scene) -> None:
    said = {"password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_confirm": NEW_PASSWORD}
    scene.browser.post("/change", said)


def uses_the_administrators_link(scene: Scene) -> None:
    Reader(scene.site.test_client()).post(scene.link(), CHOSEN)


def is_signed_out_by_the_administrator(scene: Scene) -> None:
    scene.root.post(f"{scene.admin_page}/end-sessions")


def is_disabled(scene: Scene) -> None:
    scene.root.post(f"{scene.admin_page}/disable")


def is_disabled_and_enabled(scene: Scene) -> None:
    is_disabled(scene)
    scene.root.post(f"{scene.admin_page}/enable")


def gets_another_role(scene: Scene) -> None:
    scene.root.post(f"{scene.admin_page}/change-role", {"role": "learner"})


def erases_the_account(scene: Scene) -> None:
    scene.browser.post("/account/delete", {"password": PASSWORD})


def signs_in_anew(scene: Scene) -> None:
    signs_out(scene)
    scene.browser.get("/login")
    scene.browser.submit("/login", {"email": scene.email, "password": PASSWORD})


ENDINGS = (
    signs_out,
    ends_this_session_from_elsewhere,
    ends_this_session_itself,
    ends_all_others,
    changes_the_password,
    uses_the_administrators_link,
    is_signed_out_by_the_administrator,
    is_disabled,
    is_disabled_and_enabled,
    gets_another_role,
    erases_the_account,
    signs_in_anew,
)


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.__name__)
def test_a_copied_cookie_is_worth_nothing_once_its_owner(
    somebody: Scene, ending: Callable[[Scene], None]
) -> None:
    cookie, token = somebody.cookie(), somebody.browser.token()
    assert_worth_something(somebody, cookie)
    ending(somebody)
    assert_worth_nothing(somebody, cookie, token)


def signs_up(scene: Scene) -> None:
    said = {"email": f"{scene.owner.canary}@example.org", "password": PASSWORD, "password_confirm": PASSWORD}
    scene.browser.post("/register", said)


def signs_in(scene: Scene) -> None:
    create_user(scene.email)
    scene.browser.post("/login", {"email": scene.email, "password": PASSWORD})


def erases_everything(scene: Scene) -> None:
    scene.browser.post("/account/delete", {"word": "delete"})


@pytest.mark.parametrize(
    "ending", [signs_up, signs_in, erases_everything], ids=lambda ending: ending.__name__
)
def test_a_copied_cookie_of_a_guest_is_worth_nothing_once_they(
    guest: Scene, ending: Callable[[Scene], None]
) -> None:
    cookie, token = guest.cookie(), guest.browser.token()
    assert thief_of(guest, cookie).get("/account").status_code == 200
    ending(guest)
    assert_worth_nothing(guest, cookie, token)


def test_what_a_guest_did_is_not_offered_to_the_thief_of_a_cookie_that_has_ended(published: Flask) -> None:
    for email in ("bea@example.org", "thief@example.org"):
        create_user(email)
    bea = Reader(published.test_client())
    bea.get("/study")
    bea.submit("/study/start", {"bank": "sample"})
    bea.submit("/review", {"rating": "3"})
    bea.get("/login")
    assert bea.submit("/login", {"email": "bea@example.org", "password": PASSWORD}).form("/join")
    copied = bea.client.get_cookie("session")
    assert copied is not None
    bea.submit("/logout")
    thief = Reader(published.test_client())
    thief.client.set_cookie("session", copied.value)
    thief.get("/login")
    said = {"email": "thief@example.org", "password": PASSWORD}
    assert "as a guest" not in thief.submit("/login", said).title
    assert "Added" not in thief.post("/join", {"choice": "add"}).text
    bea.get("/login")
    assert bea.submit("/login", {"email": "bea@example.org", "password": PASSWORD}).form("/join")
