"""Who may call which address, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.web.access import Role

ROLES = {
    Role.VISITOR: ("Everybody", "without an account, too"),
    Role.GUEST: ("Guests", "who began without an account, and everybody below"),
    Role.LEARNER: ("Learners", "who are signed in, and everybody below"),
    Role.INSTRUCTOR: ("Instructors", "and administrators"),
    Role.ADMINISTRATOR: ("Administrators", "and nobody else"),
}
_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Route:
    """An address as Flask has it, the lowest role that may call it, and what it does."""

    rule: str
    methods: frozenset[str]
    role: Role
    does: str

    @property
    def address(self) -> str:
        """The address with what varies in words: "/study/…sitting id…/summary"."""
        return _ARGUMENT.sub(lambda match: f"…{match[1].replace('_', ' ')}…", self.rule)

    @property
    def method(self) -> str:
        """What a browser does with it: open a page, send a form, or both."""
        sends, opens = "POST" in self.methods, "GET" in self.methods
        return "open, send" if sends and opens else "send" if sends else "open"


def routes_by_role(routes: Iterable[Route]) -> list[tuple[str, str, list[Route]]]:
    """Return (role, who that is, its routes by address) from the lowest role to the highest."""
    ordered = sorted(routes, key=lambda route: (route.rule, route.method))
    return [(*ROLES[role], [route for route in ordered if route.role is role]) for role in Role]
