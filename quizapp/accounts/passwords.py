"""Password rules, and hashing that leaves the machine room to breathe."""

from __future__ import annotations

import functools
import threading
from typing import Any

from passlib.context import CryptContext
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from quizapp import limits

_SLOTS = threading.BoundedSemaphore(
    2
)  # each hash takes 19 MiB and a core: a class that arrives at once queues


class PasswordHashes(CryptContext):
    """A passlib context that computes at most two hashes at a time in this process."""

    def hash(self, *args: Any, **kwargs: Any) -> str:
        with _SLOTS:
            return super().hash(*args, **kwargs)

    def verify(self, *args: Any, **kwargs: Any) -> bool:
        with _SLOTS:
            return super().verify(*args, **kwargs)


def problem_with(password: str, *, email: str | None) -> str | None:
    """Return why `password` is refused, as a sentence, or None. No rule is about kinds of characters."""
    if len(password) < limits.PASSWORD_MIN:
        return f"Use at least {limits.PASSWORD_MIN} characters. A few words in a row are easy to remember."
    if len(password) > limits.PASSWORD_MAX:
        return f"Use at most {limits.PASSWORD_MAX} characters."
    known = password.casefold()
    if known in _common() or (email and known in {email.casefold(), email.casefold().partition("@")[0]}):
        return "This password is one of the first that others would try. Choose another one."
    return None


@functools.cache
def _common() -> frozenset[str]:
    return frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= limits.PASSWORD_MIN)
