"""The names that the site answers to, as Werkzeug compares them with what a browser asks for."""

from __future__ import annotations

from collections.abc import Iterable


class _Address(str):
    """An IPv6 address in brackets, which Werkzeug would cut at its first colon as if a port began there."""

    def partition(self, sep: str, /) -> tuple[str, str, str]:
        return str(self), "", ""


def trusted(hosts: Iterable[str]) -> list[str] | None:
    """Return `TRUSTED_HOSTS` for these names and addresses, None for any."""
    return [_Address(host) if host.startswith("[") else host for host in hosts] or None
