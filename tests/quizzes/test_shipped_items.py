"""Every item of every shipped bank, drawn from several seeds: one key where one is asked for, no option twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.banks.check import check
from quizapp.banks.items import ITEM_TYPES
from quizapp.banks.norm import norm
from quizapp.banks.notes.base import Shared
from quizapp.banks.publishing.derive import derive
from quizapp.richtext import to_inline_plain

BANKS = sorted((Path(__file__).resolve().parents[2] / "question_banks").glob("*.yaml"))
SEEDS = (0, 1, 2**31, 2**63 - 1)


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_every_variant_has_its_keys_and_distinct_options(path: Path) -> None:
    bank = check(path.read_bytes(), file=path.name).bank
    assert bank is not None
    shared = Shared(pools=bank.pools, sources=bank.sources)
    kept = {row.key for derived in derive(bank) for row in derived.items}
    specs = [spec for note in bank.notes for spec in note.items(shared) if spec.key in kept]
    assert len(specs) == len(kept) > 0
    for spec in specs:
        item_type = ITEM_TYPES[spec.type]
        for seed in SEEDS:
            taken = item_type.draw(spec, seed)
            assert taken is not None, spec.key
            texts = [norm(to_inline_plain(option["text"])) for option in taken["options"]]
            keys = [option["id"] for option in taken["options"] if option["right"]]
            assert len(set(texts)) == len(texts) >= 2, (spec.key, seed, texts)
            assert len({option["id"] for option in taken["options"]}) == len(texts), (spec.key, seed)
            assert len(keys) == 1 if spec.type == "single" else keys, (spec.key, seed)
            assert item_type.grade(taken, keys, strict=True) == 1.0
            assert 0 < item_type.guess_chance(taken) <= 0.5
