"""What is written must be read back as the same content, whatever the texts hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.banks import notes
from quizapp.banks.check import load
from quizapp.banks.notes import NOTE_TYPES
from quizapp.banks.reader import UNSEEN, read
from quizapp.teaching.writing.yaml_writer import as_read, note_lines, scalar

HEAD = "format: 1\nbank: b\ntitle: T\nnotes:\n"

spiky = st.sampled_from(
    [
        "no",
        "010",
        "1:30",
        "~",
        "- a",
        "a: b",
        "a #b",
        "#",
        "{{c1::x}}",
        "[1,500 mg]",
        "'",
        '"',
        "\\",
        "|-",
        "?",
        "%",
        "@",
    ]
)
raw = st.one_of(spiky, st.text(st.characters(codec="utf-8"), max_size=40), st.lists(spiky).map(" ".join))
anything = raw.map(lambda text: UNSEEN.sub("", text))
lines = st.lists(anything, max_size=4).map("\n".join)
seen = (
    st.one_of(anything, lines).map(lambda text: text + "x" if text[-1:] in "\n " else text).map("a{}".format)
)
seen = st.one_of(seen, spiky)
ids = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
options = st.lists(
    st.fixed_dictionaries({"text": seen}, optional={"why": seen, "harm": st.integers(0, 3)}),
    min_size=1,
    max_size=4,
)
cites = st.lists(st.fixed_dictionaries({"source": ids}, optional={"at": seen, "fact": seen}), max_size=3)
common: dict[str, Any] = {
    "explanation": seen,
    "caveat": seen,
    "cite": cites,
    "tags": st.lists(seen.filter(lambda text: len(text) < 60), max_size=3),
    "level": st.sampled_from(["recall", "application"]),
    "status": st.just("draft"),
    "cards": st.just(False),
}


def of_type(
    name: str, /, optional: dict[str, Any] | None = None, **required: Any
) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"id": ids, "type": st.just(name), **required}, optional=common | (optional or {})
    )


@st.composite
def matrices(draw: st.DrawFn) -> dict[str, Any]:
    note = draw(of_type("matrix", subjects=st.dictionaries(ids, seen, min_size=2, max_size=3)))
    cells = st.one_of(st.just({"skip": True}), st.fixed_dictionaries({"text": seen}, optional={"why": seen}))
    row = {"id": ids, "attribute": seen, **dict.fromkeys(note["subjects"], cells)}
    return note | {
        "rows": draw(st.lists(st.fixed_dictionaries(row, optional={"distractors": options}), max_size=3))
    }


contents = st.one_of(
    of_type(
        "fact", {"accept": st.lists(seen, max_size=3), "distractors": options}, question=seen, answer=seen
    ),
    of_type("cloze", {"distractors": st.dictionaries(ids, options, max_size=2)}, text=seen),
    of_type("choice", {"distractors": options}, stem=seen, key=st.fixed_dictionaries({"text": seen})),
    of_type("multiple", stem=seen, correct=options, incorrect=options),
    of_type("set", {"ask": seen}, name=seen, members=options, non_members=options),
    matrices(),
)


def canonical(note: notes.Note) -> dict[str, Any]:
    return note.model_dump(mode="json", exclude_defaults=True)


@given(contents)
def test_a_note_is_read_back_as_the_same_content(content: dict[str, Any]) -> None:
    note = notes.load(content)
    source = HEAD + "\n".join(note_lines(canonical(note)))
    loaded = load(source.encode(), file="bank.yaml")
    assert [str(problem) for problem in loaded.findings.problems] == []
    assert [canonical(found) for _, found in loaded.notes] == [canonical(note)]


@given(
    st.recursive(
        anything,
        lambda part: st.one_of(st.lists(part, max_size=3), st.dictionaries(ids, part, max_size=3)),
        max_leaves=12,
    )
)
def test_any_data_is_read_back_as_it_was_given(value: Any) -> None:
    document = read("\n".join(note_lines({"id": "a", "odd": value})).join(["notes:\n", "\n"]).encode())
    assert [str(problem) for problem in document.problems] == []
    assert document.data["notes"] == [as_read({"id": "a", "odd": value})]


@pytest.mark.parametrize(
    "text", ["GABA-B", "no", "0.50", "1,500 mg", "Ana's", "γ-aminobutyric acid", "≥ 5 mg/day", "a {b} c"]
)
def test_a_text_without_signs_of_yaml_needs_no_quotes(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    "text",
    ["", " a", "a ", "- a", "a: b", "a:", "a #b", "#1", "{{c1::a}}", "[a]", "'a'", "*a", "a\tb", "a\nb"],
)
def test_a_text_that_would_mean_something_else_is_quoted(text: str) -> None:
    assert scalar(text).startswith('"')


def test_a_note_is_written_in_house_style() -> None:
    content = {
        "id": "receptor",
        "explanation": "Two\nlines.",
        "question": "Which receptor: A or B?",
        "answer": "GABA-B",
        "distractors": [{"text": "GABA-A"}, {"text": "NMDA", "why": "No.", "harm": 2}],
        "cite": [{"source": "label"}, {"source": "label", "at": "12.1"}],
        "tags": [],
        "cards": False,
    }
    assert note_lines(content) == [
        "- id: receptor",
        '  question: "Which receptor: A or B?"',
        "  answer: GABA-B",
        "  distractors:",
        "    - GABA-A",
        "    - text: NMDA",
        "      why: No.",
        "      harm: 2",
        "  explanation: |-",
        "    Two",
        "    lines.",
        "  cite:",
        "    - label",
        "    - source: label",
        "      at: 12.1",
        "  tags: []",
        "  cards: no",
    ]


@pytest.mark.parametrize("name", NOTE_TYPES)
def test_the_example_of_every_type_survives_being_rewritten(name: str) -> None:
    example = read(f"notes:{NOTE_TYPES[name].example}".encode()).data["notes"][0]
    assert read("\n".join(["notes:", *note_lines(example)]).encode()).data["notes"] == [example]
