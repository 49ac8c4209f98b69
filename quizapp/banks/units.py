"""Numbers with units, as options state them: "5 mg", "2–4 h", "10 mg/5 mL", "80 mg per day"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from quizapp.banks.norm import norm


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """The numbers from `low` to `high` (the same for a single number), in the base unit of `dimension`.

    Only quantities of one dimension can be compared. A unit that the table does not know, and words after the
    unit, are part of the dimension: "5 mg three times daily" compares with "10 mg three times daily" alone.
    """

    low: Fraction
    high: Fraction
    dimension: str

    @property
    def is_range(self) -> bool:
        return self.low != self.high


_YEAR = 86_400 * Fraction("365.25")
_TABLE = {
    "mass": {
        "ng nanogram": Fraction(1, 1000),
        "mcg μg ug microgram": Fraction(1),
        "mg milligram": Fraction(1000),
        "g gm gram": Fraction(1000**2),
        "kg kilogram": Fraction(1000**3),
    },
    "volume": {
        "mcl μl ul microliter microlitre": Fraction(1),
        "ml cc milliliter millilitre": Fraction(1000),
        "dl deciliter decilitre": Fraction(100_000),
        "l liter litre": Fraction(1000**2),
    },
    "amount": {
        "nmol": Fraction(1, 1000),
        "mcmol μmol umol": Fraction(1),
        "mmol": Fraction(1000),
        "mol": Fraction(1000**2),
    },
    "time": {
        "ms millisecond": Fraction(1, 1000),
        "s sec second": Fraction(1),
        "min minute": Fraction(60),
        "h hr hour": Fraction(3600),
        "d day": Fraction(86_400),
        "wk week": Fraction(7 * 86_400),
        "mo month": _YEAR / 12,
        "y yr year": _YEAR,
    },
    "percent": {"% percent": Fraction(1)},
}
_UNITS = {
    name: (dimension, factor)
    for dimension, units in _TABLE.items()
    for names, factor in units.items()
    for name in names.split()
}

_NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,15})?|\.\d{1,15}"
_QUANTITY = re.compile(
    r"(?:(?:about|around|approximately|approx\.|roughly|~|≈)\s?)?"
    rf"(?P<low>-?(?:{_NUMBER}))"
    rf"(?:\s?(?P<unit>[a-zμ%/]*)\s?(?:-|to)\s?(?P<high>{_NUMBER}))?"
    r"(?:\s?(?P<rest>(?:%|(?:°[cf]?|[a-zμ]+)(?![a-zμ\d-])).*))?"  # codes (2C9, 5-HT3) are words
)
_UNIT = re.compile(r"([a-zμ]+|°[cf]?|%)\s?")
_PER = re.compile(rf"(?:/\s?|(?:per|an?|each) |(?=daily\b))({_NUMBER})?\s?([a-zμ]+\d?)\s?")
_DASHES = str.maketrans("−–—‑‐", "-----")


@lru_cache(maxsize=8192)
def quantity(text: str) -> Quantity | None:
    """Return the number or range that plain `text` states, or None where it states something else."""
    found = _QUANTITY.fullmatch(norm(text).translate(_DASHES))
    if not found:
        return None
    dimension, factor = _unit(found["rest"] or "")
    low, high = _number(found["low"]), _number(found["high"] or found["low"])
    low_factor = factor
    if found["unit"]:
        low_dimension, low_factor = _unit(found["unit"])
        if low_dimension != dimension:
            return None
    low, high = sorted((low * low_factor, high * factor))
    return Quantity(low, high, dimension)


def comparable(texts: Iterable[str]) -> list[Quantity] | None:
    """Return what `texts` state, or None unless all state quantities of one dimension."""
    stated: list[Quantity] = []
    for text in texts:
        one = quantity(text)
        if not one or (stated and one.dimension != stated[0].dimension):
            return None
        stated.append(one)
    return stated


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def _unit(text: str) -> tuple[str, Fraction]:
    """Return the dimension of "mg/5 ml" or "mg per kg three times daily", and its size in base units."""
    unit = _UNIT.match(text)
    if not unit:
        return text, Fraction(1)
    dimension, factor = _known(unit[1])
    at = unit.end()
    while per := _PER.match(text, at):
        below, size = _known("day" if per[2] == "daily" else per[2])
        dimension += f"/{below}"
        factor /= size * _number(per[1] or "1")
        at = per.end()
    return f"{dimension} {text[at:]}".strip(), factor


def _known(unit: str) -> tuple[str, Fraction]:
    singular = unit[:-1] if unit.endswith("s") else unit
    return _UNITS.get(unit) or _UNITS.get(singular) or (singular, Fraction(1))
