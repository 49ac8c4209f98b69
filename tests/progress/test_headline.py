"""The first line in words."""

from __future__ import annotations

from quizapp.progress.headline import headline


def words(recalls: dict[float, int]) -> str:
    told = headline(recalls)
    return f"{told.sentence} {told.note}".replace("\N{NO-BREAK SPACE}", " ")


def test_it_names_the_share_the_cards_and_the_range() -> None:
    told = words({0.78: 40})
    assert told.startswith("Today you would recall about 78 % of the 40 cards you have begun (69–87 %).")
    assert "four of five" in told


def test_with_too_few_cards_it_says_how_many_are_missing() -> None:
    assert (
        words({0.9: 6}) == "How much you would recall today: — This needs 4 more cards that you have begun."
    )
    assert "10 more cards" in words({})
