from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.web import FAILURES
from tests.reader import FETCH

STATUS = {
    "not-found": 404,
    "not-allowed": 403,
    "invalid": 422,
    "conflict": 409,
    "storage": 503,
    "database": 503,
    "deep": 400,
    "large": 400,
    "text": 400,
    "often": 429,
    "bug": 500,
}
JSON = {"Accept": "application/json"}


@pytest.mark.parametrize("how", FAILURES)
def test_each_failure_has_its_status_a_sentence_and_the_id_of_its_request(
    visit: FlaskClient, how: str
) -> None:
    page, told = visit.get(f"/fail/{how}"), visit.get(f"/fail/{how}", headers=JSON)
    assert page.status_code == told.status_code == STATUS[how]
    assert page.headers["X-Request-Id"] in page.text
    assert re.search(r"<h1[^>]*>[^<]+\.</h1>", page.text)
    assert told.json is not None
    error = told.json["error"]
    assert error["request_id"] == told.headers["X-Request-Id"]
    assert error["message"].endswith(".")
    assert "secret detail" not in page.text + told.text


def test_a_refusal_names_its_places_and_escapes_them(visit: FlaskClient) -> None:
    told = visit.get("/fail/invalid", headers=JSON).json
    assert told is not None
    assert told["error"]["code"] == "invalid"
    assert told["error"]["places"] == [{"entry": "banks", "message": "Choose a <b>bank</b>."}]
    assert "Choose a &lt;b&gt;bank&lt;/b&gt;." in visit.get("/fail/invalid").text


def test_a_script_of_ours_is_told_in_json_and_a_browser_in_a_page(visit: FlaskClient) -> None:
    assert visit.get("/fail/conflict", headers=FETCH).is_json
    accepts = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert visit.get("/fail/conflict", headers=accepts).mimetype == "text/html"


@pytest.mark.parametrize("how", ["storage", "database", "often"])
def test_what_may_be_retried_says_when(visit: FlaskClient, how: str) -> None:
    assert int(visit.get(f"/fail/{how}").headers["Retry-After"]) > 0


def test_an_unknown_page_stands_in_the_frame_and_a_failed_server_alone(visit: FlaskClient) -> None:
    assert 'aria-label="Main"' in visit.get("/no-such-page").text
    assert "<nav" not in visit.get("/fail/bug").text


@pytest.mark.parametrize("how", ["bug", "database"])
def test_a_failed_server_looks_like_the_others_and_sends_no_cookie(visit: FlaskClient, how: str) -> None:
    visit.set_cookie("theme", "dark")
    page = visit.get(f"/fail/{how}")
    assert "Set-Cookie" not in page.headers
    assert '<html lang="en" data-theme="dark">' in page.text
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page.text)
    with visit.get(sheet) as style:
        assert style.status_code == 200
        assert b".button" in style.data
    assert '<a class="button button-primary" href="">Try again</a>' in page.text
    below = visit.get(f"/fail/{how}", environ_overrides={"SCRIPT_NAME": "/quizapp"}).text
    assert f'href="/quizapp{sheet}"' in below
    assert 'href="/quizapp/"' in below


def test_a_wrong_method_keeps_the_methods_that_would_do(visit: FlaskClient) -> None:
    response = visit.delete("/page")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_post_without_a_form_token_is_refused_with_a_way_out(visit: FlaskClient) -> None:
    response = visit.post("/fail/bug")
    assert response.status_code == 400
    assert "back button keeps what you wrote" in response.text


def test_a_refused_request_leads_back_to_the_page_it_came_from_if_that_is_ours(visit: FlaskClient) -> None:
    came = {"Referer": "http://localhost/page?a=1"}
    assert re.search(r'href="/page\?a=1">.*Back</a>', visit.get("/fail/not-allowed", headers=came).text, re.S)
    for other in ({"Referer": "http://evil.example/page"}, {"Referer": "http://localhost//evil.example"}, {}):
        page = visit.get("/fail/not-allowed", headers=other).text
        assert "evil.example" not in page


def test_who_may_not_do_this_is_offered_to_sign_out(visit: FlaskClient) -> None:
    main = visit.get("/fail/not-allowed").text.split("<main")[1].split("</main")[0]
    assert "Sign out" in main
    assert "Sign out" not in visit.get("/fail/not-found").text.split("<main")[1].split("</main")[0]


def test_a_foreign_host_name_is_refused(visit: FlaskClient) -> None:
    assert visit.get("/page", headers={"Host": "evil.example"}).status_code == 400


def test_a_redirect_of_the_address_map_is_no_error(small_site: Flask, visit: FlaskClient) -> None:
    small_site.add_url_rule("/folder/", "folder", str)
    assert visit.get("/folder").status_code == 308


def test_a_foreign_name_is_refused_with_what_it_is_and_the_log_tells_who_runs_the_site_what_to_set(
    visit: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    refused = visit.get("/page", headers={"Host": "other.example"})
    assert refused.status_code == 400
    assert "This address is not one of the site" in refused.text
    [record] = [each for each in caplog.records if each.getMessage() == "refused"]
    fields = vars(record)["fields"]
    assert fields["host"] == "other.example"
    assert "QUIZAPP_HOSTS" in fields["why"]
