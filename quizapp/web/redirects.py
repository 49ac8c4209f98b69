"""Where to go next, when the browser says so: only to a page of our own."""

from __future__ import annotations

import re

_OWN_PAGE = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")  # printable ASCII without a backslash


def own_page(target: str | None, *, default: str = "/") -> str:
    """Return `target` if it is the address of a page of ours, else `default`."""
    return target if target and _OWN_PAGE.fullmatch(target) else default
