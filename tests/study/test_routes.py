"""Stories of drilling, told through the pages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from quizapp.accounts.models import Learner
from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.models import Card, ProblemReport
from quizapp.db import db
from quizapp.memory.models import CardMemory, Review
from quizapp.memory.queries import learners_with_reviews, refolded
from quizapp.study.models import Sitting
from tests.factories import memory, quizzes
from tests.factories.banks import publish
from tests.factories.memory import MORNING
from tests.factories.study import publish_cards
from tests.reader import FETCH, Page, Reader, form_values


@pytest.fixture
def reader(client: FlaskClient) -> Iterator[Reader]:
    """A visitor; afterwards every log must add up to what is stored."""
    yield Reader(client)
    db.session.rollback()
    assert not any(refolded(learner_id).differs for learner_id in learners_with_reviews())


def begin(reader: Reader, bank: str = "sample", **fields: str) -> Page:
    reader.get("/study")
    return reader.submit("/study/start", {"bank": bank, **fields})


def rate(reader: Reader, rating: int, *, page: Page | None = None, status: int = 200) -> Page:
    return reader.submit("/review", {"rating": str(rating)}, page=page, status=status)


def choose(reader: Reader, action: str) -> Page:
    """Press the button of the card's menu that sends its form to `action`."""
    assert reader.page is not None
    button = reader.page.soup.find("button", formaction=re.compile(f"/{action}$"))
    values = form_values(button.find_parent("form"))
    if button.get("name"):
        values[button["name"]] = button["value"]
    return reader.post(str(button["formaction"]), values)


def front(page: Page) -> str:
    text = page.soup.select_one(".card-text")
    assert text is not None
    return " ".join(text.get_text(" ").split())


def count(model: type) -> int:
    db.session.rollback()
    return db.session.query(model).count()


def test_a_visitor_drills_a_bank_to_its_summary_without_javascript(reader: Reader) -> None:
    publish_cards(2)
    page = begin(reader)
    assert front(page) == "What is number 0?"
    turned = reader.submit(re.sub(r"\?.*", "", page.url))  # the form of "Show answer"
    assert "turned=1" in turned.url
    assert turned.soup.select_one("#answer:not([hidden])")
    assert front(rate(reader, 4)) == "What is number 1?"
    summary = rate(reader, 4)
    assert summary.url.endswith("/summary")
    assert "cards 2" in summary.text
    assert "remembered all new —" in summary.text


def test_each_button_names_its_interval_and_stores_it(reader: Reader) -> None:
    publish_cards(1)
    page = begin(reader)
    labels = [" ".join(button.get_text(" ").split()) for button in page.soup.select(".rating")]
    assert labels[:3] == ["Again 1 min 1", "Hard 5.5 min 2", "Good 10 min 3"]
    offered = dt.date.fromisoformat(str(page.soup.find("input", {"name": "due"})["value"]).split()[3])
    rate(reader, 4)
    db.session.rollback()
    assert db.session.query(CardMemory.due_on).scalar() == offered


def test_the_same_answer_sent_twice_is_one_review(reader: Reader) -> None:
    publish_cards(3)
    page = begin(reader)
    assert front(rate(reader, 3, page=page)) == front(rate(reader, 3, page=page)) == "What is number 1?"
    assert count(Review) == 1


def test_a_stale_tab_is_told_what_is_recorded_and_shown_what_comes(reader: Reader) -> None:
    publish_cards(3)
    page = begin(reader)
    other_tab = reader.get(page.url)
    rate(reader, 4, page=page)
    refused = rate(reader, 1, page=other_tab, status=409)
    assert "Already answered: Easy, due" in refused.text
    assert front(refused) == "What is number 1?"
    changed_mind = rate(reader, 2, page=page, status=409)
    assert "Already answered: Easy" in changed_mind.text
    assert count(Review) == 1


def test_undo_brings_the_card_back_and_leaves_the_log(reader: Reader) -> None:
    publish_cards(2)
    first = front(begin(reader))
    rate(reader, 1)
    page = reader.submit("/undo")
    assert front(page) == first
    assert "Taken back" in page.text
    assert count(Review) == 2
    (offer,) = page.soup.select("button[form=undo], #undo button")
    assert offer.has_attr("disabled"), "nothing is left to undo"


def test_the_last_answer_can_be_undone_after_the_end(reader: Reader) -> None:
    publish_cards(1)
    page = begin(reader)
    rate(reader, 4)
    db.session.rollback()
    sitting = db.session.query(Sitting).one()
    assert sitting.finished_at is not None
    reader.post(f"/study/{sitting.id}/undo", {"answer_key": "0" * 32})
    assert reader.page is not None
    assert front(reader.page) == front(page)


@pytest.mark.parametrize(("action", "told"), [("suspend", "Suspended"), ("bury", "Put off until tomorrow")])
def test_a_card_put_away_can_be_had_back(reader: Reader, action: str, told: str) -> None:
    publish_cards(2)
    first = front(begin(reader))
    page = reader.submit("/suspend") if action == "suspend" else choose(reader, action)
    assert told in page.text
    assert front(page) != first
    assert front(reader.submit("/undo")) == first


def test_a_fetch_is_answered_with_the_next_card_alone(reader: Reader) -> None:
    publish_cards(2)
    page = begin(reader)
    form = page.form("/review")
    values = form_values(form) | {"rating": "4"}
    response = reader.client.post(str(form["action"]), data=values, headers=FETCH)
    body = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "What is number 1?" in body
    assert "<html" not in body
    again = reader.client.post(str(form["action"]), data=values | {"rating": "1"}, headers=FETCH)
    assert again.status_code == 409
    assert "Already answered" in again.get_data(as_text=True)


def test_a_typed_answer_is_compared_and_only_suggests(reader: Reader) -> None:
    publish_cards(2)
    begin(reader)
    page = choose(reader, "typing")
    drill = re.sub(r"\?.*", "", page.url)
    wrong = reader.submit(drill, {"typed": "Answer 7"})
    assert wrong.soup.select_one(".typed del")
    assert "Suggested: Again" in wrong.text
    far = reader.submit(drill, {"typed": "<kidney>"}, page=page)
    assert "You typed <kidney>" in far.text
    assert not far.soup.select_one(".typed del")
    near = reader.submit(drill, {"typed": "Ansver 0"}, page=page)
    assert "Nearly. Suggested: Hard" in near.text
    part = reader.submit(drill, {"typed": "some answer"}, page=page)
    assert "Suggested" not in part.text
    right = reader.submit(drill, {"typed": "ANSWER 0"}, page=page)
    assert "You typed it right" in right.text
    assert "Suggested: Good" in right.text
    assert count(Review) == 0


def test_who_types_answers_does_so_in_the_next_drill_too(reader: Reader) -> None:
    publish_cards(2)
    begin(reader)
    choose(reader, "typing")
    assert begin(reader).soup.select_one("#typed")
    choose(reader, "typing")
    assert not begin(reader).soup.select_one("#typed")


def test_finishing_early_shows_what_slipped_and_drills_it(reader: Reader) -> None:
    publish_cards(5)
    slipped = front(begin(reader))
    rate(reader, 1)
    rate(reader, 4)
    summary = choose(reader, "finish")
    assert slipped in " ".join(fold.get_text() for fold in summary.soup.select("details.fold summary"))
    assert front(reader.submit("/study/start")) == slipped


def test_a_drill_left_at_its_first_card_goes_on(reader: Reader) -> None:
    publish_cards(2)
    first = front(begin(reader))
    page = choose(reader, "finish")
    assert "Nothing answered yet" in page.text
    assert "Nothing is due" not in page.text
    (link,) = [link for link in page.soup.select("main a") if "Go on drilling" in link.get_text()]
    assert front(reader.get(str(link["href"]))) == first


def test_a_summary_tells_what_was_gained_when_to_return_and_what_to_do_next(reader: Reader) -> None:
    publish_cards(4)
    with time_machine.travel(MORNING, tick=False):
        begin(reader)
        rate(reader, 1)
        rate(reader, 4)
        rate(reader, 4)
        page = choose(reader, "finish")
        text = page.text.replace("\N{NO-BREAK SPACE}", " ")
        share = float(page.soup.select_one("main progress")["value"])
        assert 0.4 < share < 0.8
        assert page.soup.h1.get_text() == f"{share:.0%} of The sample bank known".replace(
            "%", "\N{NO-BREAK SPACE}%"
        )
        assert "3 cards begun, 1 shaky." in text
        assert re.search(r"\d cards? returns? .*, about 1 minute\.", text)
        assert "Create an account to keep this" in text
        quiz = form_values(page.form("/quizzes/start"))
        assert (quiz["bank"], quiz["count"]) == ("sample", "10")
    with time_machine.travel(MORNING + dt.timedelta(days=1), tick=False):
        begin(reader)
        rate(reader, 4)
        assert "2 days in a row." in choose(reader, "finish").text.replace("\N{NO-BREAK SPACE}", " ")


def test_nothing_due_says_when_and_what_else(reader: Reader) -> None:
    publish_cards(1)
    begin(reader)
    rate(reader, 4)
    page = reader.post("/study/start", {"bank": "sample"})
    assert page.soup.h1.get_text() == "Nothing is due"
    assert page.text.count("Nothing") == 2, (
        "in the title of the page and in its headline, and nowhere once more"
    )
    assert "The next card is due" in page.text
    assert front(reader.submit("/study/start")) == "What is number 0?"  # "Study ahead"


def test_the_choice_of_several_banks_or_a_tag_is_kept(reader: Reader) -> None:
    publish_cards(2)
    publish_cards(2, bank="other", tags=("pump",))
    reader.get("/study")
    page = reader.post("/study/start", {"tag": "pump"})
    assert "The other bank" in page.text
    page = reader.post("/study/start", {"bank": ["sample", "other"]})
    assert "0 answered · about 4 left" in page.text


def test_the_head_of_a_drill_tells_answers_cards_and_which_of_them_come_back(reader: Reader) -> None:
    publish_cards(3)
    assert head(begin(reader)) == "0 answered · about 3 left"
    assert head(rate(reader, 3)) == "1 answered · about 3 left, 1 coming back"
    assert head(rate(reader, 4)) == "2 answered · about 2 left, 1 coming back"
    assert head(rate(reader, 4)) == "3 answered · about 1 left", "the one that comes back is on the table"


def head(page: Page) -> str:
    (told,) = page.soup.select(".drill-count")
    return told.get_text()


def test_an_unknown_bank_is_not_found(reader: Reader) -> None:
    publish_cards(1)
    reader.get("/study")
    reader.post("/study/start", {"bank": "nowhere"}, status=404)
    assert count(Sitting) == 0


def test_an_address_with_senseless_numbers_shows_the_card_that_comes(reader: Reader) -> None:
    publish_cards(1)
    page = begin(reader)
    for card, seen in (("99999999999999999999", "0"), ("1", "-1"), ("x", "y"), ("1", "7")):
        shown = reader.get(f"{page.url}?card={card}&seen={seen}&turned=1")
        assert shown.soup.select_one("#answer[hidden]")


def test_nobody_reaches_the_sitting_of_another(reader: Reader, client: FlaskClient) -> None:
    publish_cards(2)
    page = begin(reader)
    stranger = Reader(client.application.test_client())
    assert "/login" in stranger.get(page.url).url
    begin(stranger)
    stranger.get(page.url, status=404)
    stranger.get(f"{page.url}/summary", status=404)
    rate(stranger, 4, page=page, status=400)  # the token is not theirs either
    own = form_values(page.form("/review")) | {"rating": "4", "csrf_token": stranger.token()}
    stranger.post(str(page.form("/review")["action"]), own, status=404)
    for action in ("finish", "more", "typing", "undo"):
        for sitting in (page.url, "/study/999999"):
            stranger.post(f"{sitting}/{action}", {"answer_key": "ab" * 16}, status=404)
    assert count(Review) == 0
    db.session.rollback()
    assert (
        db.session.query(Sitting.finished_at).filter_by(id=int(page.url.rsplit("/", 1)[1])).scalar() is None
    )


def test_an_answer_without_a_readable_key_is_refused(reader: Reader) -> None:
    publish_cards(1)
    page = begin(reader)
    reader.submit("/review", {"rating": "3", "answer_key": "short"}, page=page, status=422)
    reader.submit("/review", {"rating": "9"}, page=page, status=422)
    assert count(Review) == 0


def test_cards_are_listed_searched_and_filtered(reader: Reader) -> None:
    publish_cards(30, tags=("oral", "pump"))
    assert len(reader.get("/cards").soup.select("tbody tr")) == 25
    assert len(reader.get("/cards?page=2").soup.select("tbody tr")) == 5
    assert [row.get_text() for row in reader.get("/cards?q=number+7").soup.select("a.row-title")] == [
        "What is number 7?"
    ]
    assert "15 cards" in reader.get("/cards?tag=pump").text
    assert "No card matches" in reader.get("/cards?q=100%25").text
    begin(reader)
    rate(reader, 4)
    reader.submit("/suspend")
    assert "1 card" in reader.get("/cards?state=review").text
    assert "1 card" in reader.get("/cards?state=suspended").text
    assert "28 cards" in reader.get("/cards?state=new").text
    for sort in ("due", "weak"):
        assert (
            reader.get(f"/cards?sort={sort}").soup.select_one("tbody tr a").get_text() == "What is number 0?"
        )


def test_a_card_shows_its_whole_history_and_can_be_reset(reader: Reader) -> None:
    (card,) = publish_cards(1)
    assert "You have not met this card yet" in reader.get(f"/cards/{card}").text
    begin(reader)
    rate(reader, 1)
    reader.submit("/undo")
    rate(reader, 4)
    page = reader.get(f"/cards/{card}")
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select("tbody tr")]
    assert len(rows) == 3
    assert "Easy" in rows[0]
    assert "Undo" in rows[1]
    assert "Again" in rows[2]
    assert "taken back" in rows[2]
    assert "100 %" in page.text.replace("\xa0", " ")
    assert "you will probably still know this for about 8 days" in page.text.replace("\xa0", " ")
    assert "8.3 d" in rows[0], "the exact figure stands in the history"
    assert "Take back into the drill" in reader.submit(f"/cards/{card}/suspend").text
    assert "Taken back" in reader.submit(f"/cards/{card}/unsuspend").text
    assert "new again" in reader.submit(f"/cards/{card}/reset").text
    assert front(begin(reader)) == "What is number 0?"


def test_a_card_page_left_open_is_told_what_is_recorded(reader: Reader) -> None:
    (card,) = publish_cards(1)
    begin(reader)
    left_open = reader.get(f"/cards/{card}")
    reader.get(f"/cards/{card}")
    reader.submit(f"/cards/{card}/suspend")
    reader.submit(f"/cards/{card}/unsuspend")
    page = reader.submit(f"/cards/{card}/suspend", page=left_open, status=409)
    assert "taken back into the drill" in page.soup.select_one(".flash-caution").get_text()
    assert page.form(f"/cards/{card}/suspend")


@pytest.mark.parametrize("path", ["", "/report"])
def test_the_key_of_a_question_has_no_page_before_its_answer(reader: Reader, path: str) -> None:
    publish(quizzes.MIXED)
    (hidden,) = db.session.scalars(select(Card.id).where(Card.hidden)).all()
    url = f"/cards/{hidden}{path}"
    if not path:
        reader.get(url, status=404)  # a visitor
    begin(reader)
    reader.get(url, status=404)
    reader.post(f"/cards/{hidden}/suspend", {"answer_key": "ab" * 16, "seen": "0"}, status=404)
    assert "Seizures" not in reader.get("/cards").text
    db.session.rollback()
    learner_id = db.session.scalars(select(Learner.id)).one()
    memory.quiz(LearnerSettings(id=learner_id, time_zone="UTC"), hidden)
    assert "Seizures" in reader.get(url).text


def test_a_problem_is_reported_from_the_drill_and_leads_back(reader: Reader) -> None:
    publish_cards(2)
    page = begin(reader)
    report = reader.get(next(link for link in page.links() if "/report" in link))
    assert report.soup.select_one("details:not([open])").get_text(" ", strip=True) == "Answer Answer 0"
    assert report.soup.select_one("textarea").has_attr("autofocus")
    empty = reader.submit("/report", {"message": " "}, page=report, status=422)
    assert "Write what is wrong" in empty.text
    back = reader.submit("/report", {"message": "The answer is out of date."}, page=report)
    assert "Thank you" in back.text
    assert front(back) == front(page)
    assert back.soup.select_one("#answer[hidden]")
    turned = reader.submit(re.sub(r"\?.*", "", page.url))
    (link,) = [link for link in turned.links() if "/report" in link]
    report = reader.get(link)
    assert report.soup.select_one("details[open]")
    assert reader.submit("/report", {"message": " "}, status=422).soup.select_one("details[open]")
    assert reader.get(report.form("/report").find("input", {"name": "next"})["value"]).soup.select_one(
        "#answer:not([hidden])"
    )
    db.session.rollback()
    kept = db.session.query(ProblemReport).one()
    assert (kept.message, kept.kind) == ("The answer is out of date.", "card")
    assert kept.shown == {"prompt": "What is number 0?", "answers": ["Answer 0"]}


def test_what_an_author_wrote_is_shown_after_the_turn(reader: Reader) -> None:
    publish()
    text = begin(reader).text
    assert 'Older texts say only "GABA"' in text
    assert "agonist at the GABA-B receptor" in text
    assert "A label · Pharmacology" in text


@pytest.mark.parametrize("url", ["/study/999999", "/cards/999999", "/study/99999999999", "/cards/0"])
def test_what_is_not_there_is_not_found(reader: Reader, url: str) -> None:
    publish_cards(1)
    begin(reader)
    reader.get(url, status=404)


def test_pages_keep_their_number_of_statements(reader: Reader, statements: list[str]) -> None:
    seen = []
    for bank, cards in (("sample", 3), ("other", 60)):
        ids = publish_cards(cards, bank=bank)
        page = begin(reader, bank)
        rate(reader, 4)
        rate(reader, 4)
        counts = {}
        for name, url in {
            "drill": page.url,
            "index": "/study",
            "browse": "/cards",
            "card": f"/cards/{ids[0]}",
            "summary": f"{page.url}/summary",
        }.items():
            statements.clear()
            reader.get(url)
            counts[name] = len([one for one in statements if one.startswith("SELECT")])
        page = reader.get(page.url)
        statements.clear()
        rate_by_fetch(reader, page)
        counts["review"] = len(statements)
        seen.append(counts)
    assert max(counts.pop("review") for counts in seen) <= 11  # one for the viewer, three writes
    assert seen[0] == seen[1]
    assert seen[0]["drill"] <= 6


def rate_by_fetch(reader: Reader, page: Page) -> None:
    form = page.form("/review")
    sent = form_values(form) | {"rating": "1"}
    assert reader.client.post(str(form["action"]), data=sent, headers=FETCH).status_code == 200


def test_a_visitor_may_drill_a_card_from_its_page(client: FlaskClient) -> None:
    card_id = publish_cards(1)[0]
    visitor = Reader(client)
    assert "Suspend" not in visitor.get(f"/cards/{card_id}").text
    assert "Show answer" in visitor.submit("/study/start").text
