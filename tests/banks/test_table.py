from __future__ import annotations

from dataclasses import dataclass

import pytest

from quizapp.banks.table import table


@dataclass
class Kind:
    name: str


def test_kinds_are_found_by_name_in_the_order_given() -> None:
    second, first = Kind("b"), Kind("a")
    assert list(table(second, first).items()) == [("b", second), ("a", first)]


def test_two_kinds_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two kinds share a name: single, single"):
        table(Kind("single"), Kind("single"))
