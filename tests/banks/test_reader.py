"""Reading YAML: values are kept as written, everything else is refused with its place, nothing ends the process."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from quizapp import limits
from quizapp.banks.reader import PROBLEMS_REPORTED, read

EXAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parent / "examples").glob("*.yaml"))]


def told(text: str | bytes) -> list[tuple[str, int, int, str]]:
    source = text if isinstance(text, bytes) else text.encode()
    return [(found.level, found.line, found.column, found.message) for found in read(source).problems]


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "yes",
        "012",
        "1.10",
        "0.50",
        "2024-01-02",
        "1:30",
        "null",
        "~",
        "0x1F",
        "1e3",
        ".inf",
        "+1",
        "Off",
    ],
)
def test_a_plain_value_stays_as_it_is_written(written: str) -> None:
    assert read(f"answer: {written}\nlist: [{written}, {written}]".encode()).data == {
        "answer": written,
        "list": [written, written],
    }


def test_every_key_and_value_has_a_place() -> None:
    document = read("a: b\nlist:\n  - x\n  - {é: 𝒳, key: v}\n".encode())
    assert document.place(("list", 1, "key")) == (4, 17)
    assert document.place(("list", 1, "key"), key=True) == (4, 12)
    assert document.place(("list", 0)) == (3, 5)
    assert document.first_key(("list", 1)) == (4, 6)
    assert document.place(("a", 0, "text")) == (1, 4)  # the long form of what was written short
    assert document.place(("absent",)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: 1\nb: 2\na: 3", 3, 1, "'a' is here twice, first in line 1"),
        ("a: &x b", 1, 4, "anchors"),
        ("a: *x\nb: c", 1, 4, "references"),
        ("<<: b", 1, 1, "merge key"),
        ("a: !!python/name:os.system b", 1, 4, "tags"),
        ("%YAML 1.1\n---\na: b", 1, 1, "lines that begin with %"),
        ("a: b\n---\nc: d", 2, 1, "a second document"),
        ("a: b\n[c]: d", 2, 1, "a key must be a plain word"),
        ("a: {{c1::x}}", 1, 5, "put a text that begins with {"),
        ("a: x\u202ey", 1, 5, "a text-direction mark (U+202E)"),
        ("a: x\x07y", 1, 5, "an invisible character (U+0007)"),
        ("a: x\ufffey", 1, 5, "U+FFFE"),
        ("a: b\rc", 1, 5, "U+000D"),
        (r'a: "x\0y"', 1, 4, "U+0000"),
        (r'a: "x\u2066y"', 1, 4, "U+2066"),
        ("", 1, 1, "the file is empty"),
        ("- a", 1, 1, "a bank file begins with keys"),
        ("a: " + "[" * 13, 1, 15, "nested more than 12 levels"),
    ],
)
def test_what_is_refused_is_told_with_its_place(text: str, line: int, column: int, words: str) -> None:
    level, *place, message = told(text)[0]
    assert (level, place) == ("error", [line, column])
    assert words in message


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: Use: this", 1, 7, "put the whole text in quotes"),
        ("a: *bold* text", 1, 4, "put a text that begins with * in quotes"),
        ("a: > 5 mg", 1, 4, "a text that begins with > must be in quotes"),
        ("a: @home", 1, 4, "a text that begins with @"),
        ("a: % of patients", 1, 4, "begins with %"),
        ("a: - b", 1, 4, "a text that begins with - and a space"),
        ('a: "b\nc: d', 1, 4, "double quotes that are never closed"),
        ("a: 'don't'", 1, 9, "write '' for an apostrophe"),
        (r'a: "\d"', 1, 5, "a backslash is special"),
        ("a: [b, c\nd: e", 2, 2, "the list that opens with [ in line 1 is not closed"),
        ("a: [b, , c]", 1, 8, "an entry is missing before this comma"),
        ("a:\n\tb: c", 2, 1, "indent with spaces"),
        ("a: b\nc", 2, 1, "no 'key: value'"),
        ("key:value\nb: c", 2, 2, "a space is missing after 'key:'"),
        ("a:\n  - b\n - c", 3, 2, "check its indentation"),
    ],
)
def test_syntax_errors_are_told_in_plain_words(text: str, line: int, column: int, words: str) -> None:
    *_, (level, *place, message) = told(text)
    assert (level, place) == ("error", [line, column])
    assert words in message


def test_what_stands_before_a_syntax_error_is_kept() -> None:
    document = read(b"a: 1\na: 2\nlist:\n  - x: y\n  - x: z\n    w: 'v")
    assert [problem.line for problem in document.problems] == [2, 6]
    assert document.data == {"a": "1", "list": [{"x": "y"}, {"x": "z"}]}
    assert (document.complete, document.open) == (False, ("list", 1))


def test_an_unspaced_comma_between_digits_is_kept_for_whoever_knows_the_field() -> None:
    document = read(b"dose: [1,500 mg, '2,500 mg', 3, 4]\nlong: {text: 1,500 mg}\nok: 1,500 mg")
    assert [path for path, _ in document.glued] == [("dose", 0), ("long", "text")]
    assert "'1,500 mg' reads as two entries" in document.glued[0][1]
    assert document.data["ok"] == "1,500 mg"


def test_a_text_cut_at_a_number_sign_is_warned_of_and_a_comment_is_not() -> None:
    text = "a: Tylenol #3\nb: c  # a comment\nd: 'e #3'\nf: [g]   # other\nh: C#3\n"
    assert [(level, line, column) for level, line, column, _ in told(text)] == [("warning", 1, 11)]
    assert "'#3' was dropped as a comment" in told(text)[0][3]


def test_bytes_that_are_no_utf8_are_refused_with_their_offset() -> None:
    assert told(b"a: b\nc: \xff") == [
        ("error", 2, 4, "byte 8 of the file is not UTF-8: save the file as UTF-8 text")
    ]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    document = read(b"\xef\xbb\xbfa: b\r\nc: |\r\n  d\r\n  e\r\n")
    assert (document.problems, document.data) == ([], {"a": "b", "c": "d\ne\n"})
    assert document.place(("c",), key=True) == (2, 1)


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "{",
        "- ",
        "? ",
        "[\n",
        "a: [",
        "- &a b\n",
        "- *a\n",
        "a: \n",
        "- b #3\n",
        "1,",
        "\x00\n",
        " #",
        "'",
        "é",
        " ",
        "\n\u00a0 b",
        "\nx:\u00a0y",
    ],
)
def test_five_megabytes_of_anything_are_answered(unit: str) -> None:
    source = ("a: [" + unit * limits.BANK_FILE_BYTES).encode()[: limits.BANK_FILE_BYTES - 4]
    document = read(source)  # it was minutes, or a crash, without limits
    assert len(document.problems) <= 2 * PROBLEMS_REPORTED + 2


def test_a_file_over_the_limit_is_not_read() -> None:
    assert told(b"a" * (limits.BANK_FILE_BYTES + 1)) == [
        ("error", 1, 1, "the file is over 5 MiB: split the bank")
    ]


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_no_bytes_raise_anything(source: bytes) -> None:
    document = read(source)
    assert document.complete or document.problems
    assert all(problem.line >= 1 and problem.column >= 1 for problem in document.problems)


@given(st.text(alphabet="ab:-[]{},#&*!|>'\"%@`? \n\t01", max_size=60))
def test_what_yaml_refuses_is_refused_and_what_is_accepted_is_what_yaml_says(text: str) -> None:
    document = read(text.encode())
    if document.problems:
        return
    assert document.data == yaml.load(text, Loader=yaml.CBaseLoader)


@given(
    st.dictionaries(
        st.text("abcdef", min_size=1, max_size=8),
        st.recursive(
            st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=20),
            lambda inner: (
                st.lists(inner, max_size=4) | st.dictionaries(st.text("xyz", min_size=1), inner, max_size=4)
            ),
            max_leaves=10,
        ),
        min_size=1,
    ),
    st.booleans(),
)
def test_what_is_written_is_read_back(data: dict[str, object], flow: bool) -> None:
    text = yaml.safe_dump(
        data, allow_unicode=True, default_flow_style=flow, default_style="'", sort_keys=False
    )
    assert read(text.encode()).data == data


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("wrong:\n  Alpha\n  - Beta\n  - Gamma\n", 2, 3, "this line needs a dash at its beginning"),
        ("wrong:\n- Alpha\n  - Beta\n- Gamma\n", 3, 3, "put it below the dash above"),
        ("why: some\n  - more\n", 2, 3, "a list begins on a line of its own"),
    ],
)
def test_a_list_that_lost_a_dash_is_no_text(text: str, line: int, column: int, words: str) -> None:
    [(level, *place, message)] = told(text)
    assert (level, place) == ("error", [line, column])
    assert words in message


def test_a_text_may_go_on_in_the_next_line_and_have_dashes_in_it() -> None:
    assert told("why: some\n  more - and -more\nblock: |\n  - one\n  - two\n") == []


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u3000"])
@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("notes:\n  - id: x\n~~~ prompt: P\n    answer: Q\n", 3, 1, "this line begins with a space"),
        ("bank: x\n~~title: y\n", 2, 1, "this line begins with a space"),
        ("bank: x\ntitle:~y\n", 2, 7, "after 'title:' stands a space"),
        ("wrong:\n  -~A\n  - B\n", 2, 4, "after '-' stands a space"),
        ("why: |\n  one\n~~two\n", 3, 1, "this line begins with a space"),
    ],
)
def test_a_space_that_is_none_is_told_once(text: str, line: int, column: int, words: str, space: str) -> None:
    [(level, *place, message)] = told(text.replace("~", space))
    assert (level, place) == ("error", [line, column])
    assert words in message


def test_other_spaces_inside_a_text_stay() -> None:
    text = "why: |\n  \u3000Dose:\u00a05 mg\n  dose:\u00a05\nask: 'one\n\n  \u00a0two'\nplain: 5\u00a0mg\n"
    document = read(text.encode())
    assert document.problems == []
    assert document.data["why"] == "\u3000Dose:\u00a05 mg\ndose:\u00a05\n"
    assert document.data["ask"] == "one\n\u00a0two"


def test_what_is_no_text_names_no_note() -> None:
    assert read(b"notes:\n  - id: [x]\n    why: a\n").note_at(("notes", 0, "why")) == ""
