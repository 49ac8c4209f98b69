"""The list of cards: what each filter leaves in."""

from __future__ import annotations

import datetime as dt

import pytest

from quizapp.accounts.viewer import LearnerSettings
from quizapp.memory import service as memory_service
from quizapp.memory.kinds import Rating
from quizapp.memory.scheduler import LEECH_LAPSES
from quizapp.study.cards import queries
from quizapp.study.cards.queries import CardFilter, CardRow
from quizapp.study.standing import Standing
from tests.factories.accounts import create_learner
from tests.factories.banks import publish
from tests.factories.memory import MORNING, drill, mark
from tests.factories.study import know, publish_cards

ACCENTED = """
- {id: one, question: Was hilft gegen SPASTIK?, answer: Übung und Straße}
- {id: two, question: What is spásticity?, answer: 100 % sure}
"""
DAY = dt.timedelta(days=1)
NOW = MORNING + 300 * DAY

pytestmark = pytest.mark.usefixtures("app")


def listed(learner: LearnerSettings | None, **chosen: object) -> list[CardRow]:
    learner_id = None if learner is None else learner.id
    return queries.cards(learner_id, CardFilter(**chosen), today=NOW.date(), page=1).items  # type: ignore[arg-type]


def with_a_card_of_every_standing() -> LearnerSettings:
    """Return a learner whose ten cards stand in every way, some in two ways at once."""
    cards, learner = publish_cards(10), create_learner()
    due, later, learning, suspended, buried, leech, reset, buried_new, suspended_new, _ = cards
    know(learner, [due, suspended, buried, reset], now=MORNING)
    know(learner, [later], now=NOW)
    drill(learner, learning, Rating.AGAIN, now=NOW - DAY)
    drill(learner, learning, Rating.GOOD, now=NOW + DAY)
    drill(learner, leech, Rating.EASY, now=MORNING)
    for month in range(1, LEECH_LAPSES + 1):
        drill(learner, leech, Rating.AGAIN, now=MORNING + 30 * month * DAY)
        if month < LEECH_LAPSES:
            drill(learner, leech, Rating.GOOD, now=MORNING + 30 * month * DAY + dt.timedelta(minutes=10))
    mark(memory_service.suspend_card, learner, suspended, now=NOW)
    mark(memory_service.bury_card, learner, buried, now=NOW)
    mark(memory_service.reset_card, learner, reset, now=NOW)
    mark(memory_service.bury_card, learner, buried_new, now=NOW)
    mark(memory_service.suspend_card, learner, suspended_new, now=NOW)
    return learner


def test_each_state_lists_the_cards_that_bear_its_word_and_no_other() -> None:
    learner = with_a_card_of_every_standing()
    everything = listed(learner)
    assert {row.standing for row in everything} == set(Standing)
    for standing in Standing:
        expected = [row.card_id for row in everything if row.standing is standing]
        assert [row.card_id for row in listed(learner, standing=standing)] == expected, standing


def test_to_a_visitor_every_card_is_new() -> None:
    with_a_card_of_every_standing()
    assert {row.standing for row in listed(None)} == {Standing.NEW}
    assert len(listed(None, standing=Standing.NEW)) == 10


def test_another_learner_changes_nothing() -> None:
    with_a_card_of_every_standing()
    assert {row.standing for row in listed(create_learner())} == {Standing.NEW}


def test_words_are_found_in_prompt_and_answer_and_mean_themselves() -> None:
    publish(
        "- {id: a, question: What is 5 % of 20?, answer: One}\n"
        "- {id: b, question: What is snake_case?, answer: A way to write}\n"
        "- {id: c, question: Which is first?, answer: Alpha}"
    )
    assert [row.answer for row in listed(None, text="5 %")] == ["One"]
    assert [row.prompt for row in listed(None, text="ALPHA")] == ["Which is first?"]
    assert [row.prompt for row in listed(None, text="snake_")] == ["What is snake_case?"]
    assert listed(None, text="s%t") == []


def test_banks_and_tags_bound_the_list() -> None:
    cards = publish_cards(4, tags=("oral", "pump"))
    publish_cards(2, bank="other", tags=("pump",))
    assert [row.card_id for row in listed(None, bank="sample", tag="pump")] == [cards[1], cards[3]]
    assert len(listed(None, tag="pump")) == 4
    assert listed(None, bank="sample", tag="absent") == []


def test_what_is_due_or_weak_comes_first_when_asked_for() -> None:
    cards, learner = publish_cards(3), create_learner()
    drill(learner, cards[1], Rating.EASY, now=MORNING)
    drill(learner, cards[2], Rating.AGAIN, now=MORNING)
    assert [row.card_id for row in listed(learner, sort="due")] == [cards[2], cards[1], cards[0]]
    assert [row.card_id for row in listed(learner, sort="weak")] == [cards[2], cards[1], cards[0]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SPÁSTICITY", 1),
        ("Spastik", 1),
        ("spasti", 2),
        ("ubung", 1),
        ("STRASSE", 1),
        ("0 %", 1),
        ("0_%", 0),
        ("?\nwhat", 0),
    ],
)
def test_a_search_forgives_case_and_accents(text: str, found: int) -> None:
    publish(ACCENTED)
    assert len(listed(None, text=text)) == found
