"""Whatever reads what somebody sends: any bytes are read or refused in a sentence, and never more than that."""

from __future__ import annotations

import ast
import io
import random
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from flask_wtf.file import FileField
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp import limits
from quizapp.banks.check import Checked, check
from quizapp.banks.media import Medium, examine
from quizapp.banks.notes import NOTE_TYPES
from quizapp.banks.publishing.derive import derive
from quizapp.errors import Invalid
from quizapp.teaching.archives import unpack
from quizapp.teaching.archives.package import Refused, text
from quizapp.teaching.drafts.naming import shown_name, written_slug
from quizapp.teaching.plans.excerpt import as_text, excerpts
from quizapp.teaching.plans.preview import preview
from quizapp.teaching.writing import contents, file_edits
from quizapp.teaching.writing.yaml_writer import note_lines
from quizapp.web.forms import Form
from tests.attack import broken

PACKAGE = Path(__file__).parents[2] / "quizapp"
MESSAGE_CHARS = 600
PARSERS = {
    "yaml",
    "zipfile",
    "PIL",
    "lxml",
    "sqlite3",
    "csv",
    "tarfile",
    "pickle",
    "tomllib",
    "marshal",
    "xml",
    "shelve",
}
fuzzed = settings(derandomize=True, database=None, max_examples=60 * broken.ROUNDS, deadline=None)


def read_bank(data: bytes) -> None:
    """Check a bank and look at what is told of it as pages, editors and learners do."""
    checked = check(data, file="b.yaml")
    look_over(checked, data)
    if checked.bank is not None:
        derive(checked.bank)
    for line in as_text("b.yaml", excerpts(data, checked.problems[: limits.PROBLEMS_PER_PAGE])):
        assert len(line) < 2 * MESSAGE_CHARS
    with suppress(Invalid):
        preview(data, "receptor", str)
    written_slug(data)


def read_archive(data: bytes) -> None:
    """Take a ZIP apart as the child process does, and read what comes out."""
    out = io.BytesIO()
    unpack.main(io.BytesIO(data), out)
    assert out.tell()


def read_text(data: bytes) -> None:
    with suppress(Refused):
        text(data)


def read_picture(data: bytes) -> None:
    found = examine(data)
    if isinstance(found, str):
        assert found
        assert len(found) < MESSAGE_CHARS
    else:
        assert isinstance(found, Medium)
        assert 0 < found.width * found.height <= limits.IMAGE_PIXELS


def read_name(data: bytes) -> None:
    name = shown_name(data.decode("utf-8", "surrogateescape"))
    assert name.isprintable()
    assert 0 < len(name) <= limits.TITLE_CHARS


def edit_by_forms(data: bytes) -> None:
    """Change what can be changed of a bank without seeing its text."""
    note = {"id": "new", "question": "Q?", "answer": "A"}
    for edit in (
        lambda: file_edits.insert_note(data, 0, note),
        lambda: file_edits.replace_note(data, 0, note),
        lambda: file_edits.move_note(data, 0, 1),
        lambda: file_edits.remove_note(data, 0),
        lambda: file_edits.set_head(data, {"title": "T", "license": "", "sources": {"s": {"title": "S"}}}),
    ):
        with suppress(Invalid, IndexError):  # there may be no first note: pages look for it before
            edit()


READERS: dict[str, Callable[[bytes], None]] = {
    "a bank": read_bank,
    "a bank changed by forms": edit_by_forms,
    "text": read_text,
    "an archive": read_archive,
    "a picture": read_picture,
    "a file's name": read_name,
}
# Where each parser of other people's bytes is called; the other modules named here only write.
MODULES = {
    "banks/reader.py": "a bank",
    "banks/slips.py": "a bank",
    "banks/syntax.py": "a bank",
    "banks/media.py": "a picture",
    "teaching/archives/unpack.py": "an archive",
    "teaching/versions/package.py": "writes",
    "home/export/files.py": "writes",
    "home/export/csv_text.py": "writes",
}
OURS = {"db.py", "serve.py", "gate.py", "upkeep"}  # open the site's own database, which nobody sends


def look_over(checked: Checked, source: bytes) -> None:
    """Assert that every problem lies in the file, is short, and quotes little; and that errors leave no bank."""
    lines = source.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
    for problem in checked.problems:
        assert 1 <= problem.line <= len(lines), problem
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1, problem
        assert 0 < len(problem.message) <= MESSAGE_CHARS, problem
        assert not re.search(r"([qQ15])\1{80}", problem.message), problem
    assert (checked.bank is None) == any(problem.level == "error" for problem in checked.problems)


def test_every_module_that_parses_is_attacked() -> None:
    found = set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        if {name.split(".")[0] for name in names} & PARSERS:
            found.add(path.relative_to(PACKAGE).as_posix())
    assert {name for name in found if name.split("/")[0] not in OURS} == MODULES.keys()
    assert set(MODULES.values()) - {"writes"} <= READERS.keys()


def test_every_form_that_takes_a_file_is_attacked() -> None:
    def below(form: type) -> set[type]:
        return {form}.union(*map(below, form.__subclasses__()))

    taking = {
        form.__name__
        for form in below(Form)
        if any(getattr(getattr(form, name), "field_class", None) is FileField for name in dir(form))
    }
    assert taking == {"UploadForm", "ReplaceForm"}  # test_imports_online.py sends them what is broken


@pytest.mark.parametrize("reader", READERS)
def test_any_bytes_are_read_or_refused(reader: str) -> None:
    @fuzzed
    @given(st.binary(max_size=400))
    def reads(data: bytes) -> None:
        READERS[reader](data)

    reads()


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("whole", range(len(broken.whole_banks())))
def test_broken_banks_are_read_or_refused(reader: str, whole: int) -> None:
    data, dice = broken.whole_banks()[whole], random.Random(whole)
    for _ in range((12 if "bank" in reader else 3) * broken.ROUNDS):
        READERS[reader](broken.mutated(data, dice))


def test_odd_banks_are_read_or_refused(subtests: pytest.Subtests) -> None:
    for what, data in broken.odd_banks():
        with subtests.test(what):
            for name, read in READERS.items():
                if "forms" not in name or len(data) < limits.FORM_FIELD_BYTES:
                    read(data)


def test_odd_archives_are_taken_apart_or_refused(subtests: pytest.Subtests) -> None:
    for what, data in broken.odd_zips():
        with subtests.test(what):
            read_archive(data)


def test_broken_archives_are_taken_apart_or_refused() -> None:
    dice = random.Random(3)
    whole = [data for _, data in broken.odd_zips() if len(data) < 5_000]
    for _ in range(300 * broken.ROUNDS):
        read_archive(broken.mutated(dice.choice(whole), dice))


def test_odd_pictures_are_known_or_refused(subtests: pytest.Subtests) -> None:
    for what, data in broken.odd_pictures():
        with subtests.test(what):
            read_picture(data)


def test_broken_pictures_are_known_or_refused() -> None:
    dice = random.Random(5)
    whole = [data for _, data in broken.odd_pictures() if 0 < len(data) < 5_000]
    for _ in range(400 * broken.ROUNDS):
        read_picture(broken.mutated(dice.choice(whole), dice))


ODD_TEXT = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "~", "no", "0", "-1", "010", "1e9", "2023-02-30", "https://", "{subject}", "{{c1::a}}"]
    ),
    st.sampled_from(
        ["{{c1::", "$x$", "[a](b)", "* ", "null", "yes", "draft", "choice", "matrix", broken.CANARY]
    ),
)
ODD_VALUE = st.recursive(
    ODD_TEXT,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.sampled_from(["text", "why", "harm", "key", "c1", "id", "skip"]), ODD_TEXT),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)
FIELDS = sorted(
    {field.alias or name for kind in NOTE_TYPES.values() for name, field in kind.model_fields.items()}
)


@st.composite
def odd_notes(draw: st.DrawFn) -> dict[str, object]:
    """A note of some type, most of whose fields hold something strange."""
    kind = draw(st.sampled_from([*NOTE_TYPES, "", "nothing"]))
    named = draw(st.dictionaries(st.one_of(st.sampled_from(FIELDS), ODD_TEXT), ODD_VALUE, max_size=7))
    return {"id": draw(ODD_TEXT), "type": kind, **named}


@fuzzed
@given(st.lists(odd_notes(), min_size=1, max_size=3), ODD_VALUE)
def test_notes_of_every_type_with_odd_values_are_read_or_refused(
    notes: list[dict[str, object]], head: object
) -> None:
    lines = [f"  {line}" for note in notes for line in note_lines(note)]
    source = "\n".join([broken.HEAD.rstrip(), *lines]).encode("utf-8", "surrogatepass")
    read_bank(source)
    edit_by_forms(source)


@fuzzed
@given(odd_notes())
def test_forms_show_and_keep_odd_notes_or_say_that_they_cannot(note: dict[str, object]) -> None:
    with suppress(Invalid):
        values = contents.values_of(note)
        kept = contents.note_of(contents.kind_of(note), values, note, taken=())
        assert kept["id"]
