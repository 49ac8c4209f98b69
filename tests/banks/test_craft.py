"""What `check` says about craft: warnings with a place, few, and true."""

from __future__ import annotations

import pytest

from quizapp.banks.check import check
from quizapp.banks.problems import Problem
from tests.factories.banks import bank_yaml


def told(notes: str, pools: str = "") -> list[Problem]:
    source = bank_yaml(notes)
    return list(check(source.replace(b"notes:\n", f"{pools}notes:\n".encode(), 1), file="b.yaml").problems)


def fact(key: str, question: str, answer: str, *, wrong: str = "[B, C]", rest: str = "cite: label") -> str:
    """Return a note whose distractors have their why."""
    options = ", ".join(
        f"{{text: {text.strip()}, why: w}}" for text in wrong.strip("[]").split(",") if text.strip()
    )
    return f"- {{id: {key}, question: '{question}', answer: {answer}, distractors: [{options}], {rest}}}\n"


def test_a_well_made_note_is_not_talked_about() -> None:
    assert told(fact("a", "Which receptor is activated?", "GABA-B", wrong="[GABA-A, NMDA]")) == []


@pytest.mark.parametrize(
    ("notes", "line", "words"),
    [
        (fact("a", "Q is what?", "A", rest="tags: t"), 7, "no source: add 'cite'"),
        (fact("a", "Q is what?", "A", wrong="[B]"), 7, "fewer than two distractors"),
        (
            "- {id: a, question: Q?, answer: A, distractors: [B, {text: C, why: w}], cite: label}",
            7,
            "'B' has no 'why'",
        ),
        (fact("a", "What is the dose?", "5 mg", wrong="[6 mg, 5.0 mg]"), 7, "unsafe in print"),
        (
            fact("a", "What is it?", "A", wrong="[B, C]", rest="cite: label, caveat: Give .5 mg"),
            7,
            "unsafe in print",
        ),
        (
            "- {id: c, type: cloze, text: 'The {{c1::A}} and the {{c2::B}}', cite: label,"
            " distractors: {c1: [{text: X, why: w}, {text: Y, why: w}]}}",
            7,
            "fewer than two distractors",
        ),
        (
            "- {id: s, type: set, name: n, members: [A, B], non_members: [{text: C, why: w}], cite: label}",
            7,
            "fewer than two distractors",
        ),
    ],
)
def test_what_is_lacking_is_warned_of(notes: str, line: int, words: str) -> None:
    found = [problem for problem in told(notes) if words in problem.message]
    assert [(problem.level, problem.line) for problem in found] == [("warning", line)], told(notes)


def test_items_no_wants_no_distractors() -> None:
    assert told("- {id: a, question: Q is what?, answer: A, items: no, cite: label}") == []


def test_a_matrix_is_cited_by_its_rows() -> None:
    rows = "{id: r, attribute: x, a: 1, b: 2, distractors: [{text: 3, why: w}], cite: label}"
    notes = f"- {{id: m, type: matrix, subjects: {{a: A, b: B}}, rows: [{rows}]}}"
    assert told(notes) == []
    assert [problem.message for problem in told(notes.replace(", cite: label", ""))] == [
        "no source: add 'cite'"
    ]


def test_flaws_of_what_is_written_are_put_at_the_option() -> None:
    (problem,) = told(fact("a", "Which one is it?", "Aspirin", wrong="[Ibuprofen, All of the above]"))
    assert (problem.level, problem.path) == ("error", "notes[0].distractors[1]")


def test_a_pool_value_that_cannot_stand_beside_the_key_is_no_error_but_may_leave_no_item() -> None:
    pools = "pools: {p: [{text: 60 min, why: w}, {text: 2–4 h, why: w}]}\n"
    notes = "- {id: a, question: How long is it?, answer: 1 h, distractors_from: p, cite: label}"
    assert [(p.level, p.message[:24]) for p in told(notes, pools)] == [
        ("warning", "no quiz item can be made")
    ]


def test_nearly_the_same_question_is_told_at_the_second() -> None:
    notes = fact("a", "Which receptor does baclofen activate?", "GABA-B") + fact(
        "b", "What is the receptor that baclofen activates?", "GABA-A"
    )
    (problem,) = told(notes)
    assert (problem.line, problem.note) == (8, "b")
    assert "nearly the same question as in note 'a', line 7" in problem.message


def test_questions_with_other_numbers_are_other_questions() -> None:
    assert told(fact("a", "How is 5 mg given?", "x") + fact("b", "How is 10 mg given?", "y")) == []


@pytest.mark.parametrize(
    ("question", "answer", "contradicts"),
    [
        ("How long is the oral half-life of baclofen?", "18 hours", True),
        ("How long is the oral half-life of baclofen?", "120 min to 4 h", False),
        ("How long is the oral half-life of baclofen?", "80 mg", False),
        ("Who first made it?", "Heinrich Keberle", False),
    ],
)
def test_two_answers_for_one_cited_fact_are_told(question: str, answer: str, contradicts: bool) -> None:
    cite = "cite: {source: label, fact: PK-1}"
    notes = fact("a", "What is the half-life of oral baclofen?", "2 to 4 h", rest=cite)
    found = told(notes + fact("b", question, answer, rest=cite))
    assert (
        any("for fact PK-1; note 'a' in line 7 states '2 to 4 h'" in p.message for p in found) == contradicts
    )


def test_a_bank_whose_keys_are_the_longest_is_told_once() -> None:
    notes = "".join(fact(f"n{n}", f"Name word{n}x?", f"longer{n}", wrong=f"[b{n}, c{n}]") for n in range(20))
    (problem,) = told(notes)
    assert problem.message.startswith("the key is the longest option in 20 of 20 items")


def test_a_bank_too_large_to_judge_is_told_so_once_and_stays_a_bank() -> None:
    values = ", ".join(f"s{n}: v{n}" for n in range(20))
    names = ", ".join(f"s{n}: S{n}" for n in range(20))
    rows = "".join(f"  - {{id: r{row}, attribute: a{row}, {values}, cite: label}}\n" for row in range(12))
    matrix = f"  type: matrix\n  subjects: {{{names}}}\n  rows:\n{rows}"
    checked = check(bank_yaml("".join(f"- id: m{n}\n{matrix}" for n in range(90))), file="b.yaml")
    (problem,) = checked.problems
    assert (problem.level, problem.path) == ("warning", "notes")
    assert "too large to judge the craft of every note here" in problem.message
    assert checked.bank is not None


def test_many_ordinary_notes_are_all_judged() -> None:
    notes = "".join(
        fact(f"n{n}", f"Which drug{n} has kind{n}?", f"Right{n}", wrong=f"[B{n} or longer, C{n}, D{n}]")
        for n in range(10_000)
    )
    last = fact("last", "Which one is it?", "Aspirin", wrong="[Ibuprofen, All of the above]")
    assert [(problem.level, problem.note) for problem in told(notes + last)] == [("error", "last")]


@pytest.mark.parametrize(
    ("note", "path"),
    [
        ("  question: Which is it?\n  answer: {key}\n  distractors: {wrong}\n", "answer"),
        ("  type: choice\n  stem: Which is it?\n  key: {key}\n  distractors: {wrong}\n", "key"),
        (
            "  type: choice\n  stem: Which is it?\n"
            "  options: [{{text: Aa, why: w}}, {{text: {key}, key: yes}}, {{text: Cc, why: w}}]\n",
            "options[1]",
        ),
    ],
)
def test_a_key_that_is_too_long_is_told_where_it_stands(note: str, path: str) -> None:
    wrong = "[{text: Aa, why: w}, {text: Cc, why: w}]"
    written = note.format(
        key="A receptor that is coupled to a protein and found before the synapse", wrong=wrong
    )
    found = [
        problem for problem in told(f"- id: a\n{written}  cite: label\n") if "much longer" in problem.message
    ]
    assert [problem.path for problem in found] == [f"notes[0].{path}"]
