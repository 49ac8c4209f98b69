"""Markup is bounded before anything parses it: in one text, and in all texts of a bank together."""

from __future__ import annotations

from quizapp import limits, richtext
from quizapp.banks.check import check
from quizapp.banks.problems import Problem
from tests.factories.banks import bank_yaml


def errors(notes: str) -> list[Problem]:
    return [
        problem for problem in check(bank_yaml(notes), file="b.yaml").problems if problem.level == "error"
    ]


def test_a_note_with_a_text_that_is_too_complex_is_not_judged_further() -> None:
    richtext.to_inline_plain.cache_clear()
    brackets = "![" * 9000
    (problem,) = errors(
        f"- {{id: a, question: Q is what?, answer: '{brackets}', distractors: ['{brackets}']}}"
    )[:1]
    assert problem.message == "The text has 9000 times the character [ (at most 100)."
    assert richtext.to_inline_plain.cache_info().misses == 0


def test_a_pool_with_a_text_that_is_too_complex_is_not_drawn_from() -> None:
    source = bank_yaml("- {id: a, question: Q is what?, answer: A, distractors_from: p}").replace(
        b"notes:", b"pools: {p: ['" + b"[" * 101 + b"', All of the above]}\nnotes:", 1
    )
    found = [problem for problem in check(source, file="b.yaml").problems if problem.level == "error"]
    assert [problem.path for problem in found] == ["pools.p[0]"]


def test_all_markup_of_a_bank_together_is_bounded_and_told_once() -> None:
    dense = "*a* " * 100
    each = richtext.effort(dense)
    many = 2 * limits.MARKUP_PER_BANK // each
    notes = "".join(f"- {{id: n{n}, question: Q{n}?, answer: '{dense}{n}'}}\n" for n in range(many))
    richtext.to_inline_plain.cache_clear()
    (problem,) = errors(notes)
    assert "the bank has too much markup up to here" in problem.message
    assert richtext.to_inline_plain.cache_info().misses <= 2 * limits.MARKUP_PER_BANK // each + 2


def test_markup_that_no_check_looks_into_counts_only_where_it_may_nest_too_deep() -> None:
    table = "| *a* | b |\n|-|-|\n"
    many = limits.MARKUP_PER_BANK // richtext.effort(table) + 20
    notes = "".join(
        f"- {{id: n{n}, question: Q{n}?, answer: A, explanation: {table!r}}}\n" for n in range(many)
    )
    assert many > limits.NOTES_PER_BANK or errors(notes) == []


def test_quotations_and_lists_that_nest_too_deep_are_refused_without_any_other_markup() -> None:
    for opening in ("> ", "- "):
        notes = f"- {{id: a, question: Q is what?, answer: A, explanation: '{opening * 80}x'}}"
        assert "nests more than 60" in errors(notes)[0].message
