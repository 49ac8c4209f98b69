"""The contract of item types, run over the table, and the laws of drawing and grading."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quizapp.banks import flaws
from quizapp.banks.items import ITEM_TYPES
from quizapp.banks.items.base import Choice, ItemSpec, ItemType, Snapshot
from quizapp.banks.items.options import KEYS_TRIED, LOOKED_AT
from quizapp.banks.norm import norm
from quizapp.errors import Invalid
from quizapp.richtext import to_inline_plain

SINGLE, MULTIPLE = ITEM_TYPES["single"], ITEM_TYPES["multiple"]

# Texts that repeat one another in disguise, or may not stand beside one another.
TEXTS = st.sampled_from(
    [
        *[
            "GABA-A",
            "GABA-B",
            "**gaba-b.**",
            "NMDA",
            "N\\MDA",
            "AMPA",
            "glycine",
            "5 mg",
            "5000 mcg",
            "10 mg",
        ],
        *["60 min", "1 h", "2–4 h", "4–8 h", "A and C", "All of the above", "fever and chills", "insulin"],
    ]
) | st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), min_size=1, max_size=6)
CHOICES = st.lists(
    st.builds(Choice, TEXTS, why=st.just("SECRET"), harm=st.just(3), note=st.just("SECRET")), max_size=8
)
STEMS = st.sampled_from(["Which one?", "Which signs are seen?", "She needs an", "She needs a ____"])
SEEDS = st.integers(0, 2**63 - 1)
NUMBERS = st.integers(1, 5)
SPECS = st.builds(
    ItemSpec,
    key=st.just("note"),
    type=st.just("single"),
    evidence=st.just("note"),
    stem=STEMS,
    right=CHOICES.map(tuple),
    wrong=CHOICES.map(tuple),
    fill=CHOICES.map(tuple),
    accept=st.lists(TEXTS, max_size=2).map(tuple),
    most_wrong=NUMBERS,
    fill_to=NUMBERS,
    least_right=st.just(1),
    least_wrong=st.integers(1, 3),
    most_options=st.integers(4, 8),
)


def same(text: str) -> str:
    return norm(to_inline_plain(text))


def texts(snapshot: Snapshot, *, right: bool | None = None) -> list[str]:
    return [option["text"] for option in snapshot["options"] if right in {None, option["right"]}]


def ids(snapshot: Snapshot, *wanted: str) -> list[str]:
    return [option["id"] for option in snapshot["options"] if option["text"] in wanted]


def spec(
    right: Sequence[str],
    wrong: Sequence[str],
    fill: Sequence[str] = (),
    *,
    stem: str = "Which one?",
    **changes: object,
) -> ItemSpec:
    plain = ItemSpec(
        "note", "single", "note", stem, *(tuple(map(Choice, given)) for given in (right, wrong, fill))
    )
    return replace(plain, **changes)


def drawn(kind: ItemType, wanted: ItemSpec, seed: int = 1) -> Snapshot:
    snapshot = kind.draw(wanted, seed)
    assert snapshot is not None
    return snapshot


# The contract


@pytest.mark.parametrize("kind", ITEM_TYPES.values(), ids=ITEM_TYPES)
def test_the_example_is_drawn_answered_and_explained(kind: ItemType) -> None:
    example = kind.example
    snapshot = drawn(kind, example.spec)
    assert example.spec.type == snapshot["type"] == kind.name
    correct = kind.read(snapshot, ids(snapshot, *example.correct))
    wrong = kind.read(snapshot, ids(snapshot, *example.wrong))
    for strict in (False, True):
        assert kind.grade(snapshot, correct, strict=strict) == 1
        assert kind.grade(snapshot, wrong, strict=strict) == 0
        assert kind.grade(snapshot, None, strict=strict) == 0
    rows = kind.explain(snapshot, wrong)
    assert [row["letter"] for row in rows] == list("ABCDEFGH"[: len(rows)])
    assert {row["text"] for row in rows if row["chosen"]} == set(example.wrong)
    assert {row["text"] for row in rows if row["right"]} == set(example.correct)
    assert any(row["why"] for row in rows)


@pytest.mark.parametrize("kind", ITEM_TYPES.values(), ids=ITEM_TYPES)
def test_what_was_never_shown_is_refused_and_nothing_is_no_answer(kind: ItemType) -> None:
    snapshot = drawn(kind, kind.example.spec)
    for value in kind.example.invalid:
        with pytest.raises(Invalid, match="not one of the options shown"):
            kind.read(snapshot, [*ids(snapshot, *kind.example.correct), value])
    assert kind.read(snapshot, []) is None


@pytest.mark.parametrize("kind", ITEM_TYPES.values(), ids=ITEM_TYPES)
def test_a_snapshot_survives_the_database(kind: ItemType) -> None:
    snapshot = drawn(kind, kind.example.spec)
    assert json.loads(json.dumps(snapshot)) == snapshot


@pytest.mark.parametrize("kind", ITEM_TYPES.values(), ids=ITEM_TYPES)
def test_asked_again_it_is_the_same_question_in_another_order_under_fresh_ids(kind: ItemType) -> None:
    first = drawn(kind, kind.example.spec) | {"kept": "too"}
    again = [kind.again(first, seed) for seed in range(20)]
    assert all(same_but_for_order(first, one) for one in again)
    assert len({tuple(texts(one)) for one in again}) > 1
    seen = [option["id"] for one in (first, *again) for option in one["options"]]
    assert len(set(seen)) == len(seen)


def same_but_for_order(one: Snapshot, other: Snapshot) -> bool:
    def told(snapshot: Snapshot) -> Snapshot:
        options = [{**option, "id": ""} for option in snapshot["options"]]
        return snapshot | {"options": sorted(options, key=lambda option: option["text"])}

    return told(one) == told(other)


@pytest.mark.parametrize(
    "wanted",
    [
        spec(["Severe"], ["Mild", "Fatal"], ordered=(1, 0, 2)),
        spec(["10 mg"], ["5000 mcg", "20 mg", "40 mg"]),
    ],
)
def test_an_order_that_means_something_stays_when_asked_again(wanted: ItemSpec) -> None:
    first = drawn(SINGLE, wanted)
    assert all(texts(SINGLE.again(first, seed)) == texts(first) for seed in range(10))


# Drawing


@given(SPECS, SEEDS)
def test_a_single_has_one_key_and_no_second_right_answer(wanted: ItemSpec, seed: int) -> None:
    snapshot = SINGLE.draw(wanted, seed)
    assume(snapshot)
    (key,) = texts(snapshot, right=True)
    distractors = texts(snapshot, right=False)
    right = {same(text) for text in (*wanted.accept, *(choice.text for choice in wanted.right))}
    assert key in {choice.text for choice in wanted.right}
    assert right.isdisjoint(map(same, distractors))
    assert wanted.least_wrong <= len(distractors) <= max(wanted.most_wrong, wanted.fill_to)


@given(SPECS, SEEDS, st.booleans())
def test_a_multiple_has_keys_and_distractors_within_its_numbers(
    wanted: ItemSpec, seed: int, fixed: bool
) -> None:
    wanted = replace(wanted, fixed=fixed)
    snapshot = MULTIPLE.draw(wanted, seed)
    assume(snapshot)
    right = {same(choice.text) for choice in wanted.right}
    assert right.issuperset(map(same, texts(snapshot, right=True)))
    assert right.isdisjoint(map(same, texts(snapshot, right=False)))
    assert texts(snapshot, right=True)
    assert len(texts(snapshot, right=False)) >= (1 if fixed else wanted.least_wrong)
    assert fixed or len(texts(snapshot)) <= wanted.most_options


@given(st.sampled_from([SINGLE, MULTIPLE]), SPECS, SEEDS)
def test_no_variant_repeats_an_option_or_holds_an_error(kind: ItemType, wanted: ItemSpec, seed: int) -> None:
    snapshot = kind.draw(wanted, seed)
    assume(snapshot)
    assert len(set(map(same, texts(snapshot)))) == len(snapshot["options"])
    assert len({option["id"] for option in snapshot["options"]}) == len(snapshot["options"])
    assert all(re.fullmatch("[0-9a-f]{8}", option["id"]) for option in snapshot["options"])
    told = flaws.of_item(wanted.stem, texts(snapshot, right=True), texts(snapshot, right=False))
    assert [flaw for flaw in told if flaw.level == "error"] == []


@given(st.sampled_from([SINGLE, MULTIPLE]), SPECS, SEEDS)
def test_the_same_seed_draws_the_same_and_the_browser_learns_no_key(
    kind: ItemType, wanted: ItemSpec, seed: int
) -> None:
    snapshot = kind.draw(wanted, seed)
    assert kind.draw(wanted, seed) == snapshot
    assert kind.can_be_drawn(wanted, seed) == (snapshot is not None)
    assume(snapshot)
    shown = kind.present(snapshot)
    assert shown.keys() == {"type", "stem", "options"}
    assert all(option.keys() == {"id", "letter", "text"} for option in shown["options"])
    assert "SECRET" not in json.dumps(shown)


def test_a_variant_is_the_same_in_every_release() -> None:
    snapshot = drawn(SINGLE, SINGLE.example.spec, seed=1)
    assert [(option["id"], option["text"]) for option in snapshot["options"]] == [
        ("178595a5", "NMDA"),
        ("53e2e388", "GABA-B"),
        ("db8d3916", "GABA-A"),
        ("5b094b7e", "AMPA"),
    ]


def test_own_distractors_are_sampled_and_fills_come_only_up_to_their_number() -> None:
    many = spec(["k"], list("abcdefg"), ["x", "y"])
    assert len(texts(drawn(SINGLE, many), right=False)) == 4
    assert {text for seed in range(40) for text in texts(drawn(SINGLE, many, seed))} == set("kabcdefg")
    few = spec(["k"], ["a"], ["x", "y", "z"])
    assert len(texts(drawn(SINGLE, few), right=False)) == 3
    assert all("a" in texts(drawn(SINGLE, few, seed)) for seed in range(20))


def test_a_fill_that_would_be_right_or_flawed_is_passed_over() -> None:
    wanted = spec(
        ["2–4 h"],
        ["60 min"],
        ["2-4 hours", "two hours", "1 h", "4–8 h", "All of the above", "A and C", "9 h"],
        accept=("two hours",),
    )
    for seed in range(20):
        assert sorted(texts(drawn(SINGLE, wanted, seed))) == ["2–4 h", "60 min", "9 h"]


def test_too_few_options_make_no_item() -> None:
    assert SINGLE.draw(spec(["k"], ["a"], ["K."]), 1) is None
    assert SINGLE.draw(spec([], ["a", "b"]), 1) is None
    assert SINGLE.draw(spec(["k"], ["a"], least_wrong=1), 1) is not None
    assert MULTIPLE.draw(spec(["k"], ["a", "b"], least_right=2), 1) is None


def test_every_member_of_a_set_is_the_key_for_some_seed() -> None:
    wanted = spec(["Anxiety", "Seizures", "Insomnia"], ["Tinnitus", "Diarrhoea"])
    keys = {text for seed in range(30) for text in texts(drawn(SINGLE, wanted, seed), right=True)}
    assert keys == {"Anxiety", "Seizures", "Insomnia"}


def test_another_key_is_drawn_where_one_would_be_given_away() -> None:
    stem = "Which of these are seen in withdrawal?"
    wanted = spec(["fever and chills", "rigidity"], ["tinnitus", "cough"], stem=stem)
    assert {tuple(texts(drawn(SINGLE, wanted, seed), right=True)) for seed in range(20)} == {("rigidity",)}


def test_select_all_varies_how_many_are_right_but_never_below_the_least() -> None:
    wanted = spec(list("abcdef"), list("uvwxyz"), least_right=2, least_wrong=2, most_options=6)
    numbers = {len(texts(drawn(MULTIPLE, wanted, seed), right=True)) for seed in range(60)}
    assert numbers == {2, 3, 4}
    assert all(len(texts(drawn(MULTIPLE, wanted, seed))) == 6 for seed in range(60))


def test_a_fixed_item_shows_every_candidate() -> None:
    wanted = spec(["k"], list("abcdefg"), fixed=True)
    assert set(texts(drawn(SINGLE, wanted))) == set(texts(drawn(MULTIPLE, wanted))) == set("kabcdefg")


# Order


def test_the_key_stands_in_every_place_about_as_often() -> None:
    wanted = spec(["k"], ["a", "b", "c"])
    places = [texts(drawn(SINGLE, wanted, seed)).index("k") for seed in range(400)]
    assert all(75 <= places.count(place) <= 125 for place in range(4))


def test_a_written_order_is_kept() -> None:
    wanted = spec(["third"], ["first", "second", "fourth"], ordered=(1, 2, 0, 3))
    for seed in range(10):
        assert texts(drawn(SINGLE, wanted, seed)) == ["first", "second", "third", "fourth"]


def test_numbers_ascend_whatever_their_unit() -> None:
    wanted = spec(["2–4 hours"], ["20 minutes", "18 hours", "3 days"])
    for seed in range(10):
        assert texts(drawn(SINGLE, wanted, seed)) == ["20 minutes", "2–4 hours", "18 hours", "3 days"]


def test_numbers_of_two_dimensions_are_shuffled() -> None:
    wanted = spec(["1 mg"], ["2 mL", "3 h"])
    assert len({tuple(texts(drawn(SINGLE, wanted, seed))) for seed in range(40)}) == 6


# Answers


def test_a_single_takes_one_option() -> None:
    snapshot = drawn(SINGLE, spec(["k"], ["a", "b"]))
    with pytest.raises(Invalid, match="one best answer"):
        SINGLE.read(snapshot, ids(snapshot, "k", "a"))
    assert SINGLE.read(snapshot, ids(snapshot, "k") * 2) == ids(snapshot, "k")


def test_chosen_options_are_kept_in_shown_order() -> None:
    snapshot = drawn(MULTIPLE, spec(["k", "l"], ["a", "b"], fixed=True))
    shown = ids(snapshot, "k", "l", "a", "b")
    assert MULTIPLE.read(snapshot, shown[::-1]) == shown


@pytest.mark.parametrize(
    ("chosen", "fraction"),
    [
        ("klm", 1),
        ("kl", 2 / 3),
        ("kla", 1 / 3),
        ("k", 1 / 3),
        ("ka", 0),
        ("kab", 0),
        ("ab", 0),
        ("klmab", 1 / 3),
    ],
)
def test_select_all_takes_wrong_picks_from_right_ones_and_an_exam_wants_all(
    chosen: str, fraction: float
) -> None:
    snapshot = drawn(MULTIPLE, spec(["k", "l", "m"], ["a", "b"], fixed=True))
    response = MULTIPLE.read(snapshot, ids(snapshot, *chosen))
    assert MULTIPLE.grade(snapshot, response, strict=False) == pytest.approx(fraction)
    assert MULTIPLE.grade(snapshot, response, strict=True) == (fraction == 1)


@given(st.sampled_from([SINGLE, MULTIPLE]), SPECS, SEEDS, st.booleans())
def test_a_fraction_lies_between_0_and_1_and_is_1_for_the_keys(
    kind: ItemType, wanted: ItemSpec, seed: int, strict: bool
) -> None:
    snapshot = kind.draw(wanted, seed)
    assume(snapshot)
    options = [option["id"] for option in snapshot["options"]]
    right = ids(snapshot, *texts(snapshot, right=True))
    for count in range(len(options) + 1):
        for chosen in combinations(options, count):
            fraction = kind.grade(snapshot, list(chosen), strict=strict)
            assert 0 <= fraction <= 1
            assert (fraction == 1) == (list(chosen) == right)


def test_the_chance_of_a_blind_guess() -> None:
    assert SINGLE.guess_chance(drawn(SINGLE, spec(["k"], ["a", "b", "c"]))) == 1 / 4
    assert MULTIPLE.guess_chance(drawn(MULTIPLE, spec(["k", "l"], ["a", "b"], fixed=True))) == 1 / 15


# Work


class Looked(tuple[Choice, ...]):
    """Candidates that count how many of them are looked at."""

    count = 0

    def __getitem__(self, place: object) -> object:  # type: ignore[override]
        Looked.count += 1
        return super().__getitem__(place)  # type: ignore[index]

    def __iter__(self) -> object:  # type: ignore[override]
        raise AssertionError("a long list was gone through")


def test_few_of_many_candidates_are_looked_at_and_each_is_found_by_some_seed() -> None:
    pool = [Choice(f"p{number}") for number in range(500)]
    wanted = replace(spec(["k"], []), fill=Looked(pool))
    found = {text for seed in range(900) for text in texts(drawn(SINGLE, wanted, seed), right=False)}
    assert Looked.count == 900 * wanted.fill_to
    assert len(found) > 450
    assert drawn(SINGLE, wanted, 7) == drawn(SINGLE, replace(wanted, fill=tuple(pool)), 7)


def test_a_long_list_without_a_good_candidate_is_given_up() -> None:
    Looked.count = 0
    hopeless = replace(spec(["k"], []), fill=Looked([Choice(f"All of the above {n}") for n in range(500)]))
    assert SINGLE.draw(hopeless, 1) is None
    assert 0 < Looked.count <= LOOKED_AT


def test_of_many_keys_that_cannot_be_asked_few_are_tried() -> None:
    stem = "Which of these are seen in withdrawal?"
    Looked.count = 0
    wrong = Looked([Choice(f"sign {number}") for number in range(400)])
    hopeless = replace(spec([f"m{n} and x" for n in range(400)], [], stem=stem), wrong=wrong)
    assert SINGLE.draw(hopeless, 1) is None
    assert 0 < Looked.count <= KEYS_TRIED * LOOKED_AT
