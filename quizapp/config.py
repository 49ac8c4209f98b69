"""Settings, read once from the environment (the README's table lists each; a test compares the two)."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import available_timezones

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
THREADS = 8  # that answer requests in each worker
SETTINGS = (
    "QUIZAPP_DATA",
    "QUIZAPP_DATABASE_URL",
    "QUIZAPP_HOST",
    "QUIZAPP_PORT",
    "QUIZAPP_WORKERS",
    "QUIZAPP_GUESTS",
    "QUIZAPP_REGISTRATION",
    "QUIZAPP_TIMEZONE",
    "QUIZAPP_HOSTS",
    "QUIZAPP_PROXIES",
    "QUIZAPP_MAIL_URL",
    "QUIZAPP_METRICS",
)
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]{15,127}[A-Za-z0-9\-._~+/=]")  # what a Bearer header may carry
_HOST = re.compile(r"\.?\w([\w.-]*\w)?")
_DRIVERS = {"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"}
_ADDRESSES = "sqlite:////path/file or postgresql://user:password@host/name"
_ESCAPES = "In a name or password write @ as %40, : as %3A, / as %2F and % as %25."
_TRUE, _FALSE = {"1", "on", "yes", "true"}, {"0", "off", "no", "false"}


class SettingError(Exception):
    """A setting that cannot be used; the message names it and what it may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What may differ between two installations. `data` exists once `prepare` was called."""

    data: Path
    database_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    guests: bool = True
    registration: str = "open"
    time_zone: str = "UTC"
    hosts: tuple[str, ...] = ()
    proxies: int = 0
    mail_url: str | None = None
    metrics: str | None = None

    @property
    def address(self) -> str:
        """What to type in a browser: the site's own name if it answers to no other, else this machine's."""
        if self.hosts:
            name = self.hosts[0].removeprefix(".")
            return f"https://{name}" if self.proxies else f"http://{name}:{self.port}"
        host = self.host
        name = "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host
        return f"http://{name}:{self.port}"


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of `environ`, creating the data folder and its secret key. Raises SettingError."""
    _refuse_unknown(environ)
    data = Path(environ.get("QUIZAPP_DATA") or ROOT / "instance").resolve()
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = _secret_key(data / "secret_key")
    except OSError as error:
        raise SettingError(
            f"QUIZAPP_DATA: {error.filename or data} cannot be used ({error.strerror}). "
            "Name a folder that quizapp may write to."
        ) from error
    zone = environ.get("QUIZAPP_TIMEZONE") or "UTC"
    if zone not in available_timezones():
        raise SettingError(f"QUIZAPP_TIMEZONE: '{zone}' is no IANA time zone such as Europe/Zurich.")
    registration = environ.get("QUIZAPP_REGISTRATION") or "open"
    if registration not in {"open", "code", "closed"}:
        raise SettingError(f"QUIZAPP_REGISTRATION: '{registration}' is none of open, code, closed.")
    return Settings(
        data=data,
        database_url=_database_url(
            environ.get("QUIZAPP_DATABASE_URL") or f"sqlite:///{data / 'quizapp.sqlite3'}"
        ),
        secret_key=key,
        host=environ.get("QUIZAPP_HOST") or "127.0.0.1",
        port=_number(environ, "QUIZAPP_PORT", 8000, 65535, least=1),
        workers=_number(environ, "QUIZAPP_WORKERS", 1, 64, least=1),
        guests=_switch(environ, "QUIZAPP_GUESTS", True),
        registration=registration,
        time_zone=zone,
        hosts=tuple(
            _host(name.strip()) for name in environ.get("QUIZAPP_HOSTS", "").split(",") if name.strip()
        ),
        proxies=_number(environ, "QUIZAPP_PROXIES", 0, 10),
        mail_url=environ.get("QUIZAPP_MAIL_URL") or None,
        metrics=_token(environ, "QUIZAPP_METRICS"),
    )


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    """A misspelt setting would silently leave the default in force: say so instead."""
    for name in environ:
        if name.startswith("QUIZAPP_") and name not in SETTINGS:
            near = get_close_matches(name, SETTINGS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise SettingError(f"{name} is no setting of quizapp.{hint}")


def engine_url(address: str) -> URL:
    """Return a database address taken apart. Raises SettingError, which does not repeat it: it may hold a password."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:  # of ValueError: a port that is no number
        raise SettingError(f"this is no database address such as {_ADDRESSES}. {_ESCAPES}") from error
    if url.drivername not in _DRIVERS:
        raise SettingError(f"'{url.drivername}://' is no database that quizapp runs on. Write {_ADDRESSES}.")
    if "@" in (url.host or "") or not 0 < (url.port or 5432) < 65536:
        raise SettingError(
            f"the host or port in this database address cannot be right. Write {_ADDRESSES}. {_ESCAPES}"
        )
    if url.database in {None, "", ":memory:"}:
        raise SettingError(f"this address names no database. Write {_ADDRESSES}.")
    return url


def _database_url(address: str) -> str:
    try:
        engine_url(address)
    except SettingError as error:
        raise SettingError(f"QUIZAPP_DATABASE_URL: {error}") from error
    return address


def _host(text: str) -> str:
    if _HOST.fullmatch(text):
        return text
    name, _, port = text.rpartition(":")
    if port.isdigit() and _HOST.fullmatch(name):
        raise SettingError(
            f"QUIZAPP_HOSTS: leave the port out of '{text}': the site answers to {name} on any."
        )
    raise SettingError(
        f"QUIZAPP_HOSTS: '{text}' is no name of a host. Write names alone, separated by commas, such as "
        "study.example.org, or .example.org for all names that end so; neither https:// nor a port or path. "
        "An IPv6 address needs a name."
    )


def _secret_key(path: Path) -> str:
    if not path.exists():
        try:
            _make_secret_key(path)
        except OSError as error:
            error.filename = str(path)  # a full disk names none, others the partial one
            error.filename2 = None
            raise
    key = path.read_bytes().decode("ascii", "ignore").strip()
    if len(key) < 32:
        raise SettingError(f"{path} holds no usable key; delete it to make a new one.")
    return key


def _make_secret_key(path: Path) -> None:
    """Make a key, unless another start was faster. It is there whole or not at all, and stays through a power cut."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with open(
            os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
        ) as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(partial)  # which replaces nothing
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            partial.replace(path)
        if hasattr(os, "O_DIRECTORY"):
            folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
            os.fsync(folder)
            os.close(folder)
    finally:
        partial.unlink(missing_ok=True)


def _number(environ: Mapping[str, str], name: str, default: int, most: int, *, least: int = 0) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise SettingError(f"{name}: '{text}' is no whole number from {least} to {most}.")
    return int(text)


def _token(environ: Mapping[str, str], name: str) -> str | None:
    text = environ.get(name) or None
    if text is not None and not _TOKEN.fullmatch(text):
        raise SettingError(
            f"{name}: a token is 16 to 128 letters, digits and -._~+/= signs; make it hard to guess."
        )
    return text


def _switch(environ: Mapping[str, str], name: str, default: bool) -> bool:
    text = (environ.get(name) or "").strip().lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if text:
        raise SettingError(f"{name}: '{text}' is neither on nor off.")
    return default
