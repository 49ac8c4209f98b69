from __future__ import annotations

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from quizapp import limits

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def echo(small_site: Flask) -> FlaskClient:
    """A site with a form that needs no token to be read."""
    small_site.config["WTF_CSRF_ENABLED"] = False

    @small_site.route("/echo", methods=["POST"])
    def echo() -> str:
        return str(len(request.form))

    return small_site.test_client()


def test_an_ordinary_form_is_read(echo: FlaskClient) -> None:
    answer = echo.post("/echo", data=b"a=1&b=2", content_type=FORM)
    assert (answer.status_code, answer.text) == (200, "2")


@pytest.mark.parametrize(
    "body",
    [
        b"a=" + b"x" * (limits.FORM_FIELD_BYTES + 1),
        b"&".join(b"a=1" for _ in range(limits.FORM_FIELDS + 1)),
        b"a=" + b"%41" * (limits.FORM_BYTES // 3),
    ],
    ids=["one long field", "many fields", "a large body"],
)
def test_a_form_beyond_the_limits_is_refused_before_anything_reads_it(echo: FlaskClient, body: bytes) -> None:
    assert echo.post("/echo", data=body, content_type=FORM).status_code == 413
