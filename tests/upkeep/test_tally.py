from __future__ import annotations

import math

from quizapp.upkeep.tally import Counter, Tally, differing

ROWS = [(1, b"\x00", 0.1, None), (2, b"\xff", 0.2, "é")]


def tally(*parts: list[tuple]) -> Tally:
    counter = Counter(["id", "key", "fraction", "title"])
    for part in parts:
        counter.add(part)
    return counter.tally()


def test_it_makes_no_difference_in_how_many_parts_the_rows_come() -> None:
    assert tally(ROWS) == tally(ROWS[:1], ROWS[1:])
    assert tally(ROWS).rows == 2


def test_the_last_bit_of_a_number_the_kind_of_a_value_and_the_order_make_a_difference() -> None:
    others = [
        [(1, b"\x00", math.nextafter(0.1, 1), None), ROWS[1]],
        [("1", b"\x00", 0.1, None), ROWS[1]],
        ROWS[::-1],
    ]
    assert len({tally(rows).checksum for rows in [ROWS, *others]}) == 4


def test_tables_that_differ_or_are_on_one_side_only_are_named() -> None:
    one, two = Tally(1, "a"), Tally(1, "b")
    assert differing({"same": one, "other": one, "here": one}, {"same": one, "other": two}) == [
        "here",
        "other",
    ]
