"""Checking a whole bank: every problem once, at its place, with a remedy, and none hides another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp import limits
from quizapp.banks import check as checking
from quizapp.banks.check import Checked, check
from quizapp.banks.notes import NOTE_TYPES
from quizapp.banks.notes.base import Shared
from tests.factories.banks import bank_yaml

HEAD = "format: 1\nbank: b\ntitle: T\nsources: {label: A label}\npools: {p: [{text: P, why: w}]}\nnotes:\n"
EXAMPLES = [path.read_text() for path in sorted((Path(__file__).parent / "examples").glob("*.yaml"))]
FACT = (
    "- {id: a, question: Which is it?, answer: A, distractors: [{text: B, why: w}, {text: C, why: w}], "
    "cite: label%s}\n"
)


def checked(text: str) -> Checked:
    return check(text.encode(), file="b.yaml")


def told(text: str, level: str = "error") -> list[tuple[int, int, str]]:
    return [(p.line, p.column, p.message) for p in checked(text).problems if p.level == level]


def test_a_sound_bank_has_no_problem_and_is_returned() -> None:
    found = checked(HEAD + FACT % "")
    assert found.problems == ()
    assert found.bank is not None
    assert (found.bank.slug, found.bank.language, found.bank.sources) == (
        "b",
        "en",
        {"label": {"title": "A label"}},
    )
    assert [(choice.text, choice.why) for choice in found.bank.pools["p"]] == [("P", "w")]


def test_warnings_do_not_keep_a_bank_back() -> None:
    found = checked(HEAD + "- {id: a, question: Q?, answer: A}")
    assert found.bank is not None
    assert {problem.level for problem in found.problems} == {"warning"}


def test_a_problem_reads_like_a_compiler_s() -> None:
    (problem,) = checked(HEAD + FACT % ", level: easy").problems
    assert (
        str(problem) == "b.yaml:7:119: error: 'level': 'easy' is none of recall, understanding, application"
    )
    assert (problem.note, problem.path) == ("a", "notes[0].level")


def test_one_mistake_hides_no_other() -> None:
    text = (
        "format: 2\nbank: My Bank\ntitel: T\nsources: {s: {title: x, url: 'javascript:x'}}\nnotes:\n"
        "- id: a\n  question: Which?\n  anwser: A\n  distractors: [A, {txt: B}, {text: C, harm: 010}]\n  cite: lable\n"
        "- {id: a, answer: B, about: nowhere, cards: on}\n"
        "- {id: c, type: numeric, stem: x}\n"
        "- text\n"
        "- {id: d, type: set, name: n, members: [A, B: c], non_members: [A], level: }\n"
    )
    assert told(text) == [
        (1, 9, "'format': this must be 1, not '2'"),
        (
            2,
            7,
            "'bank': an id is lower-case letters and digits joined by hyphens, such as 'half-life', not 'My Bank'",
        ),
        (3, 1, "unknown key 'titel': did you mean 'title'?"),
        (4, 30, "'url': an address begins with https:// or http:// and has no spaces, not 'javascript:x'"),
        (8, 3, "unknown key 'anwser': did you mean 'answer'?"),
        (9, 17, "this distractor is also a right answer: write another one"),
        (9, 21, "unknown key 'txt': did you mean 'text'?"),
        (9, 46, "'harm': write a number, such as 0: did you mean 10?"),
        (10, 9, "there is no source 'lable': declare it under 'sources', or correct the name"),
        (11, 4, "'question' is missing: add 'question: …'"),
        (11, 8, "the id 'a' is taken by the note in line 6: choose another one"),
        (11, 29, "there is no note 'nowhere'"),
        (11, 45, "'cards': write yes or no"),
        (
            12,
            17,
            "this version does not know the note type 'numeric' (it knows fact, cloze, choice, multiple, set, matrix)",
        ),
        (13, 3, "a note is a group of 'key: value' lines that begins with '- id: …'"),
        (
            14,
            44,
            "unknown key 'B': if it belongs to a text with a colon or a comma in it, put the whole text in quotes",
        ),
        (14, 65, "this is a member of the set too: it cannot be both"),
    ]


def test_an_empty_optional_value_is_absent_and_an_empty_required_one_an_error() -> None:
    text = (
        HEAD
        + "- {id: a, question: , answer: A, level: , accept: , distractors: , caveat: '', harm: , cite: [label, '']}"
    )
    assert told(text) == [
        (7, 21, "'question' is empty"),
        (7, 80, "unknown key 'harm'"),
        (7, 102, "'cite': an id is lower-case letters and digits joined by hyphens, such as 'half-life'"),
    ]


def test_what_stands_before_a_syntax_error_is_checked_too() -> None:
    text = HEAD + "- {id: a, question: Q?}\n- id: b\n  question: Q?\n  cite: [lable]\n  tags: 'x"
    assert told(text) == [
        (7, 4, "'answer' is missing: add 'answer: …'"),
        (10, 10, "there is no source 'lable': did you mean 'label'?"),
        (11, 9, "this text begins with single quotes that are never closed"),
    ]


def test_a_file_that_breaks_off_is_not_blamed_for_what_may_follow() -> None:
    text = (
        "format: 1\nnotes:\n- {id: a, question: Q?, answer: A, cite: x, about: z, distractors_from: p}\n- 'x"
    )
    assert [message for _, _, message in told(text)] == [
        "this text begins with single quotes that are never closed"
    ]


def test_a_list_cut_at_a_comma_is_an_error_in_notes_of_known_types_only() -> None:
    text = HEAD + FACT % ", accept: [1,500 mg]" + "- {id: spot, type: hotspot, rect: [10,20,30,40]}"
    assert [(line, message[:34]) for line, _, message in told(text)] == [
        (7, "'1,500 mg' reads as two entries: p"),
        (8, "this version does not know the not"),
    ]


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        (", about: b", None),
        (", about: a", "a note cannot be about itself"),
        (", about: draft", "'draft' is a draft"),
        (", about: hidden", "'hidden' has no card that is drilled"),
        (", about: bb", "there is no note 'bb': did you mean 'b'?"),
        (", cite: [{source: label, at: x}, labl]", "there is no source 'labl': did you mean 'label'?"),
        (", distractors_from: [p, q]", "there is no pool 'q'"),
        (", image: media/x.png, alt: x", "upload a ZIP with its media folder"),
        (", image: ../x.png, alt: x", "write media/name.png"),
        (", image: media/x.png", "'alt' is missing"),
    ],
)
def test_whatever_is_named_is_there(rest: str, words: str | None) -> None:
    others = (
        "- {id: b, question: Something else?, answer: A}\n"
        "- {id: draft, question: Not yet?, answer: A, status: draft}\n"
        "- {id: hidden, type: choice, stem: Hidden?, key: A, distractors: [B, C]}\n"
    )
    text = HEAD + (FACT % rest).replace(", cite: label," if "cite: [" in rest else "\0", ",") + others
    messages = [message for _, _, message in told(text)]
    assert any(words in message for message in messages) if words else not messages, messages


def test_drafts_are_checked_in_full_and_stay_in_the_bank() -> None:
    assert told(HEAD + FACT % ", status: draft, about: nowhere") == [(7, 134, "there is no note 'nowhere'")]
    bank = checked(HEAD + FACT % ", status: draft").bank
    assert bank is not None
    assert [note.status for note in bank.notes] == ["draft"]


def test_numbers_dates_and_yes_no_are_read_strictly() -> None:
    text = HEAD + (
        "- {id: a, question: Q?, answer: 010, cards: On, distractors: [{text: no, harm: 4}, {text: 1.10, harm: '1'}],"
        " cite: {source: label, checked: 2023-02-29}}"
    )
    assert [message for _, _, message in told(text)] == [
        "'cards': write yes or no",
        "'harm': write a whole number from 0 to 3",
        "'checked': there is no such day in the calendar",
    ]


def test_too_many_notes_or_cards_or_characters_are_refused() -> None:
    many = HEAD + "".join(f"- {{id: a{n}}}\n" for n in range(limits.NOTES_PER_BANK + 1))
    assert [message for _, _, message in told(many)] == ["more than 20,000 notes: split the bank"]
    subjects = ", ".join(f"s{n}: S{n}" for n in range(26))
    rows = "".join(
        f"  - {{id: r{row}, attribute: a, {', '.join(f's{n}: v{n}' for n in range(26))}}}\n"
        for row in range(10)
    )
    (problem,) = told(f"{HEAD}- id: m\n  type: matrix\n  subjects: {{{subjects}}}\n  rows:\n{rows}")
    assert problem == (7, 7, "520 cards come from this note, at most 500 may: split it")
    long = told(HEAD + FACT % f", caveat: {'x' * (limits.TEXT_CHARS + 1)}")
    assert [message for _, _, message in long] == ["'caveat': at most 20,000 characters; these are 20,001"]


def test_markup_that_nobody_could_follow_is_an_error() -> None:
    assert "501" in told(HEAD + FACT % f", caveat: x{'*' * (limits.MARKUP_REPEATS + 1)}")[0][2]


def test_a_text_must_have_something_to_see() -> None:
    for nothing in ('""', '" "', '"\u200b"', '"\u3164\u00ad"'):
        first, *_ = told(HEAD + f"- {{id: a, question: {nothing}, answer: A}}")
        assert first[2].startswith("'question'")


@given(st.data())
def test_a_mutated_bank_gives_problems_or_a_bank_that_derives(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(EXAMPLES))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        words = [
            "",
            " ",
            "\n",
            ": ",
            "- ",
            "{",
            "}",
            "[",
            "]",
            ",",
            "'",
            '"',
            "#",
            "&a ",
            "*a",
            "!t ",
            "{{c1::",
            "}}",
        ]
        keys = [
            "id: a\n",
            "type: set\n",
            "type: matrix\n",
            "text: x\n",
            "key: yes\n",
            "rows: []\n",
            "\ud800",
            "\0",
        ]
        text = text[:start] + data.draw(st.sampled_from(words + keys)) + text[end:]
    found = check(text.encode("utf-8", "surrogatepass"), file="b.yaml")
    assert (found.bank is None) == any(problem.level == "error" for problem in found.problems)
    for problem in found.problems:
        assert problem.line >= 1
        assert problem.column >= 1
    assert len({(p.line, p.column, p.message) for p in found.problems}) == len(found.problems)
    for note in found.bank.notes if found.bank else ():
        cards = {card.key for card in note.cards()}
        assert all(note.about or spec.evidence in cards for spec in note.items(Shared()))


@given(
    st.recursive(
        st.sampled_from(["", "x", "yes", "0", "media/a.png", "c1", "{{c1::x}}"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "text", "why", "harm", "key", "source", "skip", "c1", "a"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=8,
    ),
    st.data(),
)
def test_any_value_in_any_field_gives_problems_and_never_raises(value: object, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(NOTE_TYPES)))
    field = data.draw(st.sampled_from(sorted(_fields(kind) | {"unknown"})))
    note = {"id": "n", "type": kind, field: value}
    head = {"format": "1", "bank": "b", "title": "T", "notes": [note], "sources": value, "pools": value}
    found = check(json.dumps(head).encode(), file="b.yaml")
    assert found.bank is not None or found.problems


def _fields(kind: str) -> set[str]:
    return {field.alias or name for name, field in NOTE_TYPES[kind].model_fields.items()}


def test_loading_is_checking_without_comparing() -> None:
    loaded = checking.load((HEAD + FACT % ", about: nowhere").encode(), file="b.yaml")
    assert (len(loaded.notes), loaded.findings.problems) == (1, [])


def test_what_a_refused_note_would_ask_is_not_derived() -> None:
    subjects = ", ".join(f"s{n}: S{n}" for n in range(400))
    values = ", ".join(f"s{n}: v{n}" for n in range(400))
    rows = "".join(f"  - {{id: r{row}, attribute: a, {values}}}\n" for row in range(40))
    found = checked(f"{HEAD}- id: m\n  type: matrix\n  subjects: {{{subjects}}}\n  rows:\n{rows}").problems
    assert [problem.message for problem in found] == [
        "32000 cards come from this note, at most 500 may: split it"
    ]


def test_cards_that_repeat_a_long_text_are_bounded_over_the_bank() -> None:
    text = "".join(f"{{{{c{n}::a{n}}}}} " for n in range(1, 100)) + "x" * 5000
    each = 2 * 99 * len(text)
    many = limits.CARD_CHARS_PER_BANK // each
    notes = [f"- {{id: n{n}, type: cloze, text: '{text}'}}\n" for n in range(many + 1)]
    assert told(HEAD + "".join(notes[:many])) == []
    (problem,) = told(HEAD + "".join(notes))
    assert "the cards that repeat the texts of their notes" in problem[2]


def test_the_cards_of_a_bank_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.limits.CARDS_PER_BANK", 3)
    notes = "".join(f"- {{id: n{n}, question: Q{n}?, answer: A{n}}}\n" for n in range(6))
    message = "more than 3 cards come from the notes up to here: split the bank"
    assert [sentence for *_, sentence in told(HEAD + notes)] == [message]


@pytest.mark.parametrize(
    ("cite", "column"), [("cites: lable", 12), ("cites: [lable]", 13), ("cite: lable", 11)]
)
def test_an_unknown_source_is_told_at_its_word_also_under_a_misspelt_key(cite: str, column: int) -> None:
    source = bank_yaml(f"- id: a\n  question: Q is what?\n  answer: A\n  {cite}\n")
    found = [one for one in check(source, file="b.yaml").problems if "no source 'lable'" in one.message]
    assert [(one.line, one.column) for one in found] == [(10, column)]
