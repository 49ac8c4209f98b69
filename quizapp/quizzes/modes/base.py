"""The contract of a feedback mode: when a response is final, shown and evidence. (Items are of banks.)

A mode is a `Mode` in a file of its own, listed in the table of `modes/__init__.py`. In every mode the last
response of a position counts, and unanswered positions score 0.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mode:
    """One way of taking a quiz. `promise` is the sentence under its name where a learner chooses."""

    name: str
    title: str
    promise: str
    told_at_once: bool  # feedback and evidence with each response, which is final; else when the attempt ends
    strict: bool  # scored by the exam column: partial credit counts as wrong
