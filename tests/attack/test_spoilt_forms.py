"""Every form that somebody is shown about what is theirs, sent with some of its fields spoilt: it is taken, or refused
with words, and the logs still add up. There is no API besides: of JSON there are an export, errors and one number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from bs4 import Tag
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from quizapp import limits
from quizapp.memory.queries import learners_with_reviews, refolded
from tests.attack.crowd import Owner, address_of, rules
from tests.reader import FETCH, Page, form_values

JSON = {"Accept": "application/json"}
HEADERS = ({}, FETCH, JSON)
ENDS_IT = {  # who sends one of these is signed out, or what the other forms are about is gone
    *("security.logout", "security.change_password", "accounts.delete", "accounts.end_session"),
    *("administration.change_role", "administration.disable", "administration.end_sessions"),
    "teaching.discard",
}
SURELY = {  # among the forms that are found, or else little is proved
    *("study.start", "study.review", "study.bury", "study.undo"),
    *("quizzes.start", "quizzes.count", "quizzes.respond", "quizzes.flag", "quizzes.spend"),
    *("teaching.edit_text", "teaching.preview_note", "teaching.edit_note", "teaching.settings"),
}
TIMES_PER_FORM = 8
ODD = (
    *("", " ", "0", "-1", "1.5", "1e9", "NaN", "+1", "1_0", "\N{ARABIC-INDIC DIGIT ONE}", "9" * 400, "True"),
    *(str(limits.URL_ID_MAX), str(2**31), str(2**63 - 1), str(2**63), "0" * 32, "\x00", "\u202e", "\ufffe"),
    *("<b>", "'; --", "[]", "{}", "notes: [", "x" * (limits.TEXT_CHARS + 1), "stay", "add", "same"),
)
KEYS = st.binary(min_size=16, max_size=16).map(bytes.hex)  # for what is done once
SPOILT = st.one_of(
    st.sampled_from(ODD), st.text(max_size=20), st.lists(st.sampled_from(ODD), max_size=3), KEYS
)


@dataclass(frozen=True)
class Form:
    endpoint: str
    action: str
    fields: dict[str, str | list[str]]


@pytest.fixture(scope="module", autouse=True)
def _entered(owner: Owner) -> None:
    owner.person.enter()


def said_by(form: Tag) -> dict[str, str | list[str]]:
    """Return what a form sends, with the first of the buttons that say something."""
    buttons = [(str(button["name"]), str(button.get("value", ""))) for button in form.select("button[name]")]
    return form_values(form) | dict(buttons[:1])


def actions(page: Page) -> Iterator[tuple[Tag, str]]:
    """Yield the forms of a page with each address to which a button sends them."""
    for form in page.soup.select("form[method=post]"):
        yield form, (action := str(form["action"]))
        if action.endswith("/respond"):
            yield form, action.replace("/respond", "/time")  # sent by a script when a page is left
        for button in form.select("button[formaction]"):
            yield form, str(button["formaction"])


def shown_forms(site: Flask, owner: Owner) -> Iterator[Form]:
    """Yield every form that is on a page of theirs, one for each endpoint."""
    seen = set(ENDS_IT)
    for rule in rules(site, "GET"):
        with owner.person.client.get(address_of(site, rule, owner.things), follow_redirects=True) as answer:
            if answer.mimetype != "text/html":
                continue
            page = Page(answer)
        for form, action in actions(page):
            endpoint, _ = site.url_map.bind("localhost").match(action.partition("?")[0], "POST")
            if endpoint not in seen:
                seen.add(endpoint)
                yield Form(endpoint, action, said_by(form))


def is_told(answer: TestResponse) -> bool:
    """Return whether an answer is a yes, or a no in words: a page, a piece of one, or an error for scripts."""
    if answer.status_code < 400:
        return True
    if answer.mimetype == "application/json":
        error = answer.get_json()["error"]
        return answer.status_code < 500 and bool(error["message"] and error["request_id"])
    return answer.status_code < 500 and bool(Page(answer).text) and "Traceback" not in answer.text


def test_any_form_may_be_spoilt(site: Flask, owner: Owner) -> None:
    forms = list(shown_forms(site, owner))
    assert {form.endpoint for form in forms} >= SURELY
    statuses: Counter[int] = Counter()

    @settings(
        max_examples=TIMES_PER_FORM * len(forms), derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(st.data(), st.sampled_from(forms), st.sampled_from(HEADERS))
    def send(data: st.DataObject, form: Form, headers: dict[str, str]) -> None:
        fields = dict(form.fields)
        if "answer_key" in fields:
            fields["answer_key"] = data.draw(KEYS)
        for name in data.draw(st.sets(st.sampled_from(sorted(fields)), max_size=3)) - {"csrf_token"}:
            fields[name] = data.draw(SPOILT)
        answer = owner.person.client.post(form.action, data=fields, headers=headers)
        assert is_told(answer), f"{form.endpoint}: {answer.status_code} {answer.data[:200]!r}"
        if answer.status_code < 400 and answer.mimetype == "application/json":
            assert form.endpoint == "quizzes.respond"  # a script that keeps a choice is told its number
        statuses[answer.status_code] += 1

    send()
    assert {200, 303, 409, 422} <= statuses.keys(), statuses
    assert owner.person.client.get("/change").status_code == 200
    assert not any(refolded(learner_id).differs for learner_id in learners_with_reviews())


def test_no_address_tells_json_but_the_export_and_the_token_of_a_form(site: Flask, owner: Owner) -> None:
    for rule in rules(site, "GET"):
        with owner.person.client.get(address_of(site, rule, owner.things), headers=JSON) as answer:
            told = answer.status_code < 400 and answer.mimetype == "application/json"
            assert not told or rule.endpoint == "home.export_json" or rule.rule == "/form-token", rule.rule
