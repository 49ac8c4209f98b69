"""Select all that apply: any number of keys, with partial credit outside exams."""

from __future__ import annotations

from quizapp.banks.items import options
from quizapp.banks.items.base import Choice, Example, ItemSpec, Response, Snapshot


class Multiple(options.WithOptions):
    name = "multiple"
    example = Example(
        spec=ItemSpec(
            key="withdrawal-signs",
            type="multiple",
            evidence="withdrawal-signs",
            stem="Which can follow abrupt withdrawal of baclofen?",
            right=(Choice("Seizures", harm=3), Choice("High fever", why="It can be mistaken for sepsis.")),
            wrong=(Choice("Nasal congestion", why="An adverse effect of treatment."),),
            fixed=True,
        ),
        correct=("Seizures", "High fever"),
        wrong=("Seizures", "Nasal congestion"),
    )

    def _select(self, spec: ItemSpec, seed: int) -> options.Selection | None:
        """Take all if `fixed`; else the least of each kind, then of either kind up to `most_options`."""
        selection = options.Selection(spec, seed)
        if spec.fixed:
            selection.take_keys(spec.right, up_to=len(spec.right))
            selection.take_distractors(spec.wrong, up_to=len(spec.wrong))
        else:
            selection.take_keys(spec.right, up_to=spec.least_right)
            selection.take_distractors(spec.wrong, up_to=spec.least_wrong)
            selection.take_either(up_to=spec.most_options)
        return selection if selection.suffices() else None

    def grade(self, snapshot: Snapshot, response: Response, *, strict: bool) -> float:
        """Return (right picked - wrong picked) / number right, at least 0; all or nothing if `strict`."""
        chosen, right = set(response or ()), options.right_ids(snapshot)
        if strict:
            return float(chosen == right)
        return max(0.0, (len(chosen & right) - len(chosen - right)) / len(right))

    def guess_chance(self, snapshot: Snapshot) -> float:
        return 1 / (2 ** len(snapshot["options"]) - 1)


MULTIPLE = Multiple()
