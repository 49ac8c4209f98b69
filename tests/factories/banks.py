"""Banks for tests: written as an author would, published as the program does."""

from __future__ import annotations

import datetime as dt
import textwrap

from quizapp.banks.check import check
from quizapp.banks.publishing import service
from quizapp.banks.publishing.derive import derive
from quizapp.banks.publishing.plan import Plan
from quizapp.memory import queries as memory
from quizapp.web import unit
from quizapp.web.clock import now

FACTS = """
- id: receptor
  question: Which receptor does baclofen activate?
  answer: GABA-B
  accept: [GABAB]
  distractors:
    - {text: GABA-A, why: Benzodiazepines act there.}
    - {text: NMDA, why: Ketamine blocks it.}
    - {text: AMPA, why: Baclofen does not bind it.}
  explanation: Baclofen is an agonist at the GABA-B receptor.
  caveat: Older texts say only "GABA".
  cite: {source: label, at: Pharmacology, fact: MEC-05}
  tags: [mechanism]
- id: start
  question: What is the first daily dose on the label schedule?
  answer: 15 mg
  distractors:
    - {text: 30 mg, why: The second step., harm: 2}
    - {text: 60 mg, why: The fourth step., harm: 3}
  cite: {source: label, at: Dosage, fact: DOS-01}
  tags: [dosing]
- id: organ
  question: Which organ clears most of the drug?
  answer: Kidney
  distractors:
    - {text: Liver, why: About 15 % is deaminated there.}
    - {text: Lung, why: It is not exhaled.}
  cite: {source: label, at: Pharmacokinetics, fact: PK-01}
  tags: [mechanism, dosing]
"""


def bank_yaml(
    notes: str = FACTS, *, bank: str = "sample", title: str = "A sample bank", notice: str = ""
) -> bytes:
    """Return the file of a bank with these notes."""
    said = f"notice: {notice}\n" if notice else ""
    head = f"format: 1\nbank: {bank}\ntitle: {title}\n{said}sources:\n  label: {{title: A label}}\nnotes:\n"
    return (head + textwrap.indent(textwrap.dedent(notes).strip(), "  ") + "\n").encode()


def publish(
    notes: str = FACTS,
    *,
    bank: str = "sample",
    title: str = "A sample bank",
    notice: str = "",
    media: dict[str, bytes] | None = None,
    author_id: int | None = None,
    shipped: bool = False,
    retire_many: bool = True,
    at: dt.datetime | None = None,
) -> Plan:
    """Publish a bank with these notes, and return what that changed."""
    source = bank_yaml(notes, bank=bank, title=title, notice=notice)
    checked = check(source, file=f"{bank}.yaml", media=media)
    assert checked.bank is not None, [str(problem) for problem in checked.problems]
    derived = derive(checked.bank)
    return unit.run(
        lambda: service.publish_bank(
            checked.bank,
            source=source,
            media=media or {},
            derived=derived,
            learners_of=memory.learners_of,
            author_id=author_id,
            shipped=shipped,
            retire_many=retire_many,
            now=at or now(),
        )
    )
