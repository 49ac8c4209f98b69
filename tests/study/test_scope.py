"""Scopes, to JSON and back."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from quizapp.study.scope import Order, Scope, from_json, to_json

ids = st.lists(st.integers(1, 2**31 - 1), max_size=5).map(tuple)
scopes = st.builds(
    Scope,
    banks=ids,
    tag=st.text(max_size=64),
    cards=ids,
    order=st.sampled_from(Order),
    new_cards=ids,
    beyond_limits=st.booleans(),
    typing=st.booleans(),
)


@given(scopes)
def test_a_scope_comes_back_from_json_as_it_was(scope: Scope) -> None:
    assert from_json(json.loads(json.dumps(to_json(scope)))) == scope


def test_everything_due_is_stored_as_nothing() -> None:
    assert to_json(Scope()) == {}
