"""Single best answer: one key among distractors, worth 1 or 0."""

from __future__ import annotations

from itertools import islice

from quizapp.banks.items import options
from quizapp.banks.items.base import Choice, Example, ItemSpec, Response, Snapshot
from quizapp.errors import Invalid


class Single(options.WithOptions):
    name = "single"
    example = Example(
        spec=ItemSpec(
            key="receptor",
            type="single",
            evidence="receptor",
            stem="Which receptor does baclofen activate?",
            right=(Choice("GABA-B", why="Baclofen is a GABA-B agonist."),),
            wrong=(
                Choice("GABA-A", why="Benzodiazepines act there.", harm=1),
                Choice("NMDA"),
                Choice("AMPA"),
            ),
            accept=("GABAB",),
        ),
        correct=("GABA-B",),
        wrong=("GABA-A",),
    )

    def _select(self, spec: ItemSpec, seed: int) -> options.Selection | None:
        """Take the first key, in the seed's order, beside which there are enough distractors."""
        for key in islice(options.sampled(spec.right, spec, seed), options.KEYS_TRIED):
            selection = options.Selection(spec, seed)
            selection.take_keys([key], up_to=1)
            selection.take_distractors(spec.wrong, up_to=len(spec.wrong) if spec.fixed else spec.most_wrong)
            selection.take_distractors(spec.fill, up_to=spec.fill_to)
            if selection.suffices():
                return selection
        return None

    def read(self, snapshot: Snapshot, values: list[str]) -> Response:
        response = super().read(snapshot, values)
        if response and len(response) > 1:
            raise Invalid("This question has one best answer. Choose one option.")
        return response

    def grade(self, snapshot: Snapshot, response: Response, *, strict: bool) -> float:
        """Return 1 for the key, else 0; the exam counts the same."""
        return float(set(response or ()) == options.right_ids(snapshot))

    def guess_chance(self, snapshot: Snapshot) -> float:
        return 1 / len(snapshot["options"])


SINGLE = Single()
