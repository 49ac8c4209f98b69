"""Two files of one bank, note by note."""

from __future__ import annotations

from quizapp.teaching.versions.comparison import Comparison, compare
from tests.factories.banks import FACTS, bank_yaml


def keys(found: Comparison) -> tuple[list[str], list[str], list[str], int]:
    new, changed, retired = (
        [pair.key for pair in pairs] for pairs in (found.new, found.changed, found.retired)
    )
    return new, changed, retired, found.unchanged


def test_notes_are_compared_by_their_written_id() -> None:
    after = FACTS.replace("id: organ", "id: organ-2").replace("15 mg", "10 mg")
    assert keys(compare(bank_yaml(), bank_yaml(after))) == (["organ-2"], ["start"], ["organ"], 1)


def test_a_changed_note_tells_the_field_and_the_words() -> None:
    (pair,) = compare(bank_yaml(), bank_yaml(FACTS.replace("15 mg", "10 mg"))).changed
    (change,) = pair.changes
    assert change.field == "Answer"
    assert [piece.text for piece in change.before if not piece.same] == ["15"]
    assert [piece.text for piece in change.after if not piece.same] == ["10"]


def test_how_a_note_is_written_down_is_no_change() -> None:
    other = FACTS.replace("  tags: [mechanism]", "  tags:\n    - mechanism").replace(
        "accept: [GABAB]", "accept: GABAB"
    )
    assert keys(compare(bank_yaml(), bank_yaml("# a comment\n" + other))) == ([], [], [], 3)


def test_a_note_that_became_a_draft_is_retired() -> None:
    hidden = FACTS.replace("- id: start", "- id: start\n  status: draft")
    assert keys(compare(bank_yaml(), bank_yaml(hidden))) == ([], [], ["start"], 2)


def test_what_changed_beside_the_notes_is_told_word_by_word() -> None:
    before = bank_yaml().decode()
    title = next(line for line in before.splitlines() if line.startswith("title:"))
    after = before.replace(title, f"{title} again\nlicense: CC BY 4.0\nnotice: Not for children.").encode()
    found = compare(before.encode(), after)
    assert [change.field for change in found.settings] == ["Title", "License", "Notice"]
    assert [piece.text for piece in found.settings[0].after if not piece.same] == [" again"]
    assert keys(found) == ([], [], [], 3)


def test_how_the_settings_are_written_down_is_no_change() -> None:
    assert compare(bank_yaml(), b"# a comment\n" + bank_yaml()).settings == []
