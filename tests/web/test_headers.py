from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.factories.web import create_small_site

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def static_address(visit: FlaskClient, name: str) -> str:
    with visit.application.test_request_context():
        return visit.application.url_for("static", filename=name)


@pytest.mark.parametrize(
    "address", ["/page", "/healthz", "/nowhere", "/fail/bug", "css/app.css", "js/keys.js"]
)
def test_every_response_carries_the_headers(visit: FlaskClient, address: str) -> None:
    if not address.startswith("/"):
        address = static_address(visit, address)
    with visit.get(address) as response:
        assert response.headers["Content-Security-Policy"] == POLICY
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in response.headers


def test_pages_are_not_stored_and_static_files_are_kept_for_good(visit: FlaskClient) -> None:
    assert visit.get("/page").headers["Cache-Control"] == "no-store"
    with visit.get(static_address(visit, "css/app.css")) as style:
        assert "immutable" in style.headers["Cache-Control"]


def test_a_view_may_set_stricter_headers(visit: FlaskClient) -> None:
    response = visit.get("/stylish")
    assert response.headers.getlist("Content-Security-Policy") == ["sandbox"]
    assert response.headers["Cache-Control"] == "max-age=60"


def test_only_tls_asks_browsers_to_stay_with_tls(visit: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in visit.get("/page").headers
    assert "Strict-Transport-Security" in visit.get("/page", base_url="https://localhost").headers


def test_the_session_cookie_is_bound_to_the_host_under_tls(visit: FlaskClient) -> None:
    plain = visit.get("/page").headers["Set-Cookie"]
    assert plain.startswith("session=")
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    secure = visit.get("/page", base_url="https://localhost").headers["Set-Cookie"]
    assert secure.startswith("__Host-session=")
    assert "Secure" in secure


def test_forwarded_headers_count_only_for_the_configured_number_of_proxies(tmp_path: Path) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    direct, proxied = create_small_site(tmp_path / "a"), create_small_site(tmp_path / "b", proxies=1)
    assert direct.test_client().get("/scheme", headers=forwarded).text == "http 127.0.0.1"
    assert proxied.test_client().get("/scheme", headers=forwarded).text == "https 203.0.113.9"


def test_health_needs_no_database_and_readiness_does(visit: FlaskClient) -> None:
    assert visit.get("/healthz").status_code == 200
    assert visit.get("/readyz").status_code == 503  # this site has no tables
