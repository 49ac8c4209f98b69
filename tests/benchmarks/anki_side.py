"""Anki's side of the comparisons, run by the interpreter that has it: one block for each line read, its figure printed.

anki_side.py opening CARDS     seconds to the first card after opening a deck of so many, all due
anki_side.py answering CARDS   median seconds to get the next card and answer it, FSRS on
anki_side.py importing FILE    notes a second by which the CSV file is imported
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


def importing(folder: Path, file: str) -> Callable[[], float]:
    """Each block imports the file into a collection of its own."""
    blocks = 0

    def block() -> float:
        nonlocal blocks
        blocks += 1
        col = Collection(str(folder / f"{blocks}.anki2"))
        metadata = col.get_csv_metadata(path=file, delimiter=CsvMetadata.Delimiter.TAB)
        began = time.perf_counter()
        log = col.import_csv(ImportCsvRequest(path=file, metadata=metadata)).log
        taken = time.perf_counter() - began
        col.close()
        return len(log.new) / taken

    return block


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
