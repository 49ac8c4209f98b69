"""Mail, where the site has a server for it: sent beside the request, after what it tells of is committed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from flask import Flask, current_app
from flask_mailman import EmailMessage

_log = logging.getLogger(__name__)


def send(to: str, subject: str, text: str) -> None:
    """Send a mail if the site has a mail server; neither its time nor its failure touches the request."""
    if current_app.extensions["settings"].mail_url is not None:
        aside(lambda: EmailMessage(subject, text, to=[to]).send())


def aside(deliver: Callable[[], object]) -> None:
    """Run `deliver` beside the request; what goes wrong is logged."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    threading.Thread(target=_delivered, args=(app, deliver)).start()


def _delivered(app: Flask, deliver: Callable[[], object]) -> None:
    with app.app_context():
        try:
            deliver()
        except OSError as error:  # smtplib's errors are OSErrors too
            _log.error("mail was not sent: %s", type(error).__name__)
