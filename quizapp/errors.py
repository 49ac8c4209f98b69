"""The four kinds of error a use case may raise; `web/errors.py` alone maps them to HTTP.

A message is one sentence for the person who can act on it. Packages derive their own kinds beside the code that
raises them. A programmer's mistake stays a `ValueError` or an assertion, and is a 500.
"""

from __future__ import annotations


class AppError(Exception):
    """Base of every error that a person may see; `message` is a sentence, `code` a stable word for machines."""

    code = "error"
    remedy = ""  # what to do about it, where the sentence of its status does not fit

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(AppError):
    """The thing is not there, or not yours: the two are not told apart."""

    code = "not_found"


class NotAllowed(AppError):
    """The person is known, and may not do this."""

    code = "not_allowed"


class Invalid(AppError):
    """What was sent does not say what it must. `places` names field → message."""

    code = "invalid"

    def __init__(self, message: str, places: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.places = places or {}


class Conflict(AppError):
    """What was sent disagrees with what is recorded; the message says what is recorded."""

    code = "conflict"


class StorageUnavailable(AppError):
    """The database cannot be written now; nothing was saved."""

    code = "storage_unavailable"
