"""Addresses, headers and bodies that no browser would send: refused in the form of an error, and nothing is stored."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from quizapp import limits
from tests.attack.crowd import PLAUSIBLE, Owner, address_of, rules
from tests.attack.ledger import changes, ledger
from tests.reader import FETCH

IDS = (
    *("0", "-1", "+1", "1.0", "1e3", "0x1", "007", " 1", "1 ", "NaN", "null", "None", "true", "[]", "{}"),
    *(str(2**31 - 1), str(2**31), str(2**63), str(2**64), str(10**30), "9" * 5000),
    *(
        "\N{ARABIC-INDIC DIGIT ONE}",
        "\N{FULLWIDTH DIGIT ONE}",
        "\N{SUPERSCRIPT TWO}",
        "\N{ROMAN NUMERAL ONE}",
    ),
    *("\x00", "1\x00", "\x7f", "\r\nSet-Cookie: a=b", "\N{RIGHT-TO-LEFT OVERRIDE}", "\ufffe", "\U0010ffff"),
    *("..", "../..", "..\\..", "%2e%2e", "%00", "%", "%zz", "%c0%ae", "a" * 22, "-" * 22, "A" * 21, "A" * 64),
    *(
        "' OR 1=1 --",
        '"',
        "<script>",
        "{{7*7}}",
        "${7*7}",
        ";",
        "?",
        "#",
        "*",
        "A" * 8000,
        "\N{PILE OF POO}" * 22,
    ),
)
RAW = (
    "%00",
    "%ff%fe",
    "%c0%ae%c0%ae",
    "%ed%a0%80",
    "%F0%28%8C%28",
    "%E2%80%AE",
    "%0d%0aX-Evil:%201",
    "%25%30%30",
)
FIELDS = {
    **PLAUSIBLE,
    "bank": "sample",
    "card": "1",
    "choice": "x",
    "choose": "1",
    "count": "3",
    "mode": "test",
}

NEED_NO_FIELD = {
    "accounts.end_other_sessions",
    "home.see_answers",
    "security.logout",
    "study.start",
    "home.join",
    "quizzes.start",
    "teaching.receive",  # keeps any text as a draft that has problems
}


@pytest.fixture(scope="module")
def token(owner: Owner) -> str:
    return owner.person.enter()


@pytest.fixture(autouse=True)
def untouched(owner: Owner, token: str) -> Iterator[None]:
    before = ledger()
    yield
    assert changes(before, ledger()) == []


def wrong_with(answer: TestResponse, *allowed: int) -> str:
    """Return what is wrong with a refusal: a failure of ours, or an error that is not told as one; "" if nothing."""
    with answer:
        told = f"{answer.request.method} {answer.request.path[:60]!r}: {answer.status_code}"
        if answer.status_code >= 500 or (allowed and answer.status_code not in allowed):
            return told
        if answer.request.method == "HEAD" or answer.content_encoding:
            return ""
        if answer.status_code < 400 or (answer.status_code == 422 and "<form" in answer.text):
            return ""
        if answer.mimetype == "application/json":
            error = json.loads(answer.data).get("error", {})
            good = {"code", "message", "places", "request_id"} == error.keys() and error["message"]
        elif answer.mimetype == "text/html":
            good = re.search("Number of this request|<h1", answer.text) and "Traceback" not in answer.text
        else:
            good = False
        return "" if good else f"{told} {answer.mimetype} {answer.data[:80]!r}"


def with_argument(app: Flask, rule: Rule, owner: Owner, name: str, raw: str) -> str:
    """Return the address of `rule` with `raw` for one of its arguments, whatever the rule may think of it."""
    told = re.sub(r"<[^<>]*?(\w+)>", lambda found: f"<{found[1]}>", rule.rule)
    for argument in rule.arguments:
        value = "MARK" if argument == name else str(argument_of(app, rule, owner, argument))
        told = told.replace(f"<{argument}>", value)
    return told.replace("MARK", raw)


def argument_of(app: Flask, rule: Rule, owner: Owner, argument: str) -> object:
    things = owner.things
    return things.get(f"{rule.endpoint.partition('.')[0]}.{argument}", things.get(argument, "nothing"))


def test_an_address_of_nonsense_is_not_found(site: Flask, owner: Owner) -> None:
    client = owner.person.client
    seen: set[str] = set()
    for rule in rules(site, "GET"):
        for name in rule.arguments:
            for raw in (*map(quote, IDS), *RAW) if name not in seen else ("0", "%00"):
                address = with_argument(site, rule, owner, name, raw)
                wrong = wrong_with(client.get(address, headers=FETCH if len(seen) % 2 else {}))
                assert wrong == "", address[:200]
            seen.add(name)


STRANGE = (
    "",
    "0",
    "-1",
    str(10**30),
    "9" * 5000,
    "\x00",
    "\ud800",
    "\N{ARABIC-INDIC DIGIT ONE}",
    "<b>'\"",
    "1e9",
    "NaN",
)
ASKED = (
    *("page", "q", "tag", "bank", "state", "sort", "show", "kind", "seed", "before", "after", "card", "seen"),
    *(
        "turned",
        "typed",
        "thought_ms",
        "did",
        "choice",
        "count",
        "prefer",
        "mode",
        "next",
        "role",
        "type",
        "note",
    ),
    *("show", "shown", "save", "undo", "from", "to", "metric", "weeks", "range"),
)


@pytest.mark.parametrize("strange", STRANGE, ids=lambda text: ascii(text)[:20])
def test_a_question_mark_may_be_followed_by_anything(site: Flask, owner: Owner, strange: str) -> None:
    query = "&".join(f"{name}={quote(strange, errors='surrogatepass')}" for name in ASKED)
    for rule in rules(site, "GET"):
        address = address_of(site, rule, owner.things)
        assert wrong_with(owner.person.client.get(f"{address}?{query}", headers=FETCH)) == "", address


QUERIES = (
    "&&&=&=;",
    "%",
    "%00=%00",
    "%ff=%ff",
    "a" * 9000,
    "page=1&page=2&page=x",
    "q[]=1",
    "&".join(["choice=x"] * 3000),
)


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_a_query_of_nonsense_is_no_failure(site: Flask, owner: Owner, query: str) -> None:
    for rule in rules(site, "GET"):
        address = address_of(site, rule, owner.things)
        assert wrong_with(owner.person.client.get(f"{address}?{query}", headers=FETCH)) == "", address


HEADERS = (
    {"Accept-Language": "x" * 5000},
    {"Accept-Language": "de-CH;q=9,*;q=-1,,;;"},
    {"Accept": "*/*;q=nan, text/;q=1, /"},
    {"Accept": "application/json"},
    {"Accept-Encoding": "br;q=1.5, gzip;q=, identity;q=0"},
    {"Range": "bytes=0-0"},
    {"Range": "bytes=-1,99999999999999999999-"},
    {"Range": "lines=a"},
    {"If-Range": '"x"', "Range": "bytes=5-1"},
    {"If-None-Match": "*", "If-Match": '"x"'},
    {"If-Modified-Since": "Mon, 99 Foo 99999 99:99:99 GMT"},
    {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    {"Cookie": "session=" + "x" * 9000},
    {"Cookie": "session=; session=.; theme=\x01; =; ;;"},
    {"Cookie": "theme=" + "dark" * 5000},
    {"Authorization": "Basic !!!"},
    {"Authorization": "Bearer \xff"},
    {"Referer": "javascript:alert(1)", "Origin": "null"},
    {"User-Agent": "x" * 9000},
    {"User-Agent": "\xff\xfe<script>"},
    {"X-Requested-With": "fetch\x00"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"Content-Type": "application/json", "Content-Length": "0"},
    {"Transfer-Encoding": "chunked"},
    {"Expect": "100-continue"},
    {"Upgrade": "websocket", "Connection": "Upgrade"},
)


@pytest.mark.parametrize("headers", HEADERS, ids="-".join)
def test_a_header_of_nonsense_is_no_failure(site: Flask, owner: Owner, headers: dict[str, str]) -> None:
    for address in (
        "/",
        "/cards",
        "/quizzes",
        "/help",
        "/login",
        "/export.json",
        "/nothing",
        "/static/css/nothing.css",
        "/media/" + str(owner.things["sha256"]),
    ):
        wrong = wrong_with(owner.person.client.get(address, headers=headers, buffered=True))
        assert wrong == "", address


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT", "BREW", "get", "G\x00T"])
def test_a_wrong_method_is_told_so(owner: Owner, method: str) -> None:
    for address in ("/", "/theme", "/study/start", "/nothing", "/static/css/nothing.css"):
        assert wrong_with(owner.person.client.open(address, method=method, headers=FETCH)) == "", address


def bodies() -> dict[str, tuple[bytes, str]]:
    form, multipart = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
    part = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n'
    return {
        "no type": (b"a=b", ""),
        "text": (b"a=b", "text/plain"),
        "type of nonsense": (b"a=b", "\xff/\xff; =;;"),
        "charset of nonsense": (b"a=b", f"{form}; charset=utf-99"),
        "utf-16": ("a=b".encode("utf-16"), f"{form}; charset=utf-16"),
        "bytes": (bytes(range(256)), form),
        "ampersands": (b"&" * 900, form),
        "many fields": (b"&".join([b"a=b"] * (limits.FORM_FIELDS + 1)), form),
        "long field": (b"a=" + b"x" * (limits.FORM_FIELD_BYTES + 1), form),
        "long name": (b"x" * (limits.FORM_FIELD_BYTES + 1) + b"=a", form),
        "large": (b"a=" + b"x" * (limits.REQUEST_BYTES + 1), form),
        "json": (b'{"csrf_token": "x"}', "application/json"),
        "deep json": (b"[" * 100_000, "application/json"),
        "no json": (b"{", "application/json"),
        "xml": (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "application/xml"),
        "no boundary": (part, "multipart/form-data"),
        "empty boundary": (part, "multipart/form-data; boundary="),
        "long boundary": (part, f"multipart/form-data; boundary={'b' * 5000}"),
        "no end": (part + b"a", multipart),
        "no header": (b"--b\r\n\r\na\r\n--b--", multipart),
        "long header": (b"--b\r\nX: " + b"x" * 100_000 + b"\r\n\r\na\r\n--b--", multipart),
        "many parts": ((part + b"a\r\n") * (limits.FORM_FIELDS + 1) + b"--b--", multipart),
        "long part": (part + b"x" * (limits.FORM_FIELD_BYTES + 1) + b"\r\n--b--", multipart),
        "large part": (part + b"x" * (limits.REQUEST_BYTES + 1) + b"\r\n--b--", multipart),
        "nested": (part.replace(b"form-data", b"multipart/mixed") + b"a\r\n--b--", multipart),
    }


@pytest.mark.parametrize("name", bodies())
def test_a_body_of_nonsense_is_refused(site: Flask, owner: Owner, token: str, name: str) -> None:
    body, kind = bodies()[name]
    large = len(body) > 100_000
    for rule in rules(site, "POST"):
        if large and rule.endpoint not in {
            "study.start",
            "study.review",
            "security.login",
            "teaching.receive",
        }:
            continue  # they are refused before any of our routes is asked
        for headers in ({}, {"X-CSRFToken": token}):
            if headers and rule.endpoint in NEED_NO_FIELD:
                continue
            answer = owner.person.client.post(
                address_of(site, rule, {"code": "A" * 22}),
                data=body,
                content_type=kind,
                headers=headers | FETCH,
            )
            assert wrong_with(answer) == "", rule.endpoint
            if not headers:
                assert answer.status_code in {400, 413}, rule.endpoint


@pytest.mark.parametrize(
    "length", ["-1", "x", "1.5", "99999999999999999999", str(limits.PACKAGE_BYTES * 2), "0", ""]
)
def test_a_length_that_lies_is_no_failure(owner: Owner, token: str, length: str) -> None:
    for address in ("/study/start", "/teach/upload", "/login"):
        environ = {"CONTENT_LENGTH": length}
        answer = owner.person.client.post(
            address,
            data=b"a=b",
            content_type="application/x-www-form-urlencoded",
            environ_overrides=environ,
            headers=FETCH,
        )
        assert wrong_with(answer, 400, 413) == "", address


@pytest.mark.parametrize("value", STRANGE, ids=lambda text: ascii(text)[:20])
def test_a_field_of_nonsense_is_refused(site: Flask, owner: Owner, token: str, value: str) -> None:
    # to what is nobody's, so that nothing of it could rightly be stored
    body = (
        "&".join(f"{name}={quote(value, errors='surrogatepass')}" for name in FIELDS) + f"&csrf_token={token}"
    )
    for rule in rules(site, "POST"):
        if rule.endpoint in NEED_NO_FIELD:
            continue
        address = address_of(site, rule, {})
        answer = owner.person.client.post(
            address, data=body, content_type="application/x-www-form-urlencoded", headers=FETCH
        )
        assert wrong_with(answer) == "", rule.endpoint


@settings(max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.text(max_size=40),
    st.sampled_from(["/cards/{}", "/banks/{}", "/link/{}", "/jobs/{}", "/quizzes/{}/1", "/{}", "/help/{}"]),
)
def test_any_text_is_an_address_or_none(owner: Owner, token: str, text: str, address: str) -> None:
    path = address.format(quote(text, safe="/", errors="surrogatepass"))
    assert wrong_with(owner.person.client.get(path, headers=FETCH)) == "", path


@settings(max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.binary(max_size=200),
    st.sampled_from(["/login", "/study/start", "/quizzes/start", "/quizzes/count", "/teach/new"]),
)
def test_any_bytes_are_a_form_or_none(owner: Owner, token: str, body: bytes, address: str) -> None:
    kind = "application/x-www-form-urlencoded"
    assert (
        wrong_with(owner.person.client.post(address, data=body, content_type=kind, headers=FETCH), 400) == ""
    )


def test_no_route_reads_json(site: Flask, owner: Owner, token: str) -> None:
    # nothing describes an API, since there is none: a route that read JSON would go past the forms
    for rule in rules(site, "POST"):
        if rule.endpoint in NEED_NO_FIELD:
            continue
        answer = owner.person.client.post(
            address_of(site, rule, {}), json=FIELDS, headers={"X-CSRFToken": token, **FETCH}
        )
        assert wrong_with(answer) == "", rule.endpoint


def test_an_upload_with_a_name_of_nonsense_is_no_failure(owner: Owner, token: str) -> None:
    for name in (
        "../../etc/passwd",
        "a\x00.yaml",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "x" * 5000,
        "",
        "con",
    ):
        file = FileStorage(io.BytesIO(b"\x00\xff"), filename=name)
        data = {"csrf_token": token, "file": file}
        answer = owner.person.client.post(
            "/teach/upload", data=data, content_type="multipart/form-data", headers=FETCH
        )
        assert wrong_with(answer, 422, 400) == "", name
