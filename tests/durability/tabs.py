"""Several windows of one browser that send at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.reader import Page, Reader, form_values
from tests.server import PATIENCE_SECONDS


@dataclass(frozen=True)
class Filled:
    """A form of a page as it is sent: where to, and with what."""

    path: str
    fields: Mapping[str, Any]


def filled(page: Page, action: str, **said: Any) -> Filled:
    """Return the form to `action` of a page, its values overridden by what is `said`."""
    form = page.form(action)
    return Filled(urljoin(page.url, str(form["action"])), {**form_values(form), **said})


def sent_at_once(reader: Reader, *forms: Filled) -> list[Page]:
    """Send each form from a window of its own of the reader's browser, all at the same moment; return what each
    window shows in the end."""
    start = threading.Barrier(len(forms))

    def send(client: FlaskClient, form: Filled) -> TestResponse:
        start.wait(PATIENCE_SECONDS)
        return client.post(form.path, data=form.fields, follow_redirects=True)

    windows = [_window(reader) for _ in forms]
    with ThreadPoolExecutor(len(forms)) as pool:
        return [Page(answer) for answer in pool.map(send, windows, forms)]


def _window(reader: Reader) -> FlaskClient:
    """Return another window of the reader's browser: the same cookies."""
    app: Flask = reader.client.application
    client, name = app.test_client(), app.config["SESSION_COOKIE_NAME"]
    if (cookie := reader.client.get_cookie(name)) is not None:
        client.set_cookie(name, cookie.value)
    return client
