from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp import limits, richtext

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<style>*{display:none}</style><b style='color:red' id=a class=b>x</b>",
    "<iframe src=https://evil.example></iframe><form action=/x><input name=y></form>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1)) [x](&#106;avascript:alert(1)) [x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=) [x](vbscript:x) [x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](https://evil.example/track.png)",
    "![x](//evil.example/track.png) ![x](/media/../account) ![x](/account/delete)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![x" onerror="alert(1)](/media/a.png "t\\" onload=\\"x")',
    "$\\text{<img src=x onerror=alert(1)>}$",
    "$\\text{</mtext></math><script>alert(1)</script>}$",
    "$\\href{javascript:alert(1)}{x}$ $\\style{color:red}{x}$ $\\class{a}{x}$ $\\id{a}{x}$",
    "$$\\color{red}{\\text{<style>}}$$",
    "```<script>\nx</script>\n```",
    "a|b\n-|-\n<script>x</script>|`<b>`",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "`<img src=x onerror=alert(1)>`",
]
ATTRIBUTES = {"href", "title", "rel", "src", "alt", "start", "align"}
ATTRIBUTES |= {name for names in richtext._MATHS_ATTRIBUTES.values() for name in names}


class Active(HTMLParser):
    """Collects whatever in a piece of HTML could run, load, style or post."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in richtext._INLINE | richtext._BLOCK | richtext._TABLE | richtext._MATHS:
            self.found.append(tag)
        for name, value in attrs:
            address = (value or "").lower()
            if name not in ATTRIBUTES:
                self.found.append(f"{tag} {name}")
            if name == "href" and not address.startswith(("http://", "https://", "mailto:", "/media/")):
                self.found.append(f"{tag} {name}={value}")
            if name == "src" and (not address.startswith("/media/") or ".." in address):
                self.found.append(f"{tag} {name}={value}")


def read(html: str) -> Active:
    reader = Active()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.parametrize("text", ATTACKS)
@pytest.mark.parametrize("render", [richtext.to_html, richtext.to_inline_html])
def test_nothing_active_survives(render: Callable[[str], str], text: str) -> None:
    assert read(render(text)).found == []


@given(st.text(alphabet="<>\"'=/()[]!`*_~^$\\{}|&;#:\n ajsx1-", max_size=80))
def test_nothing_active_comes_out_of_any_mix_of_markup(text: str) -> None:
    assert read(richtext.to_html(text)).found == []
    assert read(richtext.to_inline_html(text)).found == []


def test_markdown_tables_scripts_and_formulas_are_shown() -> None:
    html = richtext.to_html("# T\n\nC~max~ 10^3^ **b**\n\n|a|b|\n|-|-:|\n|1|2|\n\n$\\frac{1}{2}$")
    assert "<h2>T</h2>" in html
    assert "C<sub>max</sub> 10<sup>3</sup> <strong>b</strong>" in html
    assert '<td align="right">2</td>' in html
    assert "<mfrac>" in html


def test_links_tell_nobody_and_own_pictures_stay() -> None:
    text = "[a](https://example.org) ![b](/media/3fa.png) ![c *d*](https://x.example/d.png)"
    html = richtext.to_inline_html(text)
    assert '<a href="https://example.org" rel="nofollow noopener">a</a>' in html
    assert '<img src="/media/3fa.png" alt="b">' in html
    assert html.endswith("c d")


@pytest.mark.parametrize(
    ("text", "maths"),
    [("costs $5 to $10", 0), ("$5–$10", 0), ("$a$ costs $5", 1), ("$x<y$, then $z$", 2), ("\\$a$ b$", 0)],
)
def test_money_is_no_formula(text: str, maths: int) -> None:
    assert read(richtext.to_html(text)).tags.count("math") == maths


def test_a_formula_that_cannot_be_read_is_shown_as_typed() -> None:
    assert richtext.to_inline_html("$a<\\frac{$") == "<code>a&lt;\\frac{</code>"


def test_plain_text_is_one_line_of_words() -> None:
    text = "A **b**\n\n- c `d`\n\n|e|f|\n|-|-|\n|g|h|\n\n![pic](/media/x.png)"
    assert richtext.to_plain(text) == "A b c d e f g h pic"
    assert richtext.to_inline_plain("> 5 mg *now*") == "> 5 mg now"


@pytest.mark.parametrize(
    "text", ["> " * 80 + "x", "- " * 100 + "x", "1. " * 100 + "x", "*" * 501, "`" * 600, "[" * 501]
)
def test_what_is_too_complex_is_named(text: str) -> None:
    reason = richtext.too_much(text) or richtext.too_deep(text)
    assert reason is not None
    assert reason.endswith(".")


def test_brackets_are_bounded_by_what_stands_beside_them() -> None:
    assert richtext.too_much("[a](b) " * 40) is None
    assert richtext.too_much("[" * 28 + "*a _b " * 160) == (
        "The text has 28 times the character [ (at most 11 beside so much other markup)."
    )
    assert richtext.too_much("![" * 40) is not None


@pytest.mark.parametrize("opening", ["> ", ">", "- ", "1. ", "+\t", "*a ", "_a *b ", "[a "])
def test_nesting_is_counted_wherever_there_may_be_too_much(opening: str) -> None:
    for times in (limits.MARKUP_DEPTH // 2, limits.MARKUP_DEPTH, 99):
        text = opening * times + "x" + "".join(reversed(opening.replace("[a ", "](b"))) * times
        tokens = richtext._flat(richtext._PARSER.parse(text))
        deepest = max(token.level for token in tokens)
        assert deepest <= limits.MARKUP_DEPTH or richtext.may_nest(text)


def test_ordinary_text_is_not_too_complex() -> None:
    table = "|a|b|\n|-|-|\n" + "|1|2|\n" * 100
    for text in ("word " * 4000, table, "**b** " * 100, "1.5 mg (a). " * 1000):
        assert richtext.too_much(text) is None
        assert richtext.too_deep(text) is None


@pytest.mark.parametrize(
    "piece", ["*a ", "[a](", "![", "~x", "^x", "$a", "`", "<a", "&amp", "\\sqrt{", "_a_"]
)
def test_much_of_one_markup_is_refused_or_rendered_to_the_end(piece: str) -> None:
    text = ("$" if piece.startswith("\\") else "") + piece * limits.MARKUP_REPEATS
    assert richtext.too_much(text) or "<" in richtext.to_html(text)


_NEARLY_PLAIN = st.text(
    st.sampled_from("aZ9é µ≥–’'\"#+-.,;:?!%()/=@&<>*_~^`$|[]{}\\\n\t\u00a0\u2028"), max_size=12
)


@given(_NEARLY_PLAIN | st.text(max_size=20))
def test_a_line_without_markup_is_shown_as_the_parser_would_show_it(text: str) -> None:
    assert richtext.to_html(text) == richtext._marked_up(text)
    assert richtext.to_inline_html(text) == richtext._marked_up_inline(text)


def test_a_question_and_an_answer_without_markup_are_not_parsed() -> None:
    richtext._marked_up.cache_clear()
    richtext._marked_up_inline.cache_clear()
    assert richtext.to_html("Which dose (in mg/day) is the label's ceiling?") == (
        "<p>Which dose (in mg/day) is the label's ceiling?</p>\n"
    )
    assert richtext.to_inline_html("15 mg, three times a day") == "15 mg, three times a day"
    assert richtext._marked_up.cache_info().misses == richtext._marked_up_inline.cache_info().misses == 0
