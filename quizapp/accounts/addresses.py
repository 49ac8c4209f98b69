"""E-mail addresses: one spelling each, so that one person has one account."""

from __future__ import annotations

import unicodedata

from email_validator import EmailNotValidError, validate_email

from quizapp.errors import Invalid


def normal_address(text: str) -> str:
    """Return an e-mail address as it is kept: checked, in one Unicode form, lower case. Asks no network.

    Raises Invalid.
    """
    try:
        plain = unicodedata.normalize("NFKC", text).strip()
        return validate_email(plain, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        message = "This is no e-mail address, such as name@example.org."
        raise Invalid(message, {"email": message}) from error
