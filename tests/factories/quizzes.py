"""Attempts for tests: a bank published as the program does, attempts started and answered as a learner does."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import Any

from quizapp.accounts.viewer import LearnerSettings
from quizapp.quizzes import queries, service
from quizapp.quizzes.pool import service as pool
from quizapp.quizzes.pool.selection import Prefer, Wish
from quizapp.quizzes.queries import AskedItem
from quizapp.web import unit
from tests.factories.memory import MORNING

MIXED = """
- id: receptor
  question: Which receptor does baclofen activate?
  answer: GABA-B
  distractors:
    - {text: GABA-A, why: Benzodiazepines act there.}
    - {text: NMDA, why: Ketamine blocks it., harm: 1}
    - {text: AMPA, why: Baclofen does not bind it.}
  explanation: Baclofen is an agonist at the GABA-B receptor.
  caveat: Older texts say only "GABA".
  cite: {source: label, at: Pharmacology, fact: MEC-05}
  tags: [mechanism]
- id: organ
  question: Which organ clears most of the drug?
  answer: Kidney
  distractors:
    - {text: Liver, why: About 15 % is deaminated there.}
    - {text: Lung, why: It is not exhaled.}
  cite: {source: label, at: Pharmacokinetics, fact: PK-01}
  tags: [kinetics]
- id: signs
  type: multiple
  stem: Which can follow abrupt withdrawal?
  correct:
    - {text: Seizures, why: The label warns of them., harm: 3}
    - {text: High fever, why: It can look like sepsis.}
  incorrect:
    - {text: Nasal congestion, why: An adverse effect of treatment.}
    - {text: Ringing ears, why: Not described.}
  explanation: The boxed warning lists them.
  cite: {source: label, at: Boxed warning, fact: WD-01}
  tags: [withdrawal]
"""


def many(prefix: str, notes: int, *, distractors: int = 2) -> str:
    """Return the notes of a bank of single questions."""

    def wrong(note: int) -> str:
        return ", ".join(
            f"{{text: 'Wrong {letter} of {note}', why: no}}" for letter in "abcdefgh"[:distractors]
        )

    return "".join(
        f"- {{id: {prefix}-{n}, question: 'What is {prefix} {n}?', answer: 'Key {n}', distractors: [{wrong(n)}]}}\n"
        for n in range(notes)
    )


def start(
    learner: LearnerSettings,
    *,
    mode: str = "practice",
    count: int = 3,
    prefer: Prefer = Prefer.NEW,
    seed: int = 7,
    at: dt.datetime = MORNING,
    code: str | None = None,
    **wish: Any,
) -> str:
    """Start an attempt, and return its code."""
    wanted, code = Wish(count=count, prefer=prefer, **wish), code or secrets.token_urlsafe(16)
    return unit.run(lambda: pool.start_attempt(learner, wanted, mode, code=code, seed=seed, now=at))


def items(learner: LearnerSettings, code: str) -> list[AskedItem]:
    """Return what an attempt asked, with the responses so far."""
    return queries.items(learner.id, queries.attempt_for(learner.id, code).id)


def ids(item: AskedItem, *, right: bool) -> list[str]:
    """Return the ids of the keys of an item, or of its distractors."""
    return [option["id"] for option in item.snapshot["options"] if option["right"] is right]


def good_answer(item: AskedItem) -> list[str]:
    return ids(item, right=True)


def bad_answer(item: AskedItem) -> list[str]:
    return ids(item, right=False)[:1]


def answer(
    learner: LearnerSettings,
    code: str,
    position: int,
    values: Iterable[str],
    *,
    key: bytes | None = None,
    seen: int | None = None,
    deliberate: bool = False,
    at: dt.datetime = MORNING + dt.timedelta(minutes=1),
    thinking_ms: int | None = 4000,
) -> service.Responded:
    """Answer one position as it stands with option ids, and commit."""
    key = key or secrets.token_bytes(16)
    if seen is None:
        seen = queries.asked(learner.id, code, position).seq
    return unit.run(
        lambda: service.respond(
            learner,
            code,
            position,
            list(values),
            answer_key=key,
            seen=seen,
            deliberate=deliberate,
            thinking_ms=thinking_ms,
            now=at,
        )
    )


def flag(
    learner: LearnerSettings,
    code: str,
    position: int,
    *,
    flagged: bool = True,
    at: dt.datetime = MORNING + dt.timedelta(minutes=1),
    thinking_ms: int | None = 0,
) -> None:
    """Flag one position, or take the flag away, and commit."""
    unit.run(lambda: service.flag(learner, code, position, flagged=flagged, thinking_ms=thinking_ms, now=at))


def finish(
    learner: LearnerSettings, code: str, *, at: dt.datetime = MORNING + dt.timedelta(minutes=9)
) -> bool:
    """Hand an attempt in."""
    return unit.run(lambda: service.finish_attempt(learner, code, now=at))


def answer_all(learner: LearnerSettings, code: str, *, wrong: Iterable[int] = ()) -> None:
    """Answer every position, those in `wrong` wrongly."""
    for item in items(learner, code):
        chosen = bad_answer(item) if item.position in set(wrong) else good_answer(item)
        answer(learner, code, item.position, chosen)
