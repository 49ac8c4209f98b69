"""Near-duplicates: the same words in another order, found without comparing everything with everything."""

from __future__ import annotations

from quizapp.banks.alike import near, overlap, pairs, words


def test_words_leave_out_what_every_question_has() -> None:
    assert words("Which receptors does the drug act on?") == {"receptor", "drug", "act"}


def test_overlap_is_a_share_of_all_words() -> None:
    assert overlap(words("red green"), words("green blue")) == 1 / 3
    assert overlap(words(""), words("of the")) == 0


def test_each_text_is_paired_with_the_first_that_is_like_it() -> None:
    texts = ["alpha beta gamma", "delta", "Gamma, beta: alphas?", "alpha beta", "gamma beta alpha", ""]
    assert list(pairs(texts)) == [(0, 2), (0, 4)]


def test_ten_thousand_different_texts_are_no_pairs() -> None:
    assert list(pairs([f"Which receptor number {n} does drug {n} activate?" for n in range(10_000)])) == []


def test_long_texts_are_compared_with_few_others() -> None:
    texts = [" ".join(f"w{word}" for word in range(1500)) + f" {number}" for number in range(60)]
    compared = 0

    class Counted(frozenset[str]):
        def __and__(self, other: object) -> frozenset[str]:
            nonlocal compared
            compared += 1
            return frozenset.__and__(self, other)  # type: ignore[operator]

    assert list(near([Counted(words(text)) for text in texts])) == []
    assert compared <= 5 * len(texts)
