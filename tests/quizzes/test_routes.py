"""Quizzes as a learner meets them, without JavaScript and with: stories, refusals, and that no key leaks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from quizapp.banks.models import ProblemReport
from quizapp.db import db
from quizapp.quizzes import queries
from quizapp.quizzes.models import Attempt, ItemResponse
from quizapp.quizzes.queries import AskedItem
from tests.factories import banks, quizzes
from tests.reader import FETCH, Page, Reader, form_values


@pytest.fixture
def reader(app: Flask) -> Reader:
    banks.publish(quizzes.MIXED)
    return Reader(app.test_client())


def begin(reader: Reader, mode: str = "practice", **fields: str) -> str:
    """Start a quiz of one's own as a person does; return its code."""
    reader.get("/quizzes")
    form = next(
        form
        for form in reader.page.soup.find_all("form")
        if form.find(attrs={"name": "prefer"}, type="radio")
    )
    values = {
        "csrf_token": reader.token(),
        "time_zone": "Europe/Zurich",
        "mode": mode,
        "count": "3",
        **fields,
    }
    assert form["action"] == "/quizzes/start"
    return re.search(r"/quizzes/([\w-]{22})/1$", reader.post("/quizzes/start", values).url).group(1)


def asked(code: str) -> list[AskedItem]:
    db.session.rollback()
    attempt = db.session.execute(select(Attempt).where(Attempt.code == code)).scalar_one()
    return queries.items(attempt.learner_id, attempt.id)


def rows(model: type) -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def respond(
    reader: Reader, code: str, position: int, choice: list[str], *, status: int = 200, **more: str
) -> Page:
    reader.get(f"/quizzes/{code}/{position}")
    return reader.submit("/respond", {"choice": choice, **more}, status=status)


def test_a_visitor_starts_in_one_click_and_reads_the_result(reader: Reader) -> None:
    page = reader.get("/quizzes")
    assert "3 questions" in page.text
    page = reader.submit("/quizzes/start")
    assert page.url.endswith("/1")
    code = page.url.split("/")[2]
    for item in asked(code):
        right = item.position != 2
        page = respond(
            reader, code, item.position, quizzes.good_answer(item) if right else quizzes.bad_answer(item)
        )
        assert page.soup.find(id="verdict").get_text(strip=True).startswith("Right" if right else "Wrong")
        for option in item.snapshot["options"]:
            assert option["text"] in page.text
        assert item.snapshot["about"]["cites"][0]["title"] in page.text
    page = reader.get(f"/quizzes/{code}")
    assert page.url.endswith("/result")
    assert "2 of 3 points · 67" in page.text.replace("\xa0", " ")
    assert len(page.soup.select("details.asked[open]")) == 1
    assert len(page.soup.select("details.asked")) == 3


def test_practice_explains_in_place(reader: Reader) -> None:
    code = begin(reader, kind="multiple")
    (item,) = asked(code)
    page = respond(reader, code, 1, quizzes.good_answer(item)[:1])
    assert "Partly right" in page.text
    assert "0.50 of 1 point" in page.text
    for words in ("The label warns of them.", "Not described.", "The boxed warning lists them.", "A label"):
        assert words in page.text
    assert [row.get_text(" ", strip=True) for row in page.soup.select(".is-right .verdict")]


ONE_OF_ALL = """
- id: signs
  type: multiple
  stem: Which can follow abrupt withdrawal?
  correct: [{text: Seizures, why: The label warns of them.}]
  incorrect: [{text: Nasal congestion, why: Treatment does that.}, {text: Ringing ears, why: Not described.}]
  cite: {source: label, at: Boxed warning, fact: WD-01}
"""


def test_where_all_that_apply_are_selected_each_option_says_what_became_of_it(app: Flask) -> None:
    banks.publish(ONE_OF_ALL)
    reader = Reader(app.test_client())

    def told(*chosen: str) -> dict[str, str]:
        code = begin(reader, kind="multiple", count="1")
        ids = {option["text"]: option["id"] for option in asked(code)[0].snapshot["options"]}
        page = respond(reader, code, 1, [ids[text] for text in chosen])
        return {
            row.select_one(".option-text").get_text(strip=True): verdict.get_text(strip=True)
            for row in page.soup.select("div.option")
            for verdict in row.select(".verdict")
        }

    assert told("Seizures") == {"Seizures": "Chosen, right"}
    assert told("Ringing ears") == {"Seizures": "Right, you missed it", "Ringing ears": "Chosen, wrong"}
    assert told("Seizures", "Ringing ears") == {"Seizures": "Chosen, right", "Ringing ears": "Chosen, wrong"}


def test_a_test_can_be_changed_flagged_left_and_handed_in_with_a_gap(reader: Reader) -> None:
    code = begin(reader, "test")
    first, second, _ = asked(code)
    page = respond(reader, code, 1, quizzes.bad_answer(first), go="2")
    assert page.url.endswith("/2")
    page = respond(reader, code, 1, quizzes.good_answer(first), go="2")
    page = reader.submit("/respond", {"choice": quizzes.bad_answer(second), "go": "3"})
    assert page.url.endswith("/3")
    page = reader.get(f"/quizzes/{code}")
    assert page.url.endswith("/3")
    page = reader.get("/quizzes")
    assert "2 of 3 answered" in page.text
    flagged = {"flagged": "yes", "csrf_token": reader.token()}
    page = reader.post(f"/quizzes/{code}/2/flag", flagged)
    assert page.soup.select_one(".place.is-flagged").get_text(strip=True) == "2"
    page = reader.get(f"/quizzes/{code}/submit")
    assert "1 question without an answer" in page.text.replace("\xa0", " ")
    assert "1 question flagged for review" in page.text.replace("\xa0", " ")
    page = reader.submit("/submit")
    assert page.url.endswith("/result")
    assert "1 question stayed unanswered" in page.text
    assert "1 of 3 points" in page.text.replace("\xa0", " ")


def test_flagging_keeps_what_was_chosen_but_not_saved(reader: Reader) -> None:
    code = begin(reader, "test")
    item = asked(code)[0]
    chosen = quizzes.bad_answer(item)
    page = reader.post(f"/quizzes/{code}/1/flag", {"flagged": "yes", "choice": chosen})
    assert [box["value"] for box in page.soup.select("input[name=choice][checked]")] == chosen
    assert asked(code)[0].answer is None


def test_leaving_a_test_keeps_the_answer_in_view(reader: Reader) -> None:
    code = begin(reader, "test")
    chosen = quizzes.good_answer(asked(code)[0])
    page = respond(reader, code, 1, chosen, go="leave")
    assert page.url == "/quizzes"
    assert "1 of 3 answered" in page.text
    assert asked(code)[0].answer == chosen


def test_a_choice_kept_by_the_script_is_stored_once_and_brings_no_page(reader: Reader) -> None:
    code = begin(reader, "test")
    reader.get(f"/quizzes/{code}/1")
    values = form_values(reader.page.form("/respond")) | {"choice": quizzes.good_answer(asked(code)[0])}
    for go in ("stay", "stay", "2"):
        response = reader.client.post(f"/quizzes/{code}/1/respond", data=values | {"go": go}, headers=FETCH)
        assert response.status_code == 200
        assert response.is_json is (go == "stay")
        if response.is_json:
            values["seen"] = str(response.json["seen"])
    assert values["seen"] == "1"
    assert rows(ItemResponse) == 1


@pytest.mark.parametrize("leaving", [{"go": "2"}, {"go": "leave"}, {"go": "submit"}])
def test_leaving_a_question_answered_elsewhere_meanwhile_changes_nothing(
    reader: Reader, leaving: dict[str, str]
) -> None:
    code = begin(reader, "test", kind="single")
    item = asked(code)[0]
    left_open = reader.get(f"/quizzes/{code}/1")
    respond(reader, code, 1, quizzes.good_answer(item))
    reader.submit("/respond", leaving, page=left_open)
    assert asked(code)[0].answer == quizzes.good_answer(item)


@pytest.mark.parametrize("go", ["stay", "2"])
def test_another_choice_on_a_page_left_open_is_told_what_is_recorded(reader: Reader, go: str) -> None:
    code = begin(reader, "test", kind="single")
    item = asked(code)[0]
    left_open = reader.get(f"/quizzes/{code}/1")
    respond(reader, code, 1, quizzes.good_answer(item))
    choice = {"choice": quizzes.bad_answer(item), "go": go}
    page = reader.submit("/respond", choice, page=left_open, status=409)
    assert "Question 1 was changed elsewhere meanwhile" in page.text
    (chosen,) = page.soup.select("input[name=choice][checked]")
    assert [chosen["value"]] == asked(code)[0].answer == quizzes.good_answer(item)
    reader.submit("/respond", choice | {"go": "2"})
    assert asked(code)[0].answer == quizzes.bad_answer(item)


def test_flagging_a_page_left_open_shows_what_was_answered_elsewhere(reader: Reader) -> None:
    code = begin(reader, "test", kind="single")
    item = asked(code)[0]
    left_open = reader.get(f"/quizzes/{code}/1")
    respond(reader, code, 1, quizzes.good_answer(item))
    values = form_values(left_open.form("/respond")) | {"choice": quizzes.bad_answer(item), "flagged": "yes"}
    page = reader.post(f"/quizzes/{code}/1/flag", values)
    (chosen,) = page.soup.select("input[name=choice][checked]")
    assert [chosen["value"]] == quizzes.good_answer(item)


@pytest.mark.parametrize("go", ["0", "4", "201"])
def test_nothing_is_stored_on_the_way_to_a_question_that_is_not_there(reader: Reader, go: str) -> None:
    code = begin(reader, "test")
    respond(reader, code, 1, quizzes.good_answer(asked(code)[0]), go=go, status=404)
    assert rows(ItemResponse) == 0


def test_the_time_of_a_visit_can_be_told_without_a_move(app: Flask, reader: Reader) -> None:
    code = begin(reader)
    page = reader.get(f"/quizzes/{code}/2")
    tell = str(page.soup.select_one("[data-spent]")["data-tell"])
    other = Reader(app.test_client())
    begin(other)
    other.post(tell, {"thinking_ms": "1000"}, status=404)
    for claim in ("99999999", "", "soon"):
        reader.post(tell, {"thinking_ms": claim}, status=204)
    assert asked(code)[1].spent_ms < 60_000


def test_the_key_reaches_no_page_before_the_answer(reader: Reader) -> None:
    for mode in ("practice", "test"):
        code = begin(reader, mode)
        for item in asked(code):
            there = f"/quizzes/{code}/{item.position}"
            seen = [reader.client.get(there), reader.client.get(there, headers=FETCH)]
            token = {"csrf_token": reader.token(), "answer_key": "0" * 32}
            for action in ("flag", "report", "respond"):
                seen.append(reader.client.post(f"{there}/{action}", data={**token, "choice": "ffffffff"}))
            if mode == "test":
                saved = {**token, "answer_key": f"{item.position:032x}", "choice": quizzes.good_answer(item)}
                seen.append(reader.client.post(f"{there}/respond", data=saved, headers=FETCH))
                seen.append(reader.client.get(there))
            seen += [reader.client.get(f"/quizzes/{code}"), reader.client.get(f"/quizzes/{code}/submit")]
            seen += [reader.client.get(f"/quizzes/{code}/result"), reader.client.get("/quizzes")]
            for response in seen:
                assert response.status_code < 500
                assert_nothing_told(response.get_data(as_text=True), item)


def assert_nothing_told(html: str, item: AskedItem) -> None:
    about = item.snapshot["about"]
    secret = [about["explanation"], about["caveat"], about["cites"][0]["at"], about["cites"][0]["fact"]]
    secret += [option["why"] for option in item.snapshot["options"] if "why" in option]
    for words in filter(None, secret):
        assert words not in html, words
    for marker in ("harm", "is-right", "is-wrong", "verdict-right", "verdict-wrong", '"right"', "data-right"):
        assert marker not in html, marker


def test_a_second_answer_in_practice_is_told_what_is_recorded_and_the_way_on(reader: Reader) -> None:
    code = begin(reader)
    item = asked(code)[0]
    reader.get(f"/quizzes/{code}/1")
    left_open = reader.page
    respond(reader, code, 1, quizzes.bad_answer(item))
    page = reader.submit("/respond", {"choice": quizzes.good_answer(item)}, page=left_open, status=409)
    assert "Question 1 is answered already" in page.text
    assert page.soup.select_one("a.button-primary")["href"].endswith("/2")
    assert asked(code)[0].answer == quizzes.bad_answer(item)


def test_the_same_form_sent_twice_is_one_answer(reader: Reader) -> None:
    code = begin(reader)
    item = asked(code)[0]
    reader.get(f"/quizzes/{code}/1")
    form = reader.page
    first = reader.submit("/respond", {"choice": quizzes.good_answer(item)}, page=form)
    second = reader.submit("/respond", {"choice": quizzes.good_answer(item)}, page=form)
    assert first.text == second.text
    assert rows(ItemResponse) == 1


def test_an_answer_after_the_end_is_refused_with_the_way_to_the_result(reader: Reader) -> None:
    code = begin(reader, "test")
    reader.get(f"/quizzes/{code}/1")
    form = reader.page
    reader.get(f"/quizzes/{code}/submit")
    reader.submit("/submit")
    page = reader.submit("/respond", {"choice": quizzes.good_answer(asked(code)[0])}, page=form, status=409)
    assert "This quiz is finished" in page.text
    assert f"/quizzes/{code}/result" in page.links()
    assert reader.post(f"/quizzes/{code}/submit").url.endswith("/result")


def test_practice_without_a_choice_says_so_at_the_question(reader: Reader) -> None:
    code = begin(reader)
    page = respond(reader, code, 1, [], status=422)
    assert "Choose an option first, or skip the question." in page.text
    assert page.form("/respond")


def test_a_script_gets_pieces(reader: Reader) -> None:
    code = begin(reader, "test")
    item = asked(code)[0]
    reader.get(f"/quizzes/{code}/1")
    values = {
        "csrf_token": reader.token(),
        "answer_key": "ab" * 16,
        "choice": quizzes.good_answer(item),
        "go": "2",
    }
    response = reader.client.post(f"/quizzes/{code}/1/respond", data=values, headers=FETCH)
    assert response.status_code == 200
    piece = Page(response)
    assert "<html" not in response.get_data(as_text=True)
    assert piece.soup.select_one("[data-url]")["data-url"] == f"/quizzes/{code}/2"
    assert reader.client.get("/quizzes/count?tag=kinetics", headers=FETCH).get_data(as_text=True).split() == [
        *(
            "Only",
            ["1", "question"][0],
            "question",
            "matches:",
            "all",
            "of",
            "them",
            "will",
            "be",
            "asked.",
        ),
    ]


def test_counting_works_without_a_script_and_keeps_the_choices(reader: Reader) -> None:
    reader.get("/quizzes")
    page = reader.post("/quizzes/count", {"tag": "kinetics", "count": "1", "prefer": "due", "mode": "test"})
    assert "1 question matches." in page.text.replace("\xa0", " ")
    assert page.soup.select_one("input[name=tag][value=kinetics]").has_attr("checked")
    assert page.soup.select_one("input[name=prefer][value=due]").has_attr("checked")
    assert "Sign in" in page.text


@pytest.mark.parametrize(
    "fields",
    [
        {"count": "0"},
        {"count": "201"},
        {"count": "x"},
        {"mode": "exam"},
        {"prefer": "luck"},
        {"tag": "nowhere"},
    ],
)
def test_a_quiz_that_cannot_be_is_refused_beside_the_form(reader: Reader, fields: dict[str, str]) -> None:
    reader.get("/quizzes")
    page = reader.post("/quizzes/start", {"count": "3", "mode": "practice", **fields}, status=422)
    assert "Please correct this" in page.text
    assert "Not a valid" not in page.text or "count" not in fields
    assert rows(Attempt) == 0


@pytest.mark.parametrize("path", ["", "/1", "/submit", "/result"])
def test_a_foreign_or_unknown_attempt_is_not_there(app: Flask, reader: Reader, path: str) -> None:
    code = begin(reader)
    other = Reader(app.test_client())
    begin(other)
    other.get(f"/quizzes/{code}{path}", status=404)
    reader.get(f"/quizzes/{'x' * 22}{path}", status=404)
    visitor = Reader(app.test_client()).get(f"/quizzes/{code}{path}")
    assert visitor.url.startswith("/login")


@pytest.mark.parametrize("action", ["/1/respond", "/1/flag", "/1/report", "/submit", "/retake"])
def test_a_foreign_attempt_cannot_be_changed(app: Flask, reader: Reader, action: str) -> None:
    code = begin(reader)
    other = Reader(app.test_client())
    begin(other)
    fields = {"answer_key": "00" * 16, "flagged": "yes", "message": "x", "what": "same"}
    other.post(f"/quizzes/{code}{action}", fields, status=404)


def test_positions_end_where_the_quiz_does(reader: Reader) -> None:
    code = begin(reader)
    for position in ("0", "4", "201", "99999999999999999999"):
        reader.get(f"/quizzes/{code}/{position}", status=404)


def test_a_problem_can_be_reported_after_the_answer_only(reader: Reader) -> None:
    code = begin(reader)
    item = asked(code)[0]
    reader.post(f"/quizzes/{code}/1/report", {"message": "The key is wrong."}, status=409)
    respond(reader, code, 1, quizzes.good_answer(item))
    page = reader.submit("/report", {"message": " "}, status=422)
    assert "Say what is wrong." in page.text
    page = reader.submit("/report", {"message": "The key is wrong."})
    assert "Thank you." in page.text
    db.session.rollback()
    report = db.session.execute(select(ProblemReport)).scalar_one()
    assert (report.message, report.kind, report.key) == ("The key is wrong.", "item", item.snapshot["key"])
    assert report.shown == item.snapshot | {"answer": quizzes.good_answer(item)}


def test_what_was_missed_is_drilled_or_taken_again(reader: Reader) -> None:
    code = begin(reader)
    for item in asked(code):
        respond(reader, code, item.position, quizzes.bad_answer(item))
    page = reader.get(f"/quizzes/{code}/result")
    singles = {str(item.card_id) for item in asked(code) if item.type == "single"}
    drill = page.form("/study/start")
    assert {field["value"] for field in drill.find_all("input", {"name": "card"})} == singles
    assert "1 missed question has no card of its own" in page.text.replace("\xa0", " ")
    page = reader.submit("/retake")
    assert page.url.endswith("/1")
    again = page.url.split("/")[2]
    assert {item.item_id for item in asked(again)} == {item.item_id for item in asked(code)}


MATRIX = """
- id: vs
  type: matrix
  subjects: {bac: Baclofen, cyc: Cyclobenzaprine}
  cite: label
  rows:
    - {id: use, attribute: main use, bac: Spasticity, cyc: Muscle spasm, distractors: [Epilepsy]}
"""


def test_what_was_chosen_instead_is_drilled_too(app: Flask) -> None:
    banks.publish(MATRIX)
    reader = Reader(app.test_client())
    code = begin(reader, count="9")
    items = asked(code)
    item = next(item for item in items if item.snapshot["key"] == "vs/use/bac")
    chosen = [option["id"] for option in item.snapshot["options"] if option["text"] == "Muscle spasm"]
    respond(reader, code, item.position, chosen)
    for other in items:
        if other.position != item.position:
            respond(reader, code, other.position, quizzes.good_answer(other))
    page = reader.get(f"/quizzes/{code}/result")
    drilled = [int(field["value"]) for field in page.form("/study/start").find_all("input", {"name": "card"})]
    by_key = {one.snapshot["key"]: one.card_id for one in items}
    assert drilled == [by_key["vs/use/bac"], by_key["vs/use/cyc"]]


def test_a_result_says_what_is_known_in_every_row_and_when_a_missed_card_comes_back(reader: Reader) -> None:
    code = begin(reader, kind="single", count="2")
    first, second = asked(code)
    respond(reader, code, 1, quizzes.bad_answer(first))
    respond(reader, code, 2, quizzes.good_answer(second))
    page = reader.get(f"/quizzes/{code}/result")
    known = [
        " ".join(row.get_text(" ").replace("\N{NO-BREAK SPACE}", " ").split())
        for row in page.soup.select(".asked-known")
    ]
    assert all(re.fullmatch(r"tomorrow \d+ %", words) for words in known), known
    returns = ["comes back tomorrow" in row.get_text() for row in page.soup.select(".asked")]
    assert returns == [True, False]


def test_topics_are_folded_so_that_the_questions_come_first(app: Flask) -> None:
    banks.publish(
        "".join(re.sub("}\n", f", tags: [topic-{n}]}}\n", quizzes.many(f"n{n}", 1)) for n in range(5))
    )
    reader = Reader(app.test_client())
    code = begin(reader, count="5")
    for item in asked(code):
        respond(reader, code, item.position, quizzes.good_answer(item))
    (fold,) = reader.get(f"/quizzes/{code}/result").soup.select("section[aria-labelledby=parts] details")
    assert fold.summary.get_text(strip=True) == "Points by topic (5)"
    assert not fold.has_attr("open")


def test_a_finished_question_offers_one_main_action(reader: Reader) -> None:
    code = begin(reader, count="1")
    (item,) = asked(code)
    page = respond(reader, code, 1, quizzes.good_answer(item))
    assert [link["href"] for link in page.soup.select("main a[href$=result], main a[href$=submit]")] == [
        f"/quizzes/{code}/result"
    ]


def test_a_test_says_so_at_its_head_and_how_to_leave(reader: Reader) -> None:
    code = begin(reader, "test")
    page = reader.get(f"/quizzes/{code}/1")
    assert page.soup.select_one(".attempt-head").get_text(" ", strip=True).startswith("Test")
    assert page.soup.find("button", attrs={"value": "leave"}).get_text() == "Leave, keep my answers"


def test_the_result_can_show_the_missed_alone(reader: Reader) -> None:
    code = begin(reader)
    for item in asked(code):
        respond(
            reader,
            code,
            item.position,
            quizzes.good_answer(item) if item.position > 1 else quizzes.bad_answer(item),
        )
    page = reader.get(f"/quizzes/{code}/result?show=missed")
    assert len(page.soup.select("details.asked")) == 1


def test_a_retake_can_be_compared_with_the_first_time(reader: Reader) -> None:
    code = begin(reader, "test")
    reader.get(f"/quizzes/{code}/submit")
    reader.submit("/submit")
    again = reader.post(f"/quizzes/{code}/retake", {"what": "same"}).url.split("/")[2]
    reader.get(f"/quizzes/{again}/submit")
    page = reader.submit("/submit")
    assert f"/quizzes/{code}/compare/{again}" in page.links()


@pytest.mark.parametrize(
    "query", ["prefer=luck&mode=exam&count=ten&kind=x", "tag=%00&bank=%ff&count=9" + "9" * 40]
)
def test_an_address_that_makes_no_sense_is_taken_as_far_as_it_does(reader: Reader, query: str) -> None:
    reader.get(f"/quizzes?{query}")
    assert reader.client.get(f"/quizzes/count?{query}", headers=FETCH).status_code == 200


def test_an_address_that_only_takes_forms_says_so_plainly(reader: Reader) -> None:
    page = reader.get("/quizzes/start", status=405)
    assert "This page cannot be opened or sent in that way." in page.text


def test_an_empty_site_says_so(app: Flask) -> None:
    page = Reader(app.test_client()).get("/quizzes")
    assert "No questions yet" in page.text


def statements_of_each_page(
    client: FlaskClient, statements: list[str], *, bank: str, size: int
) -> dict[str, int]:
    """Return how many statements each page of a test of `size` items takes."""
    reader = Reader(client)
    code = begin(reader, "test", bank=bank, count=str(size))
    chosen = quizzes.good_answer(asked(code)[0])
    counts = {}

    def measure(name: str, act: Callable[[], object]) -> None:
        db.session.remove()
        statements.clear()
        act()
        counts[name] = len(statements)

    reader.get(f"/quizzes/{code}/1")
    form = reader.page
    measure("item", lambda: client.get(f"/quizzes/{code}/1"))
    values = {**form_values(form.form("/respond")), "choice": chosen, "go": "2"}
    measure("respond", lambda: client.post(f"/quizzes/{code}/1/respond", data=values, headers=FETCH))
    measure("submit", lambda: client.get(f"/quizzes/{code}/submit"))
    reader.get(f"/quizzes/{code}/submit")
    reader.submit("/submit")
    measure("result", lambda: client.get(f"/quizzes/{code}/result"))
    measure("index", lambda: client.get("/quizzes"))
    return counts


def test_pages_take_as_many_statements_for_many_items_as_for_few(
    client: FlaskClient, statements: list[str]
) -> None:
    banks.publish(quizzes.many("small", 3), bank="small")
    banks.publish(quizzes.many("large", 60), bank="large")
    few = statements_of_each_page(client, statements, bank="small", size=3)
    more = statements_of_each_page(client, statements, bank="large", size=60)
    assert few == more
    # to respond: one looks whether the question to go on to is there, before anything is stored
    most = {"item": 3, "respond": 7, "submit": 4, "result": 7, "index": 5}
    assert all(few[page] <= most[page] for page in most), few


def test_a_practice_answer_takes_few_statements(
    app: Flask, client: FlaskClient, statements: list[str]
) -> None:
    banks.publish(quizzes.MIXED)
    reader = Reader(client)
    code = begin(reader)
    reader.get(f"/quizzes/{code}/1")
    values = {
        "csrf_token": reader.token(),
        "answer_key": "ab" * 16,
        "choice": quizzes.good_answer(asked(code)[0]),
    }
    statements.clear()
    assert client.post(f"/quizzes/{code}/1/respond", data=values, headers=FETCH).status_code == 200
    assert len(statements) == 10, "\n".join(statements)
