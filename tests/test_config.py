"""Settings come from the environment, say what is wrong with them, and are all in the README."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from quizapp import config

ROOT = Path(__file__).resolve().parent.parent


def test_without_any_setting_the_site_runs_from_its_data_folder(tmp_path: Path) -> None:
    settings = config.read({"QUIZAPP_DATA": str(tmp_path / "site")})
    assert settings.database_url == f"sqlite:///{tmp_path / 'site' / 'quizapp.sqlite3'}"
    assert (settings.port, settings.workers, settings.guests, settings.registration) == (
        8000,
        1,
        True,
        "open",
    )
    assert settings.proxies == 0
    assert settings.mail_url is None


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = config.read({"QUIZAPP_DATA": str(tmp_path)})
    again = config.read({"QUIZAPP_DATA": str(tmp_path)})
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("linked", [True, False], ids=["hard links", "none"])
def test_of_two_that_make_the_secret_key_at_once_both_use_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linked: bool
) -> None:
    key, fsync = tmp_path / "secret_key", os.fsync

    def slowly(descriptor: int) -> None:
        if linked and not key.exists():
            key.write_text("of-the-other-start-" * 3)
        assert linked or not key.exists() or key.stat().st_size  # never a file without its key
        fsync(descriptor)

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "fsync", slowly)
    if not linked:
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    used = config.read({"QUIZAPP_DATA": str(tmp_path)}).secret_key
    assert used == key.read_text()
    assert used.startswith("of-the-other-start-") is linked
    assert list(tmp_path.iterdir()) == [key]
    assert key.stat().st_mode & 0o077 == 0 or linked


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("QUIZAPP_PORT", "eighty", "no whole number from 1 to 65535"),
        ("QUIZAPP_WORKERS", "0", "no whole number from 1 to 64"),
        ("QUIZAPP_TIMEZONE", "Mars/Olympus", "no IANA time zone"),
        ("QUIZAPP_REGISTRATION", "maybe", "none of open, code, closed"),
        ("QUIZAPP_GUESTS", "perhaps", "neither on nor off"),
        ("QUIZAPP_GUEST", "off", "no setting of quizapp. Did you mean QUIZAPP_GUESTS"),
        ("QUIZAPP_DATABASE_URL", "nonsense", "no database address"),
        (
            "QUIZAPP_DATABASE_URL",
            "mysql://u:secret@h/n",
            "'mysql://' is no database.*Write sqlite:.*postgresql:",
        ),
        ("QUIZAPP_DATABASE_URL", "postgresql+psycopg2://h/n", "is no database.*postgresql://"),
        ("QUIZAPP_DATABASE_URL", "postgres://h/n", "is no database.*postgresql://"),
        ("QUIZAPP_DATABASE_URL", "sqlite://", "names no database.*sqlite:////path/file"),
        ("QUIZAPP_DATABASE_URL", "sqlite:///:memory:", "names no database"),
        ("QUIZAPP_DATABASE_URL", "postgresql://h", "names no database"),
        ("QUIZAPP_DATABASE_URL", "postgresql://u:secret@1@h/n", "host or port.*@ as %40"),
        ("QUIZAPP_DATABASE_URL", "postgresql://u:secret@1:x/2@h/n", "database address.*: as %3A, / as %2F"),
        ("QUIZAPP_DATABASE_URL", "postgresql://h:54x/n", "no database address"),
        ("QUIZAPP_DATABASE_URL", "postgresql://h:99999/n", "host or port"),
        ("QUIZAPP_HOSTS", "https://study.example.org", "no name of a host. Write names alone"),
        ("QUIZAPP_HOSTS", "a.example.org, a b", "'a b' is no name of a host"),
        (
            "QUIZAPP_HOSTS",
            "a.example.org:8000",
            "leave the port out of 'a.example.org:8000'.* to a.example.org on any",
        ),
        ("QUIZAPP_HOSTS", "2001:db8::1", "'2001:db8::1' is no name of a host.* IPv6 address needs a name"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_what_it_may_be(
    tmp_path: Path, name: str, value: str, told: str
) -> None:
    with pytest.raises(config.SettingError, match=f"{name}.*{told}") as refused:
        config.read({"QUIZAPP_DATA": str(tmp_path), name: value})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////srv/site.sqlite3",
        "postgresql://quizapp:a%40b%3Ac%2Fd@db.example.org:5433/quizapp",
        "postgresql+psycopg://quizapp@/quizapp?host=/run/postgresql",
    ],
)
def test_a_database_address_is_taken_as_it_is(tmp_path: Path, address: str) -> None:
    environ = {"QUIZAPP_DATA": str(tmp_path), "QUIZAPP_DATABASE_URL": address}
    assert config.read(environ).database_url == address


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"QUIZAPP_HOST": "0.0.0.0", "QUIZAPP_PORT": "81"}, "http://127.0.0.1:81"),
        ({"QUIZAPP_HOST": "::1"}, "http://[::1]:8000"),
        ({"QUIZAPP_HOSTS": "a.example.org, b.example.org"}, "http://a.example.org:8000"),
        ({"QUIZAPP_HOSTS": ".example.org", "QUIZAPP_PROXIES": "1"}, "https://example.org"),
    ],
)
def test_the_address_told_at_the_start_is_one_the_site_answers_to(
    tmp_path: Path, settings: dict[str, str], address: str
) -> None:
    assert config.read({"QUIZAPP_DATA": str(tmp_path), **settings}).address == address


def test_the_readme_lists_every_setting_and_no_other() -> None:
    table = set(re.findall(r"^\| `(QUIZAPP_[A-Z_]+)`", (ROOT / "README.md").read_text(), re.M))
    assert table == set(config.SETTINGS)
