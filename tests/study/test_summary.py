"""What a sitting amounted to."""

from __future__ import annotations

from quizapp.study.summary import Answer, Summary, summarize


def answer(card_id: int, *, known: bool = True, again: bool = False, leech: bool = False) -> Answer:
    return Answer(card_id, card_id % 2, known, again, 1500, leech)


def test_nothing_amounts_to_nothing() -> None:
    assert summarize([]) == Summary()


def test_only_the_first_answer_to_a_card_met_before_says_whether_it_was_remembered() -> None:
    summary = summarize(
        [answer(1, again=True), answer(2), answer(1), answer(3, known=False, again=True), answer(3)]
    )
    assert (summary.answers, summary.cards, summary.new, summary.thinking_ms) == (5, 3, 1, 7500)
    assert (summary.recalled, summary.asked) == (1, 2)
    assert summary.slipped == (1, 3)
    assert (summary.new, summary.shaky) == (1, 1)
    assert summary.banks == (1, 0)


def test_a_card_slips_once_however_often_and_a_leech_is_told() -> None:
    summary = summarize([answer(5, again=True), answer(5, again=True, leech=True)])
    assert (summary.slipped, summary.leeches) == ((5,), (5,))
