"""Where mail is handed over, read from one address."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from quizapp.config import SettingError

_FORM = "QUIZAPP_MAIL_URL: write smtp://user:password@host:port, or smtps:// where TLS comes first."


def mail_config(url: str) -> dict[str, str | int | bool | None]:
    """Return Flask-Mailman's configuration for `url`. Raises SettingError.

    `smtp://` with a user name asks for STARTTLS, so that no password travels in the clear. Mail comes from
    the user if that is an address, else from `no-reply@` the host.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise SettingError(_FORM) from error
    if parts.scheme not in {"smtp", "smtps"} or not host:
        raise SettingError(_FORM)
    user = unquote(parts.username) if parts.username else None
    tls_first = parts.scheme == "smtps"
    return {
        "MAIL_SERVER": host,
        "MAIL_PORT": port or (465 if tls_first else 587 if user else 25),
        "MAIL_USE_SSL": tls_first,
        "MAIL_USE_TLS": not tls_first and user is not None,
        "MAIL_USERNAME": user,
        "MAIL_PASSWORD": unquote(parts.password) if parts.password else None,
        "MAIL_TIMEOUT": 10,
        "MAIL_DEFAULT_SENDER": user if user and "@" in user else f"no-reply@{host}",
    }
