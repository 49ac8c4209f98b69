"""Files that nobody means well with: banks, ZIPs and pictures, made by hand or broken at random from a seed."""

# ruff: noqa: E501 - samples stand one a line

from __future__ import annotations

import io
import os
import random
import string
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from quizapp import limits
from quizapp.banks.notes import NOTE_TYPES
from tests.factories.banks import bank_yaml
from tests.factories.teaching import archive, picture

ROUNDS = int(os.environ.get("ATTACK_ROUNDS", "1"))  # a hundred is a long night's run
CANARY = "Q" * 300  # an input so long that a message may quote only its beginning
HEAD = "format: 1\nbank: b\ntitle: T\nsources: {s: S}\nnotes:\n"

_SHIPPED = sorted(Path(__file__).parents[2].joinpath("question_banks").glob("*.yaml"))
_TOKENS = (
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\t", b"\x1b[2J", b": ", b"- ", b"? ", b"&a ", b"*a", b"!!python/name:os ",
    b"---\n", b"...\n", b"{", b"}", b"[" * 40, b"'", b'"', b"|\n", b">-\n", b"<<: ", b"%YAML 9\n", b"%TAG ! x\n", b"#",
    b"\xe2\x80\xae", b"\xe2\x80\xa8", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc2\xa0", b"9" * 400, b"1,5", b"{{c1::",
    b"}}", b"$", b"![", b"](", b"\\", b"\\x00", b"_" * 90, b"`" * 90, CANARY.encode(), "\u1100\ufdfa\u0345".encode() * 9,
)  # fmt: skip


def whole_banks() -> list[bytes]:
    """Return a sound bank of each note type, and the beginning of each bank that is shipped."""
    examples = [bank_yaml(kind.example) for kind in NOTE_TYPES.values()]
    return examples + [b"- id:".join(path.read_bytes().split(b"- id:")[:5]) for path in _SHIPPED]


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Return `data` with bits flipped, bytes cut out, doubled or put in, lines lost or repeated, or in other codes."""
    broken = bytearray(data)
    for _ in range(dice.randrange(1, 7)):
        at, length = dice.randrange(len(broken) + 1), dice.randrange(1, 90)
        match dice.randrange(9):
            case 0 if at < len(broken):
                broken[at] ^= 1 << dice.randrange(8)
            case 1:
                del broken[at : at + length]
            case 2:
                other = dice.randrange(len(broken) + 1)
                broken[at:at] = broken[other : other + length]
            case 3 | 4:
                broken[at:at] = dice.choice(_TOKENS)
            case 5 if dice.random() < 0.3:
                del broken[at:]
            case 6:
                lines = broken.split(b"\n")
                line = dice.randrange(len(lines))
                lines[line : line + 1] = dice.choice([[], [lines[line]] * 3, lines[line : line + 4][::-1]])
                broken = bytearray(b"\n".join(lines))
            case 7 if dice.random() < 0.1:
                codec = dice.choice(["utf-16", "utf-32", "latin-1", "cp037", "utf-7"])
                broken = bytearray(broken.decode("utf-8", "replace").encode(codec, "replace"))
            case _:
                broken[at : at + length] = bytes(reversed(broken[at : at + length]))
    return bytes(broken)


def word(number: int) -> str:
    """Return another short word for each number."""
    letters = ""
    while True:
        number, letter = divmod(number, 26)
        letters = string.ascii_lowercase[letter] + letters
        if not number:
            return letters


def _words(count: int, first: int = 700) -> str:
    return ",".join(word(first + number) for number in range(count))


def _marked(count: int, first: int) -> str:
    return ",".join(f"'*{word(first + number)}*'" for number in range(count))


def _many(note: Callable[[int], str]) -> Callable[[int], bytes]:
    """Return what makes a bank of as many such notes as fit into a number of bytes."""

    def bank(size: int) -> bytes:
        parts, room = [HEAD], size - len(HEAD)
        for number in range(limits.NOTES_PER_BANK):
            parts.append(f"- {{id : n{number},{note(number)}}}\n")
            room -= len(parts[-1].encode())
            if room < 0:
                parts.pop()
                break
        return "".join(parts).encode()

    return bank


def _set(number: int, asked: str = "", *, right: str = "", wrong: str = "") -> str:
    members = right or _words(250, 700 + 500 * number)
    others = wrong or _words(250, 950 + 500 * number)
    return f"type: set,name: q{word(number)},{asked}members: [{members}],non_members: [{others}]"


def _matrix(number: int, subjects: int, rows: int) -> str:
    names = ",".join(f"s{at}: {word(at + number)}" for at in range(subjects))
    cells = [
        ",".join(f"s{at}: {word(700 + at + row * 99 + number * 7)}" for at in range(subjects))
        for row in range(rows)
    ]
    written = ",".join(f"{{id : r{row},attribute: a,{cells[row]}}}" for row in range(rows))
    return f"type: matrix,subjects: {{{names}}},rows: [{written}]"


def _holes(number: int) -> str:
    names = ",".join(f"s{at}: {word(at)}" for at in range(200))
    return f"type: matrix,subjects: {{{names}}},rows: [{','.join(f'{{id : r{row},attribute: a}}' for row in range(200))}]"


def _cloze(number: int) -> str:
    text = " ".join(f"{{{{c{at}::{word(at)}}}}}" for at in range(1, 101))
    return f"type: cloze,text: '{text}',distractors: {{{','.join(f'c{at}: [x,y]' for at in range(1, 101))}}}"


# Banks that make as much work as they can for their size: what takes one letter here takes the program a lot.
LABORIOUS: dict[str, Callable[[int], bytes]] = {
    "sets": _many(_set),
    "sets whose options are barred": _many(
        lambda number: _set(
            number, "ask: Which is an,ask_not: No is a,", right=",".join("a" + word(n) for n in range(250)),
            wrong=",".join("b" + word(n) for n in range(250)),
        )
    ),
    "sets of ranges": _many(
        lambda number: _set(
            number, right=",".join(f"{n}-{n + 9000} mg" for n in range(200)),
            wrong=",".join(f"{n}-{n + 9100} mg" for n in range(200)),
        )
    ),
    "sets of marked words": _many(lambda number: _set(number, right=_marked(90, 90 * number), wrong=_marked(90, 90 * number + 45_000))),
    "small sets": _many(lambda number: f"type: set,name: q{word(number)},members: [a,b,c],non_members: [d,e,f]"),
    "square matrices": _many(lambda number: _matrix(number, 20, 12)),
    "wide matrices": _many(lambda number: _matrix(number, 250, 1)),
    "matrices without cells": _many(_holes),
    "clozes": _many(_cloze),
    "long clozes": _many(lambda number: f"type: cloze,text: '{{{{c1::a}}}} {{{{c2::b}}}} {'word ' * 3900}',distractors: {{c1: [x,y],c2: [x,y]}}"),
    "too many options": _many(lambda number: f"type: multiple,stem: q,correct: [{_words(250)}],incorrect: [{_words(250, 990)}]"),
    "full multiples": _many(lambda number: f"type: multiple,stem: q,correct: [{_words(10, number)}],incorrect: [{_words(9, 99 + number)}]"),
    "facts": _many(lambda number: f"question: {word(number)} is?,answer: a{number},distractors: [b{number},c,d,e]"),
    "facts that are alike": _many(lambda number: f"question: one two three four five six {number % 7},answer: a,distractors: [b,c]"),
    "long words": _many(lambda number: f"question: {'a' * 19990},answer: b,distractors: [{'c' * 9000},{'d' * 9000}]"),
    "long lists of words": _many(lambda number: f"question: '{'which are an ' * 1500}',answer: b,distractors: ['{'a and ' * 3000}','{'1.0 ' * 3000}']"),
    "markup": _many(lambda number: f"question: '{'*a* `b` ' * 240}',answer: '{'*x* ' * 200}',distractors: [a,b]"),
    "unknown keys": _many(lambda number: ",".join(f"{word(700 + n)}: x" for n in range(900))),
    "misspelt keys": _many(lambda number: "questiom: q,answre: a,typo: fact,distractor: [a,b]"),
    "wrong values": _many(lambda number: f"question: [a],answer: {{}},distractors: [{','.join(['{a: b}'] * 400)}]"),
    "broken notes with long lists": _many(lambda number: f"question: q,answer: a,bad: 1,distractors: [{','.join('a' * 490)}]"),
    "unknown sources": _many(lambda number: f"question: q,answer: a,cite: [{_words(400)}]"),
    "unknown notes": _many(lambda number: f"question: {word(number)},answer: a,about: m{number}"),
    "empty notes": _many(lambda number: "question: ,answer: "),
    "values": lambda size: f"{HEAD}- {{id: a, x: [{'a,' * (size // 2 - 40)}]}}".encode(),
    "groups": lambda size: f"{HEAD}- {{id: a, x: [{'{},' * (size // 3 - 40)}]}}".encode(),
    "odd spaces": lambda size: (HEAD + "-\u00a0id: a\n\u00a0 x: y\n" * (size // 20)).encode(),
}  # fmt: skip


def odd_banks() -> Iterator[tuple[str, bytes]]:
    """Yield banks with something in them that YAML allows and a bank must not hold, or that no bank is."""
    sound = bank_yaml()
    text = sound.decode()
    yield from {
        "nothing": b"",
        "a byte order mark": b"\xef\xbb\xbf" + sound,
        "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf" + sound,
        "utf-16": text.encode("utf-16"),
        "utf-16 without its mark": text.encode("utf-16-le"),
        "utf-32": text.encode("utf-32"),
        "latin-1": text.replace("A label", "Zürich").encode("latin-1"),
        "a lone surrogate": sound.replace(b"Kidney", b"\xed\xa0\x80"),
        "an escaped surrogate": sound.replace(b"Kidney", b'"\\ud800"'),
        "an escaped control": sound.replace(b"Kidney", b'"\\0\\x1b[31m"'),
        "a null": sound.replace(b"Kidney", b"Kid\0ney"),
        "a bidi override": text.replace("Kidney", "Kid\u202eney").encode(),
        "overlong utf-8": sound.replace(b"Kidney", b"\xc0\xaf"),
        "deep lists": b"a: " + b"[" * 30_000,
        "deep groups": b"{a: " * 5_000,
        "deep blocks": "".join(f"{' ' * level}- \n" for level in range(400)).encode(),
        "many laughs": b"a: &a [x]\n" + b"".join(b"b%d: &b%d [*a, *a]\n" % (n, n) for n in range(40)),
        "an alias of itself": b"a: &a [*a]\n",
        "merge keys": b"a: &a {b: c}\nd: {<<: *a}\n<<: {title: x}\n",
        "a tag": b"notes: !!python/object/apply:os.system [echo]\n",
        "directives": b"%YAML 1.1\n%TAG ! tag:x,2000:\n---\n" + sound,
        "many documents": sound + b"\n---\n" * 3_000,
        "doubled keys": sound + b"title: again\n" * 3_000,
        "a key of lists": b"? [a, b]\n: c\n? {a: b}\n: d\n" + sound,
        "no text keys": b"1: a\nnull: b\ntrue: c\n" + sound,
        "a huge text": sound.replace(b"Kidney", b"K" * 400_000),
        "a huge key": sound + b"k" * 400_000 + b": v\n",
        "a huge id": sound.replace(b"id: organ", b"id: " + b"o" * 400_000),
        "a huge number": sound.replace(b"harm: 2", b"harm: " + b"9" * 400_000),
        "long names everywhere": text.replace("Kidney", CANARY).replace("mechanism", CANARY).replace("source: label", f"source: {CANARY}").encode(),
        "a long key": sound.replace(b"answer: Kidney", CANARY.lower().encode() + b": Kidney"),
        "a long type": sound.replace(b"answer: Kidney", b"answer: Kidney\n    type: " + CANARY.encode()),
        "a long key without its space": sound.replace(b"answer: Kidney", b"answer:Kidney\n    " + CANARY.lower().encode() + b":x\n    a: b: c"),
        "a long gap": bank_yaml(f"- {{id: a, type: cloze, text: 'x {{{{c1::a}}}} {{{{c{'1' * 300}:', accept: {{{CANARY}: b}}}}"),
        "a long dose": bank_yaml(f"- {{id: a, question: Q?, answer: '{'1' * 300}.0 mg and .{'5' * 300} mg'}}"),
        "long options": bank_yaml(f"- {{id: a, question: Which is an, answer: a{CANARY}, distractors: [b{CANARY}, {CANARY} x y, {CANARY} x y]}}"),
        "comments alone": b"# nothing\n" * 30_000,
        "dashes alone": b"- " * 30_000,
        "20,001 notes": (HEAD + "- {id: a}\n" * (limits.NOTES_PER_BANK + 1)).encode(),
        "600,000 values": f"{HEAD}- [{'a,' * 600_000}]".encode(),
    }.items()  # fmt: skip


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def odd_pictures() -> Iterator[tuple[str, bytes]]:
    """Yield pictures that are none, lie about themselves, or are something else besides."""
    page = b"<html><script>alert(1)</script>"
    signature = b"\x89PNG\r\n\x1a\n"
    yield from {
        "nothing": b"",
        "a header alone": signature,
        "a bomb": signature + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)),
        "no size": signature + chunk(b"IHDR", struct.pack(">IIBBBBB", 0, 0, 8, 2, 0, 0, 0)),
        "a chunk without end": signature + struct.pack(">I", 0xFFFFFFFF) + b"IHDR",
        "a huge text chunk": signature + chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(50_000_000))),
        "a scripted drawing": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>",
        "a drawing behind a comment": b"  <!-- x --><?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>",
        "a GIF that is a page": picture("GIF") + page,
        "a GIF that is a script": b"GIF89a/*" + picture("GIF")[8:] + b"*/=1;alert(1)",
        "a JPEG that is a page": picture("JPEG")[:4] + b"\xff\xfe\x00\x30" + page.ljust(46) + picture("JPEG")[4:],
        "a PNG that is a ZIP": picture("PNG") + archive({"bank.yaml": b"x"}),
        "a WebP whose size is wrong": picture("WEBP")[:4] + b"\xff\xff\xff\xff" + picture("WEBP")[8:],
        "another format": picture("BMP"),
        "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n",
    }.items()  # fmt: skip


def _zip(*members: tuple[zipfile.ZipInfo | str, bytes], bank: bytes | None = None) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("bank.yaml", bank_yaml() if bank is None else bank)
        for name, content in members:
            opened.writestr(name, content)
    return target.getvalue()


def _special(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    return entry


def _patched(data: bytes, *changes: tuple[int, str, int]) -> bytes:
    """Return a ZIP with numbers in the directory's last entry changed: (offset in it, format, value)."""
    patched = bytearray(data)
    for offset, form, value in changes:
        struct.pack_into(form, patched, patched.rindex(b"PK\1\2") + offset, value)
    return bytes(patched)


def odd_zips() -> Iterator[tuple[str, bytes]]:
    """Yield ZIPs that are damaged, lie about themselves, or hold what a bank has no use for."""
    sound = _zip(("media/a.png", picture()))
    end = sound.rindex(b"PK\5\6")
    names = {
        "an absolute name": "/etc/passwd",
        "a name that climbs": "media/../../a.png",
        "a name of another system": "media\\..\\a.png",
        "a name with a drive": "C:/a.png",
        "a name with a line break": "media/a\r\nSet-Cookie: a=b.png",
        "a name with markup": "media/<img src=x onerror=alert(1)>.png",
        "a name that turns round": "media/a\u202egnp.png",
        "a name without end": f"media/{'a' * 60_000}.png",
        "an archive inside": "media/a.zip",
    }
    yield from ((what, _zip((name, picture()))) for what, name in names.items())
    yield from {
        "cut in its directory": sound[: end - 20],
        "cut in a member": sound[:200],
        "a signature alone": b"PK\3\4",
        "a directory elsewhere": sound[: end + 16] + b"\xff\xff\xff\x7f" + sound[end + 20 :],
        "a long comment": sound[: end + 20] + b"\xff\xff" + b"PK\5\6" * 16_000,
        "a comment that is a directory": sound[:-2] + struct.pack("<H", len(sound[end:])) + sound[end:],
        "text before it": b"PK\3\4" + b"x" * 99 + sound,
        "65,535 entries claimed": sound[: end + 8] + b"\xff\xff\xff\xff" + sound[end + 12 :],
        "10,001 entries": _zip(*((f"{number}.txt", b"") for number in range(limits.ARCHIVE_ENTRIES))),
        "an encrypted member": _patched(sound, (8, "<H", 1)),
        "an unknown method": _patched(sound, (10, "<H", 99)),
        "a member that overlaps": _patched(sound, (42, "<L", 0)),
        "a member beyond the end": _patched(sound, (42, "<L", 0x7FFFFFFF)),
        "a smaller size claimed": _patched(sound, (24, "<L", 1)),
        "a larger size claimed": _patched(sound, (20, "<L", 0x7FFFFFF0), (24, "<L", 0x7FFFFFF0)),
        "a wrong sum": _patched(sound, (16, "<L", 7)),
        "a link": _zip((_special("media/a.png", 0o120777), b"/etc/passwd")),
        "a device": _zip((_special("media/a.png", 0o020666), b"")),
        "a doubled name by case": _zip(("media/A.png", picture()), ("media/a.png", picture())),
        "an archive for a picture": _zip(("media/a.png", sound)),
        "a bank for a folder": _zip(("bank.yaml/", b"")),
        "a bomb": _zip(("media/a.png", bytes(limits.IMAGE_BYTES * 20))),
        "a bomb of a bank": _zip(bank=b"#" * (limits.BANK_FILE_BYTES * 8)),
        "many bombs": _zip(
            *((f"media/{n}.png", picture() + bytes(limits.IMAGE_BYTES - 999)) for n in range(25))
        ),
    }.items()
    yield from ((f"with {what}", _zip(("media/a.png", data))) for what, data in odd_pictures())
    yield from ((f"a bank with {what}", _zip(bank=data)) for what, data in odd_banks() if len(data) < 100_000)
