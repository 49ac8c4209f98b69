"""The contract of item types.

A note yields `ItemSpec`s: everything that could be asked, in a fixed order. An item type draws one *variant*
from a spec and a seed: a JSON-able dict, the snapshot that an attempt keeps for ever and that everything
later works from. The same spec and seed give the same variant on every machine and in every version of
Python.

A snapshot of `single` and `multiple` is `{"type", "stem", "options"}`, the options in shown order, each
`{"id", "text", "right"}` and, where it has them, `"why"`, `"harm"` and `"note"` as in `Choice`; texts are
Markdown. An id is eight hex digits made from the seed, the item's key and the text: it tells neither place
nor key. `"ordered"` is there, and true, where the options stand in the author's order.

An item type is a module-level object with:

- `name`: the word stored with items ("single", "multiple").
- `example`: an `ItemSpec` with correct, wrong and invalid answers to one of its variants (see `Example`).
- `draw(spec, seed) -> Snapshot | None`: None where too few good options exist.
- `can_be_drawn(spec, seed) -> bool`: whether there are enough, without making the variant.
- `again(snapshot, seed) -> Snapshot`: the same question to be asked once more: same stem, options and key, under
  fresh ids, in another order unless the order means something.
- `present(snapshot) -> dict`: what a browser may see before the answer: no key, no why, no harm, no note.
- `read(snapshot, values: list[str]) -> Response`: from submitted option ids; raises `Invalid` on ids never
  shown. `None` is "not answered".
- `grade(snapshot, response, *, strict: bool) -> float`: fraction in [0, 1]; strict is the exam column of the
  scoring rules.
- `guess_chance(snapshot) -> float`: probability that a blind guess earns full marks.
- `explain(snapshot, response) -> list[dict]`: one row per option in shown order: id, letter, text, right,
  chosen, why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

Snapshot = dict[str, Any]
Response = list[str] | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One option as an author wrote it, inline Markdown. `note` is the id of the note whose answer it is."""

    text: str
    why: str = ""
    harm: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """Everything one item may ask.

    `right` and `wrong` are the candidates a seed draws from. A `single` takes one key and at most
    `most_wrong` distractors, then from `fill` (pool, sibling values) until it shows `fill_to`; a `multiple`
    takes up to `most_options` of either kind. Fewer than `least_right` or `least_wrong` make no item. Passed
    over without a word are: what equals an option already taken, a distractor that equals a right candidate
    or an `accept`, and what would make an E flaw beside the options already taken.
    `fixed` shows every candidate (in a `single`, every distractor), whatever the numbers say. `ordered` is
    the written order, as indices into right + wrong; without it numbers ascend and all else is shuffled.
    """

    key: str
    type: str
    evidence: str
    stem: str
    right: tuple[Choice, ...]
    wrong: tuple[Choice, ...]
    fill: tuple[Choice, ...] = ()
    accept: tuple[str, ...] = ()
    most_wrong: int = 4
    fill_to: int = 3
    least_right: int = 1
    least_wrong: int = 2
    most_options: int = 20
    fixed: bool = False
    ordered: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A spec, and answers to its variant under seed 1 by option text; `invalid` are raw values to refuse."""

    spec: ItemSpec
    correct: tuple[str, ...]
    wrong: tuple[str, ...]
    invalid: tuple[str, ...] = ("never-shown",)


class ItemType(Protocol):
    name: str
    example: Example

    def draw(self, spec: ItemSpec, seed: int) -> Snapshot | None: ...
    def can_be_drawn(self, spec: ItemSpec, seed: int) -> bool: ...
    def again(self, snapshot: Snapshot, seed: int) -> Snapshot: ...
    def present(self, snapshot: Snapshot) -> dict[str, Any]: ...
    def read(self, snapshot: Snapshot, values: list[str]) -> Response: ...
    def grade(self, snapshot: Snapshot, response: Response, *, strict: bool) -> float: ...
    def guess_chance(self, snapshot: Snapshot) -> float: ...
    def explain(self, snapshot: Snapshot, response: Response) -> list[dict[str, Any]]: ...
