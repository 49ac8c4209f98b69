"""Each rule with an item that has the flaw and items that only look like it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.banks import flaws
from quizapp.banks.flaws.cues import vowel_sound

ERRORS = {
    "none_of_the_above",
    "all_of_the_above",
    "negative_unhighlighted",
    "grammatical_cue",
    "k_type",
    "duplicate_options",
    "overlapping_ranges",
}


@dataclass
class Asked:
    stem: str
    keys: list[str]
    distractors: list[str]
    ordered: tuple[int, ...] = ()


def asked(
    *options: str, stem: str = "Which receptor does baclofen activate?", ordered: bool = False
) -> Asked:
    """Return an item whose first option is the key."""
    return Asked(stem, [options[0]], list(options[1:]), tuple(range(len(options))) if ordered else ())


def found(item: Asked) -> dict[str, flaws.Flaw]:
    """Return the first flaw of each rule that `item` breaks."""
    told: dict[str, flaws.Flaw] = {}
    for flaw in flaws.of_item(item.stem, item.keys, item.distractors, ordered=item.ordered):
        told.setdefault(flaw.rule, flaw)
    return told


RECEPTORS = ("GABA-B", "GABA-A", "NMDA")
SIGNS = ("Seizures", "Tinnitus", "Nausea")

FLAWED = {
    "longest_correct": [
        asked("The GABA-B receptor of the presynaptic nerve ending", "GABA-A", "NMDA receptor")
    ],
    "absolute_terms": [
        asked("Taper over weeks", "Never taper", "Stop at once"),
        asked("Taper over weeks", "Stop every medicine", "Stop at once"),
    ],
    "none_of_the_above": [asked("GABA-B", "NMDA", "None of the above"), asked("GABA-B", "None of these.")],
    "all_of_the_above": [asked("All of the above", "GABA-A", "NMDA"), asked("GABA-B", "all of those listed")],
    "negative_stem": [
        asked(*SIGNS, stem="All of these follow withdrawal EXCEPT:"),
        asked(*SIGNS, stem="Which is the LEAST likely sign?"),
        asked(*SIGNS, stem="If a dose is missed, which of these should the patient **not** do?"),
        asked(*SIGNS, stem="Which of these ISN'T a sign of withdrawal?"),
        asked(*SIGNS, stem="A pump fails. Which statement is FALSE?"),
    ],
    "negative_unhighlighted": [
        asked(*SIGNS, stem="Which sign is not seen in withdrawal?"),
        asked(*SIGNS, stem="Which sign is **rarely** seen and not expected?"),
        asked(*SIGNS, stem="All of these follow withdrawal, except:"),
    ],
    "double_negative": [asked("No taper", "Taper", stem="Which plan is NOT advised?")],
    "grammatical_cue": [
        asked("insulin", "statin", stem="The medicine that she needs is an"),
        asked("statin", "insulin", stem="The medicine that she needs is a ____."),
        asked("NSAID", "statin", stem="She is taking an […]"),
        asked("Fever and rigidity", "Tinnitus", "Flaccidity", stem="Which signs are seen in withdrawal?"),
    ],
    "word_repeat": [
        asked(
            "Spastic legs",
            "Tinnitus",
            "Nausea",
            stem="What does baclofen relieve in spasticity of the spine?",
        ),
        asked("Renal excretion", "Metabolism", stem="How is a drug excreted in the urine cleared?"),
        asked("Stomach", "Liver", "Lung", stem="Which organ holds stomachs' acid?"),
    ],
    "convergence": [
        asked(
            "Fever and rigidity",
            "Fever and flaccidity",
            "Nausea and rigidity",
            "Chills and thirst",
            stem="What is seen?",
        ),
    ],
    "k_type": [
        asked("A and C", "A", "B"),
        asked("GABA-B", "both 1 and 2"),
        asked("GABA-B", "II only"),
        asked("GABA-B", "(a), (b) and (c)"),
    ],
    "true_false_format": [
        asked("True", "False", stem="Baclofen is a GABA-B agonist."),
        asked(*RECEPTORS, stem="Which statement about baclofen is true?"),
    ],
    "unfocused_stem": [asked(*RECEPTORS, stem="Baclofen:")],
    "blank_not_at_end": [asked("kidneys", "liver", "lungs", stem="The ____ clear most of the drug.")],
    "lost_sequence": [asked("60 min", "2 h", "30 min", ordered=True)],
    "vague_terms": [asked("It often causes sleep", "Tinnitus", "Nausea")],
    "duplicate_options": [asked("60 min", "1 h", "2 h"), asked("GABA-B", "**gaba-b.**", "NMDA")],
    "overlapping_ranges": [asked("2-4 h", "4-8 h", "9-10 h"), asked("30–90 min", "1–2 h", "3–4 h")],
    "heterogeneous_options": [asked("5 mg", "10 mg", "As tolerated")],
    "repeated_lead_words": [asked("In the spinal cord", "In the spinal root", "In the spinal nerve")],
}

SOUND = {
    "longest_correct": [
        asked("A GABA-B receptor", "GABA-A", "NMDA"),
        asked("The GABA-B receptor of nerve endings", "The GABA-A receptor of the muscle", "NMDA"),
    ],
    "absolute_terms": [
        asked("Every 6 hours", "Twice daily"),
        asked("Never", "Always"),
        asked("GABA-B", "II only"),
        asked("Small balls", "Caverns"),
    ],
    "none_of_the_above": [asked("None", "One of the above doses", "Two")],
    "all_of_the_above": [asked("All muscles", "All nerves", "Some of the above")],
    "negative_stem": [
        asked(*SIGNS, stem="Which sign is seen when the dose is not taken?"),
        asked(*SIGNS, stem="The patient was not treated. Which sign is expected?"),
        asked(*SIGNS, stem="For at least how many days is each step held?"),
    ],
    "negative_unhighlighted": [
        asked(*SIGNS, stem="Which of these is **not** a sign?"),
        asked(*SIGNS, stem="Which of these is NOT a sign?"),
    ],
    "double_negative": [asked("No taper", "Taper", stem="Which plan is advised?")],
    "grammatical_cue": [
        asked("insulin", "statin", stem="The medicine that she needs is a(n)"),
        asked("insulin", "aspirin", stem="The medicine that she needs is an"),
        asked("statin", "insulin", "vitamin", stem="She is short of vitamin A"),
        asked("Fever and rigidity", "Chills and thirst", stem="Which signs are seen in withdrawal?"),
        asked("Fever and rigidity", "Tinnitus", stem="What is seen in withdrawal?"),
    ],
    "word_repeat": [
        asked("Spastic legs", "Spastic arms", stem="What does baclofen relieve in spasticity?"),
        asked("GABA-B receptor", "NMDA receptor"),
        asked("After these hours", "Soon", stem="What happens after these events?"),
        asked("Spastic legs", stem="What does baclofen relieve in spasticity?"),
    ],
    "convergence": [
        asked("Fever and rigidity", "Fever and flaccidity", "Chills and rigidity", "Chills and flaccidity"),
        asked("Fever and rigidity", "Fever", "Rigidity"),
    ],
    "k_type": [asked("Vitamins A and C", "Vitamin D"), asked("2 or 3", "Only calcium", "C")],
    "true_false_format": [asked("Yes, once", "No", stem="May it be taken?"), asked(*RECEPTORS)],
    "unfocused_stem": [
        asked(*RECEPTORS, stem="Baclofen activates ____"),
        asked(*RECEPTORS, stem="Mechanism of baclofen?"),
        asked(*RECEPTORS, stem="The receptor that baclofen activates is"),
    ],
    "blank_not_at_end": [asked("kidneys", "liver", stem="Most of the drug is cleared by the ____ daily.")],
    "lost_sequence": [
        asked("30 min", "60 min", "2 h", ordered=True),
        asked("2 h", "60 min", "30 min", ordered=True),
        asked("60 min", "2 h", "30 min"),
        asked("60 min", "2 mg", "30 min", ordered=True),
    ],
    "vague_terms": [asked("In 5 of 100 patients", "Tinnitus"), asked("Germany", "Manyberries")],
    "duplicate_options": [asked("60 min", "2 h", "60 mg")],
    "overlapping_ranges": [asked("2–4 h", "5–8 h", "4–8 days"), asked("2–4 h", "3 h", "4–8 mg")],
    "heterogeneous_options": [
        asked("C10H12ClNO2", "Chlorine", "5-HT3"),
        asked("5 mg", "10 mg", "20 mg three times daily"),
    ],
    "repeated_lead_words": [
        asked("In the spinal cord", "In the spinal root", "In the muscle"),
        asked("A", "A b"),
    ],
}


@pytest.mark.parametrize(
    ("rule", "item"), [(rule, item) for rule in FLAWED for item in FLAWED[rule]], ids=str
)
def test_a_flaw_is_found_and_told_with_a_remedy(rule: str, item: Asked) -> None:
    flaw = found(item).get(rule)
    assert flaw
    assert flaw.level == ("error" if rule in ERRORS else "warning")
    reason, _, remedy = flaw.message.rstrip(".").rpartition(": ")
    assert reason
    assert remedy
    assert flaw.message.endswith(".")


@pytest.mark.parametrize(("rule", "item"), [(rule, item) for rule in SOUND for item in SOUND[rule]], ids=str)
def test_a_sound_item_is_left_alone(rule: str, item: Asked) -> None:
    assert rule not in found(item)


def test_every_rule_is_tested_both_ways() -> None:
    assert FLAWED.keys() == SOUND.keys()
    assert len(FLAWED) == 20


def test_a_good_item_has_no_flaw_at_all() -> None:
    assert found(asked(*RECEPTORS)) == {}


@pytest.mark.parametrize(
    ("rule", "options", "blamed"),
    [
        ("all_of_the_above", ("GABA-B", "NMDA", "All of the above"), 2),
        ("duplicate_options", ("60 min", "2 h", "1 h"), 2),
        ("vague_terms", ("Sleep", "Usually sleep", "Nausea"), 1),
        ("longest_correct", ("The GABA-B receptor of the nerve", "GABA-A", "NMDA"), 0),
    ],
)
def test_the_option_to_blame_is_named(rule: str, options: tuple[str, ...], blamed: int) -> None:
    assert found(asked(*options))[rule].option == blamed


def test_a_question_asked_before_the_last_sentence_is_the_lead_in() -> None:
    stem = "Which of these is not a sign? Think of the pump."
    assert "negative_unhighlighted" in found(asked(*SIGNS, stem=stem))


@pytest.mark.parametrize(
    ("text", "sounds_like_a_vowel"),
    [
        *[("insulin", True), ("hour", True), ("ulcer", True), ("8 mg dose", True), ("11 mg", True)],
        *[("statin", False), ("unit", False), ("European", False), ("one-off", False), ("5 mg", False)],
        *[("NSAID", True), ("SSRI", True), ("H2 blocker", True), ("GABA agonist", False), ("UTI", False)],
        *[("MAOI", None), ("β-blocker", None)],
    ],
)
def test_the_article_follows_the_sound(text: str, sounds_like_a_vowel: bool | None) -> None:
    assert vowel_sound(text) is sounds_like_a_vowel


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("Give 5.0 mg at night.", "5.0 mg"),
        ("Give 1,000.0 mg at night.", "1,000.0 mg"),
        ("Give .5 mg at night.", ".5 mg"),
        ("Give 10 U now.", "10 U"),
        ("Give 50 µg now.", "µg"),
    ],
)
def test_unsafe_dose_notation_is_told(text: str, notation: str) -> None:
    (flaw,) = flaws.of_text(text)
    assert (flaw.rule, flaw.level) == ("unsafe_dose", "warning")
    assert flaw.message.startswith(f"“{notation}”")


@pytest.mark.parametrize(
    "text",
    [
        "Give 5 mg.",
        "Give 0.5 mg.",
        "10 units",
        "50 mcg",
        "pH 7.0",
        "10 mg",
        "In the U.S. 5 U.S. states",
        "p < .05",
    ],
)
def test_safe_notation_is_left_alone(text: str) -> None:
    assert flaws.of_text(text) == []


@given(st.text(), st.lists(st.text()), st.lists(st.text()))
def test_no_text_breaks_a_rule_itself(stem: str, keys: list[str], distractors: list[str]) -> None:
    for flaw in flaws.of_item(stem, keys, distractors, ordered=range(len(keys + distractors))):
        assert flaw.option is None or 0 <= flaw.option < len(keys + distractors)
    flaws.of_text(stem)
