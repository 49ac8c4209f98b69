from __future__ import annotations

import re
from pathlib import Path

import pytest

from quizapp.web import static

CSS = Path(static.__file__).resolve().parents[1] / "static/css"
TOKENS = (CSS / "tokens.css").read_text()

SURFACES = ("paper", "surface")
INKS = ("ink", "quiet", "accent", "right", "wrong", "caution")
TEXT = [
    *((ink, ground) for ink in INKS for ground in SURFACES),
    *(("ink", ground) for ground in ("sunken", "accent-soft", "right-soft", "wrong-soft", "caution-soft")),
    *(("quiet", ground) for ground in ("sunken", "right-soft", "wrong-soft", "caution-soft", "accent-soft")),
    *((name, f"{name}-soft") for name in ("accent", "right", "wrong", "caution")),
    *(("on-accent", ground) for ground in ("accent", "accent-strong", "right", "wrong")),
    *(("accent-strong", ground) for ground in (*SURFACES, "accent-soft")),
]
GRAPHIC = [
    *((name, ground) for name in ("control", "accent", "right", "wrong", "caution") for ground in SURFACES),
    ("accent", "heat-0"),
    ("accent", "sunken"),
]


def block(start: str) -> dict[str, str]:
    body = TOKENS[TOKENS.index(start) :]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", body[: body.index("}")]))


LIGHT = block(":root {")
THEMES = {"light": LIGHT, "dark": LIGHT | block(':root[data-theme="dark"]')}


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the ratio of WCAG 2.2, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_agrees_with_known_pairs() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_controls_can_be_read_in(theme: str) -> None:
    tokens = THEMES[theme]
    faint = [pair for pair in TEXT if contrast(tokens[pair[0]], tokens[pair[1]]) < 4.5]
    faint += [pair for pair in GRAPHIC if contrast(tokens[pair[0]], tokens[pair[1]]) < 3]
    assert not faint


def test_the_dark_theme_is_the_same_by_choice_and_by_system() -> None:
    assert block(':root:not([data-theme="light"])') == block(':root[data-theme="dark"]')


def test_every_property_in_use_is_a_token() -> None:
    sheets = "".join(path.read_text() for path in CSS.glob("*.css"))
    used = set(re.findall(r"var\(--([a-z0-9-]+)", sheets))
    assert used == set(re.findall(r"^ *--([a-z0-9-]+):", TOKENS, re.MULTILINE))


def test_no_sheet_but_the_tokens_names_a_colour() -> None:
    for path in CSS.glob("*.css"):
        if path.name not in {"tokens.css", "print.css"}:
            assert not re.search(r"#[0-9a-f]{3,8}\b|rgb\(|hsl\(", path.read_text()), path.name
