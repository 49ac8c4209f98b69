"""Addresses and roles in words."""

from __future__ import annotations

from quizapp.home.roles.table import Route, routes_by_role
from quizapp.web.access import Role


def test_an_address_tells_what_varies_in_words() -> None:
    rule = "/study/<int(max=2147483647):sitting_id>/cards/<string(maxlength=64):key>/<code>"
    route = Route(rule, frozenset({"GET"}), Role.GUEST, "Show it.")
    assert route.address == "/study/…sitting id…/cards/…key…/…code…"


def test_a_method_is_what_a_browser_does() -> None:
    told = {
        methods: Route("/", frozenset(methods), Role.GUEST, "").method
        for methods in (("GET", "HEAD", "OPTIONS"), ("POST", "OPTIONS"), ("GET", "POST"))
    }
    assert list(told.values()) == ["open", "send", "open, send"]


def test_every_role_has_its_place_from_the_lowest_to_the_highest() -> None:
    routes = [
        Route(rule, frozenset({"GET"}), Role(role), "") for rule, role in (("/b", 3), ("/a", 3), ("/c", 0))
    ]
    found = [[route.rule for route in of_role] for _, _, of_role in routes_by_role(routes)]
    assert found == [["/c"], [], [], ["/a", "/b"], []]
