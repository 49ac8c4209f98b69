"""The options of an item: which candidates a seed draws, how they stand, and what is shown of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from string import ascii_uppercase
from typing import Any, TypeVar

from quizapp import draw
from quizapp.banks import flaws
from quizapp.banks.items.base import Choice, ItemSpec, Response, Snapshot
from quizapp.banks.norm import norm
from quizapp.banks.units import comparable, quantity
from quizapp.errors import Invalid
from quizapp.richtext import to_inline_plain

T = TypeVar("T")

LOOKED_AT = 40  # candidates, at most, of each list; a long one is not put in order for the few that are taken
KEYS_TRIED = 10


def sampled(candidates: Sequence[Choice], spec: ItemSpec, seed: int) -> Iterable[Choice]:
    """Return `candidates`, or `LOOKED_AT` of many if not all are wanted, in the order in which `seed` takes them."""
    if spec.fixed or len(candidates) <= LOOKED_AT:
        return draw.order(candidates, seed, key=lambda choice: f"{spec.key} takes {choice.text}")
    return (candidates[place] for place in islice(_places(len(candidates), spec, seed), LOOKED_AT))


def _places(many: int, spec: ItemSpec, seed: int) -> Iterator[int]:
    """Yield the numbers below `many`, each once, as `seed` mixes them: few are wanted, so only those are made."""
    moved: dict[int, int] = {}  # a shuffle that keeps only what it has touched
    for last in range(many - 1, -1, -1):
        place = draw.number(seed, spec.key, "takes place", last) % (last + 1)
        yield moved.get(place, place)
        moved[place] = moved.pop(last, last)


class Selection:
    """The keys and distractors taken so far for one variant.

    A candidate is passed over without a word where it would be a second right answer, repeat an option already
    taken or be, beside those, an error of item writing.
    """

    def __init__(self, spec: ItemSpec, seed: int) -> None:
        self.keys: list[Choice] = []
        self.distractors: list[Choice] = []
        self._spec = spec
        self._seed = seed
        self._right = _right(spec.accept, spec.right)
        self._taken: set[Hashable] = set()

    def take_keys(self, candidates: Sequence[Choice], *, up_to: int) -> None:
        """Take candidates in the seed's order until there are `up_to` keys."""
        self._take_among(self.keys, candidates, up_to)

    def take_distractors(self, candidates: Sequence[Choice], *, up_to: int) -> None:
        """Take candidates in the seed's order until there are `up_to` distractors."""
        self._take_among(self.distractors, candidates, up_to)

    def take_either(self, *, up_to: int) -> None:
        """Take keys and distractors as the seed mixes them until there are `up_to` options."""
        right = set(self._spec.right)
        for choice in sampled(self._spec.right + self._spec.wrong, self._spec, self._seed):
            if len(self.keys) + len(self.distractors) >= up_to:
                return
            self._take(choice, self.keys if choice in right else self.distractors)

    def _take_among(self, among: list[Choice], candidates: Sequence[Choice], up_to: int) -> None:
        if len(among) < up_to:
            for choice in sampled(candidates, self._spec, self._seed):
                self._take(choice, among)
                if len(among) >= up_to:
                    return

    def _take(self, choice: Choice, among: list[Choice]) -> None:
        identities = _identities(choice.text)
        if identities & self._taken or (among is self.distractors and identities & self._right):
            return
        among.append(choice)
        keys, distractors = ([choice.text for choice in taken] for taken in (self.keys, self.distractors))
        if flaws.forbids(self._spec.stem, keys, distractors, last=choice.text):
            among.pop()
        else:
            self._taken |= identities

    def suffices(self) -> bool:
        """Return whether enough options were found."""
        spec = self._spec
        least_right, least_wrong = (1, 1) if spec.fixed else (spec.least_right, spec.least_wrong)
        return len(self.keys) >= least_right and len(self.distractors) >= least_wrong

    def snapshot(self, name: str) -> Snapshot:
        """Return the variant of item type `name`."""
        keys = set(self.keys)
        shown = [self._option(choice, right=choice in keys) for choice in self._arranged()]
        snapshot: Snapshot = {"type": name, "stem": self._spec.stem, "options": shown}
        return snapshot | {"ordered": True} if self._spec.ordered else snapshot

    def _option(self, choice: Choice, *, right: bool) -> dict[str, Any]:
        option_id = _option_id(self._seed, self._spec.key, choice.text)
        option: dict[str, Any] = {"id": option_id, "text": choice.text, "right": right}
        if choice.why:
            option["why"] = choice.why
        if choice.harm is not None:
            option["harm"] = choice.harm
        if choice.note:
            option["note"] = choice.note
        return option

    def _arranged(self) -> list[Choice]:
        """Return the options in the author's order if there is one, numbers ascending, all else shuffled."""
        spec, taken = self._spec, [*self.keys, *self.distractors]
        if spec.ordered:
            written = spec.right + spec.wrong
            places = {written[index]: place for place, index in enumerate(spec.ordered)}
            return sorted(taken, key=lambda choice: places.get(choice, len(places)))
        if ascending := _ascending(taken, text=lambda choice: choice.text):
            return ascending
        return draw.order(taken, self._seed, key=lambda choice: f"{spec.key} shows {choice.text}")


@lru_cache(maxsize=8192)
def _identities(text: str) -> frozenset[Hashable]:
    """Return what an option is known by: two options that share one of these are the same option."""
    plain = to_inline_plain(text)
    return frozenset({norm(plain), quantity(plain) or norm(plain)})


@lru_cache(maxsize=64)  # asked again for each key that is tried and each seed
def _right(accept: tuple[str, ...], right: tuple[Choice, ...]) -> frozenset[Hashable]:
    """Return what the right answers are known by."""
    return frozenset().union(*map(_identities, accept), *(_identities(choice.text) for choice in right))


def _option_id(seed: int, key: str, text: str) -> str:
    return f"{draw.number(seed, key, 'id', text) & 0xFFFFFFFF:08x}"


def _ascending(things: Sequence[T], *, text: Callable[[T], str]) -> list[T] | None:
    """Return the things by what their texts state, None unless all state quantities of one kind."""
    stated = comparable([to_inline_plain(text(thing)) for thing in things])
    if not stated:
        return None
    return [thing for _, thing in sorted(zip(stated, things, strict=True), key=itemgetter(0))]


class WithOptions(ABC):
    """What the item types that show options share: each says for itself what it takes and how it is graded."""

    name: str

    @abstractmethod
    def _select(self, spec: ItemSpec, seed: int) -> Selection | None:
        """Return what `seed` takes, None where that does not suffice."""

    def draw(self, spec: ItemSpec, seed: int) -> Snapshot | None:
        selection = self._select(spec, seed)
        return None if selection is None else selection.snapshot(self.name)

    def can_be_drawn(self, spec: ItemSpec, seed: int) -> bool:
        return self._select(spec, seed) is not None

    def again(self, snapshot: Snapshot, seed: int) -> Snapshot:
        """Return the same question with the same options and key, under fresh ids and shuffled by `seed`.

        Written order stays, and so do ascending numbers.
        """
        stem, shown = snapshot["stem"], snapshot["options"]
        if not snapshot.get("ordered") and not _ascending(shown, text=itemgetter("text")):
            shown = draw.order(shown, seed, key=lambda option: f"{stem} shows {option['text']}")
        renamed = [option | {"id": _option_id(seed, stem, option["text"])} for option in shown]
        return snapshot | {"options": renamed}

    def present(self, snapshot: Snapshot) -> dict[str, Any]:
        """Return what may be seen before the answer: the stem, and id, letter and text of each option."""
        return {
            "type": snapshot["type"],
            "stem": snapshot["stem"],
            "options": [
                {"id": option["id"], "letter": letter, "text": option["text"]}
                for letter, option in _lettered(snapshot)
            ],
        }

    def read(self, snapshot: Snapshot, values: list[str]) -> Response:
        """Return the chosen option ids in shown order, each once; None if nothing was chosen.

        Raises Invalid if an id was never shown.
        """
        chosen = set(values)
        shown = [option["id"] for option in snapshot["options"]]
        if not chosen.issubset(shown):
            raise Invalid(
                "That is not one of the options shown. Load the question again and choose one of its options."
            )
        return [option_id for option_id in shown if option_id in chosen] or None

    def explain(self, snapshot: Snapshot, response: Response) -> list[dict[str, Any]]:
        """Return one row per option in shown order: id, letter, text, right, chosen, why."""
        return [
            {
                "id": option["id"],
                "letter": letter,
                "text": option["text"],
                "right": option["right"],
                "chosen": option["id"] in (response or ()),
                "why": option.get("why", ""),
            }
            for letter, option in _lettered(snapshot)
        ]


def right_ids(snapshot: Snapshot) -> set[str]:
    """Return the ids of the keys."""
    return {option["id"] for option in snapshot["options"] if option["right"]}


def _lettered(snapshot: Snapshot) -> Iterable[tuple[str, dict[str, Any]]]:
    return zip(ascii_uppercase, snapshot["options"], strict=False)
