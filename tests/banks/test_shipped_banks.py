"""The banks that come with the program are sound, cited and rebutted throughout, and every item can be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.banks.check import check
from quizapp.banks.publishing.derive import derive

FOLDER = Path(__file__).resolve().parents[2] / "question_banks"
SHIPPED = ("history", "mechanism", "dosing", "toxicity", "withdrawal", "baclofen-vs-flexeril")
AVOIDABLE = (
    "no source",
    "no 'why'",
    "fewer than two distractors",
    "no quiz item can be made",
    "was dropped as",
)


def test_all_six_topics_are_there() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} >= set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_bank_has_no_problem_that_can_be_avoided(name: str) -> None:
    checked = check((FOLDER / f"{name}.yaml").read_bytes(), file=f"{name}.yaml")
    avoidable = [p for p in checked.problems if p.level == "error" or any(w in p.message for w in AVOIDABLE)]
    assert [str(problem) for problem in avoidable] == []
    assert checked.bank is not None
    assert len(checked.bank.notes) >= 25
    assert len({note.type for note in checked.bank.notes}) >= 4
    asking = {note.id for note in checked.bank.notes if note.makes_items}
    assert all(entry.items for entry in derive(checked.bank) if entry.key in asking)
