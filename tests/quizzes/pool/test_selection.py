"""The laws of choosing items: fair, deterministic, by preference, one of each note while there are enough."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.quizzes.pool.selection import CIRCLE, WINDOW, Arc, Candidate, Prefer, Wish, arc, batches, ranked

SEEDS = st.integers(0, 2**63 - 1)
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        item_id=st.integers(1, 10_000),
        note_id=st.integers(1, 12),
        card_id=st.integers(1, 15),
        recall=st.floats(0, 1),
        due=st.booleans(),
        asked=st.booleans(),
    ),
    max_size=60,
    unique_by=lambda candidate: candidate.item_id,
)


@given(CANDIDATES, SEEDS, st.sampled_from(Prefer))
def test_every_candidate_is_ranked_once(candidates: list[Candidate], seed: int, prefer: Prefer) -> None:
    assert Counter(ranked(candidates, prefer=prefer, seed=seed)) == Counter(candidates)


@given(CANDIDATES, SEEDS, st.sampled_from(Prefer))
def test_the_order_depends_on_the_seed_and_not_on_how_the_database_lists_them(
    candidates: list[Candidate], seed: int, prefer: Prefer
) -> None:
    assert ranked(candidates, prefer=prefer, seed=seed) == ranked(candidates[::-1], prefer=prefer, seed=seed)


@given(CANDIDATES, SEEDS, st.sampled_from(Prefer))
def test_no_note_and_no_card_comes_twice_before_the_others_are_used_up(
    candidates: list[Candidate], seed: int, prefer: Prefer
) -> None:
    notes: set[int] = set()
    cards: set[int] = set()
    order = ranked(candidates, prefer=prefer, seed=seed)
    fresh = [_is_fresh(candidate, notes, cards) for candidate in order]
    assert fresh == sorted(fresh, reverse=True)


def _is_fresh(candidate: Candidate, notes: set[int], cards: set[int]) -> bool:
    fresh = candidate.note_id not in notes and candidate.card_id not in cards
    notes.add(candidate.note_id)
    cards.add(candidate.card_id)
    return fresh


@pytest.mark.parametrize(
    ("prefer", "first"), [(Prefer.NEW, 3), (Prefer.WEAKEST, 1), (Prefer.DUE, 2)], ids=str
)
def test_the_preferred_come_first(prefer: Prefer, first: int) -> None:
    candidates = [
        Candidate(1, 1, 1, recall=0.2, due=False, asked=True),
        Candidate(2, 2, 2, recall=0.8, due=True, asked=True),
        Candidate(3, 3, 3, recall=0.9, due=False, asked=False),
    ]
    assert all(ranked(candidates, prefer=prefer, seed=seed)[0].item_id == first for seed in range(20))


def test_at_random_each_comes_first_about_as_often() -> None:
    candidates = [Candidate(number, number, number) for number in range(4)]
    firsts = Counter(ranked(candidates, prefer=Prefer.RANDOM, seed=seed)[0].item_id for seed in range(400))
    assert all(60 < firsts[number] < 140 for number in range(4)), firsts


@given(SEEDS, st.integers(1, 5000), st.integers(0, 10**6))
def test_the_arc_is_as_wide_as_the_sample_asks(seed: int, sample: int, pool: int) -> None:
    found = arc(seed, sample=sample, pool=pool)
    width = found.stop - found.start + found.wrapped
    assert 0 <= found.start < found.stop <= CIRCLE
    assert 0 <= found.wrapped <= found.start
    assert width == (CIRCLE if pool <= sample else CIRCLE * sample // pool)
    assert found.whole is (pool <= sample)


def test_an_arc_past_the_end_goes_on_at_the_beginning() -> None:
    wrapped = [found for seed in range(40) if (found := arc(seed, sample=1, pool=2)).wrapped]
    assert wrapped
    assert all(found.stop == CIRCLE for found in wrapped)


def test_only_what_is_weighed_needs_a_wide_look() -> None:
    assert Wish(count=10, prefer=Prefer.RANDOM).sample(500) == 200
    assert Wish(count=50, prefer=Prefer.RANDOM).sample(500) == 400
    assert Wish(count=10, prefer=Prefer.NEW).sample(500) == WINDOW
    assert Wish(count=10, prefer=Prefer.NEW).sample(100_000) == 200
    assert Wish(count=10, prefer=Prefer.WEAKEST).sample(100_000) == WINDOW
    assert Wish(count=200, prefer=Prefer.DUE).sample(100_000) == 1600


def test_a_wish_is_kept_in_plain_words() -> None:
    wish = Wish(count=5, banks=("withdrawal",), prefer=Prefer.DUE)
    assert wish.to_json() == {"count": 5, "banks": ["withdrawal"], "tags": [], "kinds": [], "prefer": "due"}


def test_batches_hold_everything_in_order() -> None:
    candidates = [Candidate(number, 0, 0) for number in range(7)]
    assert [len(batch) for batch in batches(candidates, 3)] == [3, 3, 1]
    assert Arc(0, CIRCLE, 0).whole
