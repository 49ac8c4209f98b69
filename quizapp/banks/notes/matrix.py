"""matrix: subjects × attributes → cards both ways, and items whose distractors are true of the other subjects."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict

from quizapp import limits
from quizapp.banks.fields import Id, Ids, OptionalText, Strict, Text, YesNo, long_form
from quizapp.banks.items.base import Choice, ItemSpec
from quizapp.banks.notes.base import CardSpec, Shared, Told
from quizapp.banks.notes.common import (
    Citation,
    Citations,
    Note,
    Option,
    Options,
    choices,
    cites,
    complaints_of_distractors,
    pooled,
    same,
)
from quizapp.banks.problems import Complaint, Path

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Cell(Option):
    """What is true of one subject; `{skip: yes}` leaves the cell out on purpose."""

    text: OptionalText = ""
    skip: YesNo = False


OneCell = Annotated[Cell, BeforeValidator(long_form, json_schema_input_type=Text | Cell)]


class Row(Strict):
    """One attribute, with a cell for each subject under the subject's id."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, OneCell]

    id: Id
    attribute: Text
    ask: OptionalText = ""
    ask_subject: OptionalText = ""
    explanation: OptionalText = ""
    cite: Citations = ()
    caveat: OptionalText = ""
    distractors: Options = ()
    distractors_from: Ids = ()

    def cells(self) -> dict[str, Cell]:
        """Return the cells that are not left out, by subject."""
        return {
            subject: cell for subject, cell in self.__pydantic_extra__.items() if cell.text and not cell.skip
        }

    def question(self, subject: str) -> str:
        """Return what is asked about `subject`, by its name, for its value."""
        return _filled(self.ask or "{subject}: {attribute}?", subject=subject, attribute=self.attribute)

    def question_back(self, value: str) -> str:
        """Return what is asked about `value` for its subject."""
        default = "Which has this {attribute}: {value}?"
        return _filled(self.ask_subject or default, value=value, attribute=self.attribute)


class Matrix(Note):
    name: ClassVar[str] = "matrix"
    lead: ClassVar[str] = ""
    example: ClassVar[str] = """
- id: vs-cyclobenzaprine
  type: matrix
  subjects: {baclofen: Baclofen, cyclobenzaprine: Cyclobenzaprine (Flexeril)}
  rows:
    - id: use
      attribute: main use
      ask: What is {subject} mainly used for?
      ask_subject: Which of the two is mainly used for {value}?
      baclofen: Spasticity from neurological disease
      cyclobenzaprine: {text: Short-term relief of acute musculoskeletal spasm, why: It is labelled for 2–3 weeks.}
      distractors: [Epilepsy, Neuropathic pain]
"""

    type: Literal["matrix"]
    subjects: dict[Id, Text]
    rows: tuple[Row, ...]

    def extent(self) -> tuple[int, int]:
        cards = chars = 0
        for row in self.rows:
            cells = row.cells()
            times = Counter(same(cell.text) for cell in cells.values())
            cards += len(cells) + sum(number == 1 for number in times.values())
            texts = (row.ask, row.ask_subject, row.attribute, row.attribute)
            chars += len(cells) * sum(map(len, texts))
            chars += 4 * sum(len(name) for subject, name in self.subjects.items() if subject in cells)
        return cards, chars

    def recalled(self) -> list[CardSpec]:
        cards = []
        for row in self.rows:
            cells = row.cells()
            times = Counter(same(cell.text) for cell in cells.values())
            for subject in self.subjects:
                if (cell := cells.get(subject)) is None:
                    continue
                key, name = f"{self.id}/{row.id}/{subject}", self.subjects[subject]
                cards.append(CardSpec(key, row.question(name), (cell.text,)))
                if times[same(cell.text)] == 1:
                    cards.append(CardSpec(f"{key}/back", row.question_back(cell.text), (name,)))
        return cards

    def asked(self, shared: Shared) -> list[ItemSpec]:
        specs = []
        for row in self.rows:
            cells = row.cells()
            times = Counter(same(cell.text) for cell in cells.values())
            asked = {subject: name for subject, name in self.subjects.items() if subject in cells}
            values = [
                Choice(cells[one].text, f"True of {name}.", note=self.id) for one, name in asked.items()
            ]
            names = [Choice(name, f"{name}: {cells[one].text}.", note=self.id) for one, name in asked.items()]
            wrong, pool = choices(row.distractors), pooled(row.distractors_from, shared)
            for place, subject in enumerate(asked):
                fill = (*_siblings(values, place), *pool)
                specs.append(self._forward(row, cells[subject], subject, wrong, fill))
                if times[same(cells[subject].text)] == 1:
                    specs.append(self._back(row, cells[subject], subject, _siblings(names, place)))
        return specs

    def _forward(
        self, row: Row, cell: Cell, subject: str, wrong: tuple[Choice, ...], fill: tuple[Choice, ...]
    ) -> ItemSpec:
        key = f"{self.id}/{row.id}/{subject}"
        return ItemSpec(
            key=key,
            type="single",
            evidence=key,
            stem=row.question(self.subjects[subject]),
            right=(Choice(cell.text, cell.why, note=self.id),),
            wrong=wrong,
            fill=fill,
        )

    def _back(self, row: Row, cell: Cell, subject: str, others: tuple[Choice, ...]) -> ItemSpec:
        key = f"{self.id}/{row.id}/{subject}/back"
        return ItemSpec(
            key=key,
            type="single",
            evidence=key,
            stem=row.question_back(cell.text),
            right=(Choice(self.subjects[subject], note=self.id),),
            wrong=(),
            fill=others,
            least_wrong=1,
        )

    def told(self, key: str) -> Told:
        """Return what the row says; where it says nothing, what the note says."""
        row_id = key.split("/")[1] if key.count("/") > 1 else ""
        row = next((row for row in self.rows if row.id == row_id), None)
        if row is None:
            return super().told(key)
        return Told(
            row.explanation or self.explanation, row.caveat or self.caveat, cites(row.cite or self.cite)
        )

    def options_path(self, item_key: str) -> Path:
        return (*self.question_path(item_key), "distractors")

    def question_path(self, item_key: str) -> Path:
        row_id = item_key.split("/")[1]
        return ("rows", next(index for index, row in enumerate(self.rows) if row.id == row_id))

    def citations(self) -> Iterator[tuple[Path, Citation]]:
        yield from super().citations()
        for at, row in enumerate(self.rows):
            for index, cite in enumerate(row.cite):
                yield ("rows", at, "cite", index), cite

    def is_cited(self) -> bool:
        return bool(self.cite) or all(row.cite for row in self.rows)

    def wrong_options(self) -> Iterator[tuple[Path, Option]]:
        for at, row in enumerate(self.rows):
            for index, option in enumerate(row.distractors):
                yield ("rows", at, "distractors", index), option

    def pools(self) -> Iterator[tuple[Path, str]]:
        for at, row in enumerate(self.rows):
            for index, name in enumerate(row.distractors_from):
                yield ("rows", at, "distractors_from", index), name

    @classmethod
    def strays(cls, data: Mapping[str, Any]) -> Iterator[tuple[Path, Iterable[str]]]:
        subjects, rows = data.get("subjects"), data.get("rows")
        if not isinstance(subjects, dict) or not isinstance(rows, list):
            return
        allowed = dict.fromkeys((*subjects, *Row.model_fields))
        for at, row in enumerate(rows):
            for key in row if isinstance(row, dict) else ():
                if key not in allowed:
                    yield ("rows", at, key), allowed

    def complaints(self) -> Iterator[Complaint]:
        yield from super().complaints()
        if len(self.subjects) < 2:
            yield Complaint(("subjects",), "write at least two subjects")
        for subject in self.subjects.keys() & Row.model_fields.keys():
            message = f"no subject may be called '{subject}', which is a field of rows: choose another id"
            yield Complaint(("subjects", subject), message, at="key")
        if not self.rows:
            yield Complaint(("rows",), "'rows' is empty: write at least one")
        ids = Counter[str]()
        for at, row in enumerate(self.rows):
            ids[row.id] += 1
            if ids[row.id] == 2:
                yield Complaint(("rows", at, "id"), f"a second row with the id '{row.id}': choose another id")
            yield from self._complaints_of_row(("rows", at), row)

    def _complaints_of_row(self, path: Path, row: Row) -> Iterator[Complaint]:
        for subject in self.subjects.keys() - Row.model_fields.keys():
            cell = row.__pydantic_extra__.get(subject)
            if cell is None or not (cell.text or cell.skip):
                message = f"'{subject}' is missing in this row: write its value, or {{skip: yes}}"
                yield Complaint(path, message, missing=subject)
            elif cell.text and cell.skip:
                yield Complaint((*path, subject), "write either a value or {skip: yes}, not both")
        right = [cell.text for cell in row.cells().values()]
        yield from complaints_of_distractors(row.distractors, (*path, "distractors"), right)
        for field, text, wanted in (
            ("ask", row.ask, "subject"),
            ("ask_subject", row.ask_subject, "value"),
        ):
            found = set(_PLACEHOLDER.findall(text))
            if text and wanted not in found:
                yield Complaint(
                    (*path, field), f"'{field}' must say {{{wanted}}}, which each question fills in"
                )


def _siblings(choices: Sequence[Choice], place: int) -> tuple[Choice, ...]:
    """Return all but the one at `place`; of many, those that stand next after it, the first after the last."""
    if len(choices) <= limits.SIBLINGS:
        return (*choices[:place], *choices[place + 1 :])
    return tuple(choices[(place + step) % len(choices)] for step in range(1, limits.SIBLINGS + 1))


def _filled(text: str, **values: str) -> str:
    """Return `text` with each {name} that is given replaced, once; everything else stays as written."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
