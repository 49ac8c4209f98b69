"""Publishing: identity by written id, revisions, retirement, all or nothing, the same file twice."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from quizapp.banks import queries
from quizapp.banks.models import BankVersion, Card, Item, Note, NoteRevision, NoteTag
from quizapp.banks.publishing.cli import publish_shipped
from quizapp.banks.publishing.service import RetiresMany
from quizapp.db import db
from quizapp.memory.kinds import Rating
from tests.factories.accounts import create_learner
from tests.factories.banks import FACTS, bank_yaml, publish
from tests.factories.memory import drill

ROOT = Path(__file__).resolve().parents[3]


def count(table: type, *where: object) -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def card_id(key: str) -> int:
    db.session.rollback()
    return db.session.execute(select(Card.id).where(Card.key == key)).scalar_one()


def test_a_first_publication_stores_notes_cards_items_and_tags(app: Flask) -> None:
    plan = publish()
    assert (plan.version, plan.new, plan.changed) == (1, ("receptor", "start", "organ"), ())
    assert [count(table) for table in (Note, NoteRevision, Card, Item, NoteTag)] == [3, 3, 3, 3, 4]
    row = queries.bank(None, "sample")
    assert (row.notes, row.cards, row.items) == (3, 3, 3)
    assert row.tags == (("mechanism", 2, 2), ("dosing", 2, 2))


def test_the_same_file_again_changes_nothing(app: Flask) -> None:
    publish()
    assert publish().same_file
    assert count(BankVersion) == 1


def test_a_changed_note_keeps_its_cards_and_gets_a_revision(app: Flask) -> None:
    publish()
    before = card_id("receptor")
    plan = publish(FACTS.replace("Which receptor does", "Which receptor would"))
    assert (plan.changed, plan.unchanged) == (("receptor",), ("start", "organ"))
    assert card_id("receptor") == before
    face = queries.card_face(before)
    assert face.prompt == "Which receptor would baclofen activate?"
    assert face.about.revision == 2
    assert count(NoteRevision) == 4


def test_a_removed_note_is_retired_and_comes_back_as_the_same(app: Flask) -> None:
    publish()
    before = card_id("organ")
    without = FACTS[: FACTS.index("- id: organ")]
    assert publish(without).retired == ("organ",)
    assert queries.card_face(before).retired
    assert count(Item, Item.retired_at.is_(None)) == 2
    assert publish().new == ("organ",)
    assert card_id("organ") == before
    assert not queries.card_face(before).retired
    assert queries.card_face(before).about.revision == 1


def test_a_draft_is_not_published_and_a_published_note_made_a_draft_retires(app: Flask) -> None:
    publish()
    plan = publish(FACTS.replace("- id: organ\n", "- id: organ\n  status: draft\n"))
    assert plan.retired == ("organ",)


def test_retiring_more_than_a_fifth_wants_an_explicit_yes_and_changes_nothing_without(app: Flask) -> None:
    publish()
    with pytest.raises(RetiresMany, match="retire 1 notes, more than a fifth"):
        publish(FACTS[: FACTS.index("- id: organ")], retire_many=False)
    assert (count(BankVersion), count(Note, Note.retired_at.isnot(None))) == (1, 0)


def test_a_picture_that_changes_is_a_new_version(app: Flask) -> None:
    notes = FACTS.replace("- id: organ\n", "- id: organ\n  image: media/a.png\n  alt: An organ\n")
    publish(notes, media={"media/a.png": PIXEL})
    plan = publish(notes, media={"media/a.png": OTHER_PIXEL})
    assert not plan.same_file
    url = queries.card_face(card_id("organ")).about.image_url
    response = app.test_client().get(url)
    assert (response.status_code, response.mimetype, response.data) == (200, "image/png", OTHER_PIXEL)
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_plan_counts_the_learners_whose_notes_change(app: Flask) -> None:
    publish()
    for _ in range(2):
        drill(create_learner(), card_id("receptor"), Rating.GOOD)
    assert publish(FACTS.replace("GABA-B receptor.", "GABA-B type.")).learners == 2


def test_publishing_ten_times_the_notes_takes_as_many_statements(app: Flask, statements: list[str]) -> None:
    def cost(notes: int, bank: str) -> int:
        text = "\n".join(one_fact(number) for number in range(notes))
        statements.clear()
        publish(text, bank=bank)
        return len(statements)

    assert cost(50, "large") == cost(5, "small")


def one_fact(number: int) -> str:
    return f"- {{id: n{number}, question: What is number {number}?, answer: It is {number}}}"


def test_the_shipped_banks_are_published_once(app: Flask) -> None:
    outcomes = publish_shipped(ROOT / "question_banks", ignore)
    assert {shipped.outcome for shipped in outcomes} == {"published"}
    again = publish_shipped(ROOT / "question_banks", ignore)
    assert {shipped.outcome for shipped in again} == {"current"}


def test_a_shipped_file_updates_a_shipped_version_but_never_a_teachers(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "sample.yaml"
    file.write_bytes(bank_yaml())
    assert [s.outcome for s in publish_shipped(tmp_path, ignore)] == ["published"]
    file.write_bytes(bank_yaml(FACTS.replace("Kidney", "The kidney")))
    assert [s.outcome for s in publish_shipped(tmp_path, ignore)] == ["published"]
    publish(FACTS.replace("Kidney", "The kidneys"))
    file.write_bytes(bank_yaml(FACTS.replace("Kidney", "Renal tissue")))
    [kept] = publish_shipped(tmp_path, ignore)
    assert kept.outcome == "kept"
    assert "version 3 of sample was published here" in kept.message
    assert "banks export sample" in kept.message


def test_a_broken_shipped_file_is_told_with_its_place_and_stops_no_other(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("format: 1\nbank: a\ntitle: A\nnotes:\n  - {id: x}\n")
    (tmp_path / "b.yaml").write_bytes(bank_yaml(bank="b"))
    broken, published = publish_shipped(tmp_path, ignore)
    assert (broken.outcome, published.outcome) == ("broken", "published")
    assert "a.yaml:5:" in broken.message


def ignore(_done: int, _total: int) -> None:
    """Nobody watches this progress."""


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["banks", *arguments])
    return result.exit_code, result.output


def test_the_check_command_prints_every_problem_with_its_place_and_fails(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(
        "format: 1\nbank: bad\ntitle: Bad\nnotes:\n  - {id: a, anwser: x}\n  - {id: a, question: Q?}\n"
    )
    status, output = run(app, "check", str(file))
    assert status == 1
    assert f"{file}:5:13: error: unknown key 'anwser'" in output
    assert f"{file}:6:" in output


def test_the_publish_command_prints_its_plan_and_a_dry_run_changes_nothing(
    app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "sample.yaml"
    file.write_bytes(bank_yaml())
    status, output = run(app, "publish", "--dry-run", str(file))
    assert (status, count(BankVersion)) == (0, 0)
    assert "sample: version 1. 3 new, 0 changed, 0 retired, 0 unchanged; 0 learners affected." in output
    status, output = run(app, "publish", str(file))
    assert (status, count(BankVersion)) == (0, 1)
    assert "Published version 1." in output
    assert "nothing to do" in run(app, "publish", str(file))[1]


def test_export_gives_the_bytes_back_with_their_comments(app: Flask) -> None:
    publish()
    result = app.test_cli_runner().invoke(args=["banks", "export", "sample"])
    assert result.stdout_bytes == bank_yaml()
    assert "There is no bank 'other'" in run(app, "export", "other")[1]


@pytest.mark.parametrize("command", ["check", "publish", "list", "schema", "export"])
def test_each_command_explains_itself(app: Flask, command: str) -> None:
    status, output = run(app, command, "--help")
    assert status == 0
    assert len(output.split()) > 15


def png(colour: tuple[int, int, int]) -> bytes:

    buffer = io.BytesIO()
    Image.new("RGB", (1, 1), colour).save(buffer, "PNG")
    return buffer.getvalue()


PIXEL, OTHER_PIXEL = png((0, 0, 0)), png((255, 255, 255))
