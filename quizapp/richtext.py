"""Text as authors write it → what may be shown: CommonMark with tables, sub/superscript and `$…$` maths.

Everything passes one allow-list, whatever the parsers before it let through. Links go to http, https and
mailto, pictures come from our own `/media/`; nothing carries a style, class, id or script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from functools import lru_cache
from typing import Any

import nh3
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin

from quizapp import limits

_LINK = re.compile(r"(?:https?://|mailto:)[^\s\\]", re.IGNORECASE)
_MEDIA = re.compile(r"/media/[\w-][\w./-]*", re.ASCII)
_FORMULA = re.compile(r"(?<!\d)\$(?![\s$])((?:\\.|[^\\$])+)(?<!\s)\$(?!\d)")  # "$5 to $10" is money
_ALIGNED = re.compile(r"text-align:(left|center|right)")
_MARKERS = "*_`~^[]!<>|$\\&#{"
_BRACKETS = "[]!"
_INLINE_MARKUP = re.compile(r"[\\`*_~^\[\]<&$]")
# One line in which no rule begins and nothing is escaped: most questions and answers, which are their own HTML.
_PLAIN_LINE = re.compile(r"[^\W_](?:[^\x00-\x1f\x7f-\xa0\\`*_~^\[\]<>&$!|\"]*[^\W_]|)[.?;:,)%]*")
_PARSED_AT = re.compile(r"[\n!$&*<\[\\\]^_`~]")  # where a rule of the line's parser may begin
_FORMULA_CHARS = 1000
_FAR_IN = re.compile(rf"^[ >*+\-\d.)]{{{limits.MARKUP_DEPTH - 6},}}", re.MULTILINE)  # a table has six levels
_BRACKETS_EFFORT = 500

_INLINE = {"a", "br", "code", "em", "img", "strong", "sub", "sup"}
_BLOCK = {"blockquote", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
_MATHS = {
    *("math", "mfrac", "mi", "mn", "mo", "mover", "mrow", "mspace", "msqrt", "mroot", "mstyle", "msub"),
    *("msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "mphantom", "mpadded"),
}
_MATHS_ATTRIBUTES = {
    "math": {"display"},
    "mi": {"mathvariant"},
    "mo": {
        "stretchy",
        "fence",
        "form",
        "separator",
        "lspace",
        "rspace",
        "minsize",
        "maxsize",
        "movablelimits",
    },
    "mspace": {"width"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mfrac": {"linethickness"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mtable": {"columnalign", "rowspacing", "columnspacing"},
    "mtd": {"columnalign"},
}


def _own_media_only(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src" and not _is_media(value):
        return None
    return value


_FORMULA_CLEANER = nh3.Cleaner(tags=_MATHS, attributes=_MATHS_ATTRIBUTES)
_CLEANER = nh3.Cleaner(
    tags=_INLINE | _BLOCK | _TABLE | _MATHS,
    attributes={"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, **_MATHS_ATTRIBUTES},
    tag_attribute_values={tag: {"align": {"left", "center", "right"}} for tag in ("th", "td")},
    attribute_filter=_own_media_only,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener",
)


def to_html(text: str) -> str:
    """Return `text` as HTML blocks, safe to stand in a page; what has too much markup, as it was typed."""
    return f"<p>{text}</p>\n" if _is_plain_paragraph(text) else _marked_up(text)


@lru_cache(maxsize=2048)
def _marked_up(text: str) -> str:
    if too_much(text):
        return f"<p>{escapeHtml(text)}</p>"
    return _CLEANER.clean(_PARSER.render(text))


def to_inline_html(text: str) -> str:
    """Return `text` as HTML that fits inside a line (an option, a table cell), safe to stand in a page."""
    return text if _PLAIN_LINE.fullmatch(text) else _marked_up_inline(text)


@lru_cache(maxsize=2048)
def _marked_up_inline(text: str) -> str:
    if too_much(text):
        return escapeHtml(text)
    return _CLEANER.clean(_PARSER.renderInline(text))


@lru_cache(maxsize=2048)
def to_plain(text: str) -> str:
    """Return the words of `text` as one line without markup.

    Formulas stay as typed, pictures are their alt text.
    """
    as_typed = _is_plain_paragraph(text) or too_much(text)
    words = text if as_typed else "".join(_words(_PARSER.parse(text)))
    return " ".join(words.split())


@lru_cache(maxsize=8192)
def to_inline_plain(text: str) -> str:
    """Return the words that `to_inline_html` shows: in a line "> 5 mg" is no quotation and "1. x" no list."""
    parsed = _INLINE_MARKUP.search(text) and not too_much(text)
    words = "".join(_words(_PARSER.parseInline(text))) if parsed else text
    return " ".join(words.split())


def too_much(text: str) -> str | None:
    """Return a sentence saying of which character `text` has too many to be parsed soon, or None.

    Bounds: `limits.MARKUP_REPEATS` of one markup character, `limits.BRACKETS` of one bracket or exclamation mark, and
    fewer brackets the more other markup there is.
    """
    if len(text) <= limits.MARKUP_DEPTH:
        return None  # nearly every text, and there are a hundred thousand in a large bank
    for marker in _MARKERS:
        most = limits.BRACKETS if marker in _BRACKETS else limits.MARKUP_REPEATS
        if (count := text.count(marker)) > most:
            return f"The text has {count} times the character {marker} (at most {most})."
    if (beside := _effort_of_brackets(text, len(_PARSED_AT.findall(text)))) > _BRACKETS_EFFORT:
        count = text.count("[")
        most = count * _BRACKETS_EFFORT // beside
        return f"The text has {count} times the character [ (at most {most} beside so much other markup)."
    return None


def too_deep(text: str) -> str | None:
    """Return a sentence saying that `text` nests more than `limits.MARKUP_DEPTH` markers, or None. It may parse."""
    if may_nest(text) and any(token.level > limits.MARKUP_DEPTH for token in _flat(_PARSER.parse(text))):
        return f"The text nests more than {limits.MARKUP_DEPTH} markers in one another."
    return None


def effort(text: str) -> int:
    """Return what it costs to parse `text` as a line, in characters at which the parser has to stop."""
    if not _INLINE_MARKUP.search(text):
        return 0
    stops = len(_PARSED_AT.findall(text))
    return stops + _effort_of_brackets(text, stops)


def _effort_of_brackets(text: str, stops: int) -> int:
    """Return what brackets add: from each the parser looks ahead for its end, from those of pictures afresh."""
    if "[" not in text:
        return 0
    return text.count("[") * stops // 8 + text.count("![") * stops // 2


def may_nest(text: str) -> bool:
    """Return whether the markers of `text` are enough to nest too deep, were they all inside one another.

    An emphasis takes two markers; a quotation or list takes a column of each line that it begins or goes on in.
    """
    if len(text) <= limits.MARKUP_DEPTH:
        return False  # nearly every text, and there are a hundred thousand in a large bank
    inline = sum(map(text.count, "*_~^")) // 2 + text.count("[")
    return inline > limits.MARKUP_DEPTH or _FAR_IN.search(text.replace("\t", "    ")) is not None


def _is_plain_paragraph(text: str) -> bool:
    # other beginnings may be those of lists and headings
    return _PLAIN_LINE.fullmatch(text) is not None and text[0].isalpha()


def _is_media(url: str) -> bool:
    return _MEDIA.fullmatch(url) is not None and ".." not in url


def _may_link(url: str) -> bool:
    return _LINK.match(url) is not None or _is_media(url)


def _flat(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or ())


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"inline", "image"}:
            yield from _words(token.children or ())
        else:
            yield token.content
        if token.block or token.type in {"softbreak", "hardbreak"}:
            yield " "


def _formula(latex: str, *, display: str) -> str:
    """Return MathML for `latex`, or the formula as typed when it cannot be read."""
    if len(latex) <= _FORMULA_CHARS:
        try:
            return _FORMULA_CLEANER.clean(convert(latex, display=display))
        except (
            Exception
        ):  # the converter raises KeyError, IndexError, RecursionError and a dozen kinds of its own
            pass
    return f"<code>{escapeHtml(latex)}</code>"


class _Renderer(RendererHTML):
    """The HTML of the tokens that CommonMark leaves open or shows in a way that a page must not."""

    def image(self, tokens: Sequence[Token], at: int, options: Any, env: MutableMapping[str, Any]) -> str:
        if _is_media(str(tokens[at].attrGet("src"))):
            return super().image(tokens, at, options, env)
        return escapeHtml("".join(_words(tokens[at].children or ())))

    def math_inline(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return _formula(tokens[at].content.strip(), display="inline")

    def math_block(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return f"<p>{_formula(tokens[at].content.strip(), display='block')}</p>\n"

    def heading_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return f"<{_lowered(tokens[at].tag)}>"

    def heading_close(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return f"</{_lowered(tokens[at].tag)}>\n"

    def th_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return _cell(tokens[at])

    def td_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return _cell(tokens[at])


def _lowered(tag: str) -> str:
    """Return the heading one level down: a page has one h1, and it is not the author's."""
    return f"h{min(int(tag[1]) + 1, 6)}"


def _cell(token: Token) -> str:
    """Return the opening tag of a table cell; alignment is an attribute, because the page allows no style."""
    aligned = _ALIGNED.fullmatch(str(token.attrGet("style") or ""))
    return f'<{token.tag} align="{aligned[1]}">' if aligned else f"<{token.tag}>"


def _inline_formula(state: StateInline, silent: bool) -> bool:
    """Read `$…$` at the parser's place (the plugin's rule takes the last character for the one before)."""
    if not (found := _FORMULA.match(state.src, state.pos)):
        return False
    if not silent:
        state.push("math_inline", "math", 0).content = found[1]
    state.pos = found.end()
    return True


def _parser() -> MarkdownIt:
    # maxNesting above MARKUP_DEPTH: beyond it the parser drops text, so too_deep must see it first.
    options = {"html": False, "maxNesting": 2 * limits.MARKUP_DEPTH}
    parser = MarkdownIt("commonmark", options, renderer_cls=_Renderer).enable("table")
    parser.use(sub_plugin).use(superscript_plugin)
    parser.use(dollarmath_plugin, allow_labels=False)
    parser.inline.ruler.at("math_inline", _inline_formula)
    for rule in ("math_inline", "math_block"):  # the plugin's own rules would wrap them in classes
        parser.renderer.rules[rule] = getattr(parser.renderer, rule)  # type: ignore[attr-defined]
    parser.inline.terminator_re = _PARSED_AT
    parser.validateLink = _may_link  # type: ignore[method-assign]
    return parser


_PARSER = _parser()
