import threading
import time

import pytest

from quizapp.accounts import passwords
from quizapp.accounts.passwords import PasswordHashes, problem_with


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("seven c", "at least 8"),
        ("x" * 129, "at most 128"),
        ("password123", "first that others would try"),
        ("PassWord123", "first that others would try"),
        ("ana.maria@example.org", "first that others would try"),
        ("Ana.Maria", "first that others would try"),
    ],
)
def test_a_password_is_refused_with_a_reason(password: str, said: str) -> None:
    assert said in (problem_with(password, email="ana.maria@example.org") or "")


@pytest.mark.parametrize("password", ["eight ok", "aaaa bbbb cccc dddd", "x" * 128, "пароль которого нет"])
def test_length_is_the_only_rule_about_what_a_password_is_made_of(password: str) -> None:
    assert problem_with(password, email="ana@example.org") is None


def test_no_more_than_two_hashes_are_computed_at_a_time() -> None:
    hashes = PasswordHashes(schemes=["pbkdf2_sha512"], pbkdf2_sha512__rounds=120_000)
    assert passwords._SLOTS.acquire(blocking=False)
    assert passwords._SLOTS.acquire(blocking=False)
    done: list[str] = []
    waiting = threading.Thread(target=lambda: done.append(hashes.hash("a password")))
    waiting.start()
    time.sleep(0.3)
    assert done == []
    passwords._SLOTS.release()
    passwords._SLOTS.release()
    waiting.join(5)
    assert len(done) == 1
    assert hashes.verify("a password", done[0])
