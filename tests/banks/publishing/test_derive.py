"""What a bank yields: canonical content whose hash never moves, rows as they are kept."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from quizapp.banks.check import check
from quizapp.banks.notes import load
from quizapp.banks.publishing.derive import CardRow, Derived, derive
from tests.factories.banks import bank_yaml

ROOT = Path(__file__).resolve().parents[3]
BANKS = sorted([*(ROOT / "question_banks").glob("*.yaml"), *(ROOT / "tests/banks/examples").glob("*.yaml")])


def derived(source: bytes) -> list[Derived]:
    bank = check(source, file="bank.yaml").bank
    assert bank is not None
    return derive(bank)


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_content_is_compact_json_in_written_order_and_reads_back_as_the_note(path: Path) -> None:
    bank = check(path.read_bytes(), file=path.name).bank
    assert bank is not None
    published = [note for note in bank.notes if note.status == "published"]
    for note, entry in zip(published, derive(bank), strict=True):
        content = note.model_dump(mode="json", exclude_defaults=True)
        assert entry.text == json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        assert entry.content == content
        assert load(entry.content) == note


def test_the_hash_of_a_content_is_the_same_in_every_release() -> None:
    """Otherwise every note of every bank would be revised by its next publication."""
    odd = r"Which \"µg\" / \\ is it,\n\té or \U0001F48A?"
    (entry,) = derived(bank_yaml(f'- {{id: a, question: "{odd}", answer: 1, tags: [b, a]}}'))
    assert entry.text == (
        r'{"id":"a","tags":["b","a"],"question":"Which \"µg\" / \\ is it,\n\té or 💊?","answer":"1"}'
    )
    assert entry.sha256 == hashlib.sha256(entry.text.encode()).hexdigest()


def test_cards_are_kept_as_plain_text_and_searched_without_case_and_accents() -> None:
    note = "- {id: a, question: Which **drug**?, answer: Café *au* lait, reverse: 'What is $x$?', reverse_answer: X}"
    (entry,) = derived(bank_yaml(note))
    assert entry.cards == [
        CardRow("a", 0, False, "Which drug?", "Café au lait", "which drug?\ncafe au lait"),
        CardRow("a/reverse", 1, False, "What is x?", "X", "what is x?\nx"),
    ]
    assert (entry.title, entry.drilled) == ("Which drug?", 2)


def test_a_note_about_another_is_evidence_for_that_ones_card() -> None:
    notes = """
- {id: a, question: Which one?, answer: X, distractors: [Y, Z]}
- {id: b, about: a, cards: no, question: Which other one?, answer: X, distractors: [Y, Z]}
"""
    one, other = derived(bank_yaml(notes))
    assert (one.evidence, other.evidence) == ([0], [0])
    assert (other.cards, other.title) == ([], "Which other one?")


def test_an_item_whose_options_rule_each_other_out_is_not_kept() -> None:
    (entry,) = derived(bank_yaml("- {id: a, question: Which one?, answer: X, distractors: [Y]}"))
    assert (len(entry.cards), entry.items) == (1, [])
