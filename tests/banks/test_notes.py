"""The note types: the documented examples unchanged, the keys they yield, and what a note alone can have wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp import limits
from quizapp.banks import notes
from quizapp.banks.check import check
from quizapp.banks.items import ITEM_TYPES
from quizapp.banks.items.base import Choice, ItemSpec
from quizapp.banks.notes import NOTE_TYPES
from quizapp.banks.notes.base import Shared
from quizapp.banks.notes.common import Note
from quizapp.banks.notes.fact import Fact
from tests.factories.banks import bank_yaml

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.yaml"))


def only_note(text: str) -> Note:
    """Return the first note of a bank with these notes, which must have no error."""
    checked = check(bank_yaml(text), file="bank.yaml")
    assert checked.bank is not None, [str(problem) for problem in checked.problems]
    return checked.bank.notes[0]


def errors(text: str) -> list[str]:
    problems = check(bank_yaml(text), file="bank.yaml").problems
    return [problem.message for problem in problems if problem.level == "error"]


def cards(note: Note) -> list[tuple[str, str, str]]:
    return [(card.key, card.prompt, "; ".join(card.answers)) for card in note.cards()]


def items(note: Note, shared: Shared | None = None) -> dict[str, ItemSpec]:
    return {spec.key: spec for spec in note.items(shared or Shared())}


def texts(choices: tuple[Choice, ...]) -> list[str]:
    return [choice.text for choice in choices]


def test_every_note_type_has_a_documented_example() -> None:
    assert {path.stem for path in EXAMPLES} == set(NOTE_TYPES)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_documented_examples_have_no_error(path: Path) -> None:
    checked = check(path.read_bytes(), file=path.name)
    assert checked.bank is not None, [str(problem) for problem in checked.problems]
    assert [note.type for note in checked.bank.notes] == [path.stem]


@pytest.mark.parametrize("kind", NOTE_TYPES.values(), ids=lambda kind: kind.name)
def test_the_contract_of_a_note_type(kind: type[Note]) -> None:
    note = only_note(kind.example)
    content = note.model_dump(mode="json", exclude_defaults=True)
    assert notes.load(content) == note
    keys = [card.key for card in note.cards()]
    assert keys
    assert len(set(keys)) == len(keys)
    for spec in note.items(Shared()):
        assert spec.evidence in keys
        assert ITEM_TYPES[spec.type].draw(spec, 1) is not None
        assert note.told(spec.key).explanation == note.explanation


def test_canonical_content_does_not_depend_on_the_form_that_was_written() -> None:
    short = only_note("- {id: a, question: Q?, answer: A, distractors: [B, C], cite: label, tags: t}")
    long = only_note(
        "- {id: a, type: fact, question: 'Q?', answer: A, cards: yes, status: published, explanation: ,"
        " distractors: [{text: B}, {text: C, why: ''}], cite: [{source: label}], tags: [t]}"
    )
    assert short == long
    assert short.model_dump(mode="json", exclude_defaults=True) == {
        "id": "a",
        "cite": [{"source": "label"}],
        "tags": ["t"],
        "question": "Q?",
        "answer": "A",
        "distractors": [{"text": "B"}, {"text": "C"}],
    }


def test_a_fact_with_reverse_has_two_cards_and_one_item() -> None:
    checked = check((Path(__file__).parent / "examples" / "fact.yaml").read_bytes(), file="fact.yaml")
    assert checked.bank is not None
    note = checked.bank.notes[0]
    assert [card.key for card in note.cards()] == ["receptor", "receptor/reverse"]
    assert note.cards()[0].accept == ("GABA-B receptor", "GABAB")
    spec = items(note, Shared(pools=checked.bank.pools))["receptor"]
    assert texts(spec.wrong) == ["GABA-A", "NMDA receptor"]
    assert "GABA-B" in texts(spec.fill)  # the pool as written: drawing passes over what equals the answer
    snapshot = ITEM_TYPES["single"].draw(spec, 7)
    assert snapshot is not None
    assert [option["text"] for option in snapshot["options"] if option["right"]] == ["GABA-B"]
    assert len(snapshot["options"]) == 4


def test_a_fact_without_two_distractors_has_no_item() -> None:
    assert items(only_note("- {id: a, question: Q?, answer: A, distractors: [B, ' b. ']}")) == {}


def test_cards_no_leaves_one_hidden_card_for_each_item() -> None:
    note = only_note(
        "- {id: a, question: Q?, answer: A, reverse: R?, reverse_answer: S, distractors: [B, C], cards: no}"
    )
    assert [(card.key, card.hidden) for card in note.cards()] == [("a", True)]
    assert items(note)["a"].evidence == "a"
    sampled = only_note("- {id: s, type: set, name: n, members: [A, B], non_members: [C, D], cards: no}")
    assert [card.key for card in sampled.cards()] == ["s/is", "s/is-not", "s/all"]
    assert all(spec.evidence == key for key, spec in items(sampled).items())


def test_items_no_and_about_leave_no_hidden_card() -> None:
    text = "- {id: a, type: choice, stem: S?, key: A, distractors: [B, C], %s}\n- {id: b, question: Q?, answer: A}"
    assert only_note(text % "items: no").cards() == []
    assert only_note(text % "items: no").items(Shared()) == []
    assert only_note(text % "about: b").cards() == []
    assert list(items(only_note(text % "about: b"))) == ["a"]


def test_a_cloze_hides_all_deletions_of_one_number_and_shows_the_others() -> None:
    note = only_note(
        '- {id: c, type: cloze, text: "{{c1::A}} and {{c1::B}} of {{c2::$x^{2}$::power}}", '
        "distractors: {c1: [D, E]}, accept: {c2: square}}"
    )
    assert cards(note) == [
        ("c/c1", r"\[…\] and \[…\] of $x^{2}$", "A; B"),
        ("c/c2", r"A and B of \[power\]", "$x^{2}$"),
    ]
    assert note.cards()[1].accept == ("square",)
    assert list(items(note)) == ["c/c1"]
    spec = items(note)["c/c1"]
    assert (texts(spec.right), spec.stem.endswith("\n\nWhat belongs in the first blank?")) == (["A"], True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nothing hidden", "the text has no deletion"),
        ("{{c1::A", "'{{c1::' is never closed"),
        ("{{c1::A {{c2::B}} }}", "another deletion inside"),
        ("{{c1::}}", "hides nothing"),
        ("{{c1::A}} {{c2:B}}", "'{{c2:' begins no deletion"),
        ("{{c0::A}}", "counting from c1"),
    ],
)
def test_a_malformed_cloze_is_an_error(text: str, words: str) -> None:
    (message,) = errors(f'- {{id: c, type: cloze, text: "{text}"}}')
    assert words in message


def test_a_choice_is_drilled_only_on_request() -> None:
    text = "- {id: a, type: choice, stem: S?, key: A, distractors: [B, C]%s}"
    assert [(card.key, card.hidden) for card in only_note(text % "").cards()] == [("a", True)]
    assert [(card.key, card.hidden) for card in only_note(text % ", card: yes").cards()] == [("a", False)]
    assert [(c.key, c.hidden) for c in only_note(text % ", card: yes, cards: no").cards()] == [("a", True)]


def test_options_written_in_full_keep_their_order() -> None:
    note = only_note("- {id: a, type: choice, stem: S?, options: [Mild, {text: Severe, key: yes}, Fatal]}")
    spec = items(note)["a"]
    assert (texts(spec.right), texts(spec.wrong), spec.ordered) == (["Severe"], ["Mild", "Fatal"], (1, 0, 2))
    snapshot = ITEM_TYPES["single"].draw(spec, 3)
    assert snapshot is not None
    assert [option["text"] for option in snapshot["options"]] == ["Mild", "Severe", "Fatal"]


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("distractors: [B, C]", "'key' is missing"),
        ("key: , distractors: [B, C]", "'key' is empty"),
        ("options: [A, B]", "no option is the right one"),
        ("options: [{text: A, key: yes}, {text: B, key: yes}]", "a second key"),
        ("options: [{text: A, key: yes}, B], key: A", "write either 'options'"),
        ("key: A, distractors: [B, 'a.']", "this distractor is also a right answer"),
    ],
)
def test_a_choice_has_one_key(rest: str, words: str) -> None:
    found = errors(f"- {{id: a, type: choice, stem: S?, {rest}}}")
    assert any(words in message for message in found), found


def test_a_set_asks_in_three_ways() -> None:
    note = only_note(
        "- {id: s, type: set, name: a sign, members: [A, B, {text: C, harm: 3}], non_members: [D, E], "
        "ask_all: Tick each sign.}"
    )
    assert cards(note) == [("s", "Name all 3. Each is a sign.", "A; B; C")]
    specs = items(note)
    assert [(key, spec.stem, spec.type, spec.evidence) for key, spec in specs.items()] == [
        ("s/is", "Which of these is a sign?", "single", "s"),
        ("s/is-not", "Which of these is **NOT** a sign?", "single", "s"),
        ("s/all", "Tick each sign.", "multiple", "s"),
    ]
    assert texts(specs["s/is-not"].right) == ["D", "E"]
    assert specs["s/is-not"].wrong[2] == Choice("C", "It is a sign.", 3)


@pytest.mark.parametrize(
    ("members", "others", "keys"),
    [
        ("[A]", "[D, E]", ["s/is"]),
        ("[A, B]", "[D]", ["s/is-not"]),
        ("[A, B]", "", []),
        ("[A, B]", "[D, E]", None),
    ],
)
def test_a_set_asks_only_what_it_has_options_for(members: str, others: str, keys: list[str] | None) -> None:
    note = only_note(f"- {{id: s, type: set, name: n, members: {members}, non_members: {others}}}")
    assert list(items(note)) == (["s/is", "s/is-not", "s/all"] if keys is None else keys)


def test_a_set_cannot_hold_one_thing_twice_or_both_ways() -> None:
    assert errors("- {id: s, type: set, name: n, members: [A, B, ' a'], non_members: ['b.', C, D]}") == [
        "this stands here twice: delete one",
        "this is a member of the set too: it cannot be both",
    ]


MATRIX = """
- id: m
  type: matrix
  explanation: Of the note.
  cite: label
  subjects: {a: Alpha, b: Beta, c: Gamma}
  rows:
    - {id: use, attribute: use, a: one, b: 'One.', c: {text: two, why: because}, distractors: [three, four]}
    - {id: dose, attribute: dose, ask: "How much {subject}, {not} {attribute}?", ask_subject: "{value} of what?",
       a: 5 mg, b: "{subject}", c: {skip: yes}, explanation: Of the row., distractors: [7 mg]}
"""


def test_a_matrix_yields_cards_both_ways() -> None:
    assert cards(only_note(MATRIX)) == [
        ("m/use/a", "Alpha: use?", "one"),
        ("m/use/b", "Beta: use?", "One."),
        ("m/use/c", "Gamma: use?", "two"),
        ("m/use/c/back", "Which has this use: two?", "Gamma"),
        ("m/dose/a", "How much Alpha, {not} dose?", "5 mg"),
        ("m/dose/a/back", "5 mg of what?", "Alpha"),
        ("m/dose/b", "How much Beta, {not} dose?", "{subject}"),
        ("m/dose/b/back", "{subject} of what?", "Beta"),
    ]


def test_a_matrix_draws_distractors_from_its_other_subjects() -> None:
    note = only_note(MATRIX)
    specs = items(note)
    assert [key for key in specs if key.endswith("/back")] == [
        "m/use/c/back",
        "m/dose/a/back",
        "m/dose/b/back",
    ]
    use = specs["m/use/a"]
    assert texts(use.wrong) == ["three", "four"]
    assert use.fill == (Choice("One.", "True of Beta.", note="m"), Choice("two", "True of Gamma.", note="m"))
    assert specs["m/dose/a/back"].fill == (Choice("Beta", "Beta: {subject}.", note="m"),)
    assert (note.told("m/use/a").explanation, note.told("m/dose/b/back").explanation) == (
        "Of the note.",
        "Of the row.",
    )
    assert note.told("m/dose/a").cites[0].source == "label"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (", c: {skip: yes}", "", "'c' is missing in this row"),
        ("c: {skip: yes}", "cc: x", "unknown key 'cc': did you mean 'c'?"),
        ("b: 'One.'", "b: {tex: x}", "unknown key 'tex': did you mean 'text'?"),
        ("c: Gamma", "cite: Gamma, c: Gamma", "no subject may be called 'cite'"),
        ("id: dose", "id: use", "a second row with the id 'use'"),
        ("{subject}, {not}", "x", "'ask' must say {subject}"),
        ("{value} of", "x of", "'ask_subject' must say {value}"),
        ("[7 mg]", "[5 mg]", "this distractor is also a right answer"),
    ],
)
def test_a_matrix_is_complete_and_consistent(old: str, new: str, words: str) -> None:
    assert old in MATRIX
    found = errors(MATRIX.replace(old, new))
    assert any(words in message for message in found), found


@pytest.mark.parametrize("kind", NOTE_TYPES.values(), ids=lambda kind: kind.name)
def test_the_cards_of_a_note_are_counted_as_they_are_derived(kind: type[Note]) -> None:
    note = only_note(kind.example)
    assert note.extent()[0] == len(note.cards())


def test_a_matrix_gives_each_question_a_bounded_number_of_its_other_values() -> None:
    many = 3 * limits.SIBLINGS
    subjects = ", ".join(f"s{n}: S{n}" for n in range(many))
    values = ", ".join(f"s{n}: v{n // 2 * 2}" for n in range(many))
    rows = f"[{{id: r, attribute: a, {values}}}, {{id: q, attribute: b, {values.replace('v', 'w')}}}]"
    note = only_note(f"- {{id: m, type: matrix, subjects: {{{subjects}}}, rows: {rows}}}")
    derived = items(note)
    assert {len(spec.fill) for spec in derived.values()} == {limits.SIBLINGS}
    assert all(f"S{key.split('/s')[1]}" not in spec.fill for key, spec in derived.items())
    assert texts(derived[f"m/r/s{many - 1}"].fill)[:2] == ["v0", "v0"]
    assert note.extent()[0] == len(note.cards())


def test_the_pools_of_a_note_give_a_bounded_number_of_options() -> None:
    pools = {name: tuple(Choice(f"{name}{n}") for n in range(400)) for name in ("p", "q")}
    note = only_note(Fact.example)
    (spec,) = note.model_copy(update={"distractors_from": ("p", "q")}).asked(Shared(pools=pools))
    assert len(spec.fill) == limits.POOL_ENTRIES_PER_NOTE
