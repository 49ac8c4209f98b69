"""Anki's side of the comparisons, run by the interpreter that has it: one block for each line read, its figure printed.

anki_side.py opening CARDS     seconds to the first card after opening a deck of so many, all due
anki_side.py answering CARDS   median seconds to get the next card and answer it, FSRS on
anki_side.py importing FILE    cards a second by which a CSV file of question and answer is imported
anki_side.py importing FILE FIELDS   the same, for notes of these fields, which name their cards; tags stand last
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from anki.collection import Collection
from anki.import_export_pb2 import CsvMetadata, ImportCsvRequest
from anki.scheduler.v3 import CardAnswer

BLOCK = 200
WARMING = 200


def opening(folder: Path, cards: str) -> Callable[[], float]:
    """All cards are due. Each block opens the collection anew: the first queue is built then."""
    path = folder / "collection.anki2"
    col = _filled(path, int(cards))
    col.sched.set_due_date(col.find_cards(""), "0")
    col.close()

    def block() -> float:
        col = Collection(str(path))
        began = time.perf_counter()
        queue = col.sched.get_queued_cards(fetch_limit=1)
        taken = time.perf_counter() - began
        assert queue.cards
        col.close()
        return taken

    return block


def answering(folder: Path, cards: str) -> Callable[[], float]:
    """Every card is answered Good, and the next one asked for."""
    col = _filled(folder / "collection.anki2", int(cards))
    col.set_config("fsrs", True)

    def cycle() -> None:
        (queued,) = col.sched.get_queued_cards(fetch_limit=1).cards
        card = col.get_card(queued.card.id)
        card.start_timer()
        answer = col.sched.build_answer(card=card, states=queued.states, rating=CardAnswer.GOOD)
        col.sched.answer_card(answer)

    for _ in range(WARMING):
        cycle()
    known = col.db.scalar("select count() from cards where data like '%\"s\":%'")
    assert known, "FSRS is off"
    return lambda: _median(cycle)


def importing(folder: Path, file: str, fields: str = "") -> Callable[[], float]:
    """Each block imports the file into a collection of its own.

    A field "Reverse" asks for a second card of the notes where it is filled; "Reverse answer" answers it.
    """
    blocks = 0

    def block() -> float:
        nonlocal blocks
        blocks += 1
        col = Collection(str(folder / f"{blocks}.anki2"))
        if fields:
            _add_notetype(col, fields.split(","))
        metadata = col.get_csv_metadata(path=file, delimiter=CsvMetadata.Delimiter.TAB)
        began = time.perf_counter()
        col.import_csv(ImportCsvRequest(path=file, metadata=metadata))
        taken = time.perf_counter() - began
        cards = col.card_count()
        col.close()
        return cards / taken

    return block


def _add_notetype(col: Collection, fields: list[str]) -> None:
    """Add the note type "Fact", which the file names."""
    kind = col.models.new("Fact")
    for field in fields:
        col.models.add_field(kind, col.models.new_field(field))
    for asked, answered in (("Question", "Answer"), ("Reverse", "Reverse answer")):
        card = col.models.new_template(asked)
        card["qfmt"], card["afmt"] = f"{{{{{asked}}}}}", f"{{{{FrontSide}}}}<hr id=answer>{{{{{answered}}}}}"
        col.models.add_template(kind, card)
    col.models.add(kind)


def _filled(path: Path, cards: int) -> Collection:
    """Return a collection whose default deck holds so many new cards, of one note each."""
    col = Collection(str(path))
    file = path.with_suffix(".tsv")
    file.write_text("".join(f"Which receptor does drug {n} activate?\tReceptor {n}\n" for n in range(cards)))
    metadata = col.get_csv_metadata(path=str(file), delimiter=CsvMetadata.Delimiter.TAB)
    assert len(col.import_csv(ImportCsvRequest(path=str(file), metadata=metadata)).log.new) == cards
    config = col.decks.config_dict_for_deck_id(1)
    config["new"]["perDay"] = config["rev"]["perDay"] = 9999
    col.decks.save(config)
    return col


def _median(work: Callable[[], None]) -> float:
    taken = []
    for _ in range(BLOCK):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main() -> None:
    task = {"opening": opening, "answering": answering, "importing": importing}[sys.argv[1]]
    with tempfile.TemporaryDirectory() as folder:
        block = task(Path(folder), *sys.argv[2:])
        for _ in sys.stdin:
            print(block(), flush=True)


if __name__ == "__main__":
    main()
