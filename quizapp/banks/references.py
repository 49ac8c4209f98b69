"""What must agree within a bank: ids are unique, and whatever is named is there. All of it blocks publishing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import islice

from quizapp import limits
from quizapp.banks import media as pictures
from quizapp.banks.findings import Findings
from quizapp.banks.notes.common import Note
from quizapp.banks.problems import Path, did_you_mean, quoted
from quizapp.banks.reader import PROBLEMS_REPORTED, Document

Placed = tuple[int, Note]

_STEPS_PER_PICTURE = 20
_CHARS_PER_STEP = 500  # of texts that cards repeat
_MEDIA_PATH = re.compile(r"media/[\w-][\w./ -]*")


def check(
    findings: Findings, notes: Sequence[Placed], media: Mapping[str, bytes] | None, refused: Set[Path]
) -> list[Placed]:
    """Report what is wrong inside each note, and every reference that leads nowhere.

    `refused` are the sections that must not be parsed. Return the notes whose cards and items can be derived.
    """
    document = findings.document
    _unique_ids(findings)
    sound = []
    for index, note in notes:
        path: Path = ("notes", index)
        if path in refused:
            continue
        complaints = list(islice(note.complaints(), PROBLEMS_REPORTED))
        for complaint in complaints:
            findings.complain(path, complaint)
        fatal = any(complaint.fatal for complaint in complaints)
        if not fatal and path not in findings.guessed and document.open[:2] != path:
            sound.append((index, note))
    sound = _bounded(findings, sound)
    sources, pools = _names(document, "sources"), _names(document, "pools")
    for index, note in notes:
        for path, cite in note.citations():
            _declared(findings, ("notes", index, *path, "source"), "source", cite.source, sources)
        for path, name in note.pools():
            _declared(findings, ("notes", index, *path), "pool", name, pools)
    if document.complete:
        _about(findings, notes, sound)
    _media(findings, notes, media)
    return sound


def _bounded(findings: Findings, notes: Sequence[Placed]) -> list[Placed]:
    """Report each note from which too much comes, and return the others."""
    bounded: list[Placed] = []
    chars = total = 0
    for index, note in notes:
        cards, more = note.extent()
        chars += more
        findings.work.add(cards + more // _CHARS_PER_STEP)
        if cards > limits.CARDS_PER_NOTE:
            message = f"{cards} cards come from this note, at most {limits.CARDS_PER_NOTE} may: split it"
            findings.at_value(("notes", index, "id"), message)
        elif (total := total + cards) > limits.CARDS_PER_BANK:
            message = (
                f"more than {limits.CARDS_PER_BANK:,} cards come from the notes up to here: split the bank"
            )
            findings.at_value(("notes", index, "id"), message)
            break
        elif more and chars > limits.CARD_CHARS_PER_BANK:
            message = (
                f"the cards that repeat the texts of their notes have {chars:,} characters up to here, at most "
                f"{limits.CARD_CHARS_PER_BANK:,} may be: shorten these texts, or split the bank"
            )
            findings.at_value(("notes", index, "id"), message)
        else:
            bounded.append((index, note))
    return bounded


def _names(document: Document, section: str) -> Iterable[str] | None:
    """Return what the file declares in `section`, or None where that is not known."""
    declared = document.data.get(section, {} if document.complete else None)
    return declared if isinstance(declared, dict) else {} if declared == "" else None


def _unique_ids(findings: Findings) -> None:
    lines: dict[str, int] = {}
    entries = findings.document.data.get("notes")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        key = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(key, str) or not key:
            continue
        if key in lines:
            message = f"the id {quoted(key)} is taken by the note in line {lines[key]}: choose another one"
            findings.at_value(("notes", index, "id"), message)
        else:
            lines[key] = findings.document.place(("notes", index, "id"))[0]


def _declared(findings: Findings, path: Path, what: str, name: str, known: Iterable[str] | None) -> None:
    if known is None or name in known or findings.is_told(path):
        return
    near = findings.closest(name, known)
    remedy = did_you_mean(near) or f": declare it under '{what}s', or correct the name"
    findings.at_value(path, f"there is no {what} {quoted(name)}{remedy}", suggestion=near)


def _about(findings: Findings, notes: Sequence[Placed], sound: Sequence[Placed]) -> None:
    """Report each `about` that names no published note with a drilled card."""
    written = {
        entry["id"]: entry
        for entry in findings.document.data.get("notes", ())
        if isinstance(entry, dict) and isinstance(entry.get("id"), str)
    }
    readable = {note.id: note for _, note in sound}
    named = {note.about for _, note in notes}
    drills = {key for key, note in readable.items() if key in named and note.drilled and note.extent()[0]}
    for index, note in notes:
        if note.about is None:
            continue
        path = ("notes", index, "about")
        if note.about not in written:
            near = findings.closest(note.about, written)
            findings.at_value(
                path, f"there is no note {quoted(note.about)}{did_you_mean(near)}", suggestion=near
            )
        elif note.about == note.id:
            findings.at_value(path, "a note cannot be about itself: name another one")
        elif (other := readable.get(note.about)) is None:
            continue  # what is wrong with that note is told there
        elif other.status == "draft":
            findings.at_value(path, f"{quoted(note.about)} is a draft: name a published note")
        elif other.id not in drills:
            findings.at_value(
                path, f"{quoted(note.about)} has no card that is drilled: name a note that has one"
            )


def _media(findings: Findings, notes: Sequence[Placed], media: Mapping[str, bytes] | None) -> None:
    """Report each picture that is not there or is none."""
    known: dict[str, str] = {}
    for index, note in notes:
        if not note.image:
            continue
        if note.image not in known:
            known[note.image] = _picture(findings, note.image, media)
        if known[note.image]:
            findings.at_value(("notes", index, "image"), known[note.image])
    for path in media or ():
        if path not in known and (wrong := _picture(findings, path, media)):
            findings.at_value((), f"{path}, which no note shows: {wrong}, or take it out of the folder")


def _picture(findings: Findings, path: str, media: Mapping[str, bytes] | None) -> str:
    """Return what is wrong with the picture at `path`, or ""."""
    if not _MEDIA_PATH.fullmatch(path) or ".." in path:
        return "a picture lies in the bank's media folder: write media/name.png"
    if not media:
        return "this bank came without its pictures: upload a ZIP with its media folder"
    if path not in media:
        return f"there is no {quoted(path)}{did_you_mean(findings.closest(path, media))}"
    findings.work.add(_STEPS_PER_PICTURE)
    examined = pictures.examine(media[path])
    return examined if isinstance(examined, str) else ""
