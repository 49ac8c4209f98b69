"""No file makes a request work long or take much memory. Work is counted in steps and calls, never by a clock."""

from __future__ import annotations

import cProfile
import subprocess
import sys

import pytest

from quizapp import limits
from quizapp.banks import check as checking
from quizapp.banks.check import check
from quizapp.banks.publishing.derive import derive
from quizapp.banks.work import TakesLong, Work
from quizapp.config import ROOT
from quizapp.teaching.plans.found import check_at_once, is_large
from tests.attack import broken

SAMPLE = 12 * limits.KIB
CALLS_PER_STEP = 60  # a step is a few microseconds; half of this is what the most laborious banks take
CALLS_PER_BYTE = 2  # of what is looked at before any step is counted
MEMORY = 256 * limits.MIB
SHIPPED = sorted((ROOT / "question_banks").glob("*.yaml"))


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    """Every count of steps that a check has kept."""
    kept: list[Work] = []

    class Kept(Work):
        def __init__(self, most: int | None = None) -> None:
            super().__init__(most)
            kept.append(self)

    monkeypatch.setattr(checking, "Work", Kept)
    return kept


@pytest.mark.parametrize("what", broken.LABORIOUS)
def test_steps_tell_how_much_work_a_bank_makes(what: str, works: list[Work]) -> None:
    source = broken.LABORIOUS[what](SAMPLE)
    profile = cProfile.Profile()
    profile.enable()
    checked = check(source, file="b.yaml")
    if checked.bank is not None:
        derive(checked.bank)
    profile.disable()
    calls = sum(entry.callcount for entry in profile.getstats())
    assert calls <= CALLS_PER_STEP * works[0].done + CALLS_PER_BYTE * len(source)


@pytest.mark.parametrize("what", broken.LABORIOUS)
def test_a_laborious_bank_is_checked_at_once_or_left_to_a_job(what: str, works: list[Work]) -> None:
    source = broken.LABORIOUS[what](limits.CHECKED_AT_ONCE_BYTES // 8)
    checked = check_at_once(source, file="b.yaml", media={})
    if is_large(source):
        assert checked is None
        assert works == []
        return
    (work,) = works
    if checked is None:
        # It stopped where its steps were spent: what is counted at a time is little.
        assert limits.CHECKED_AT_ONCE_STEPS < work.done <= limits.CHECKED_AT_ONCE_STEPS * 1.1
    else:
        assert work.done <= limits.CHECKED_AT_ONCE_STEPS


def test_an_ordinary_bank_of_a_mebibyte_is_checked_at_once(works: list[Work]) -> None:
    for path in SHIPPED:
        check(path.read_bytes(), file=path.name)
    size = sum(path.stat().st_size for path in SHIPPED)
    steps = sum(work.done for work in works)
    assert steps / size * limits.CHECKED_AT_ONCE_BYTES <= limits.CHECKED_AT_ONCE_STEPS / 2
    assert steps / size * limits.BANK_FILE_BYTES <= limits.READ_AT_ONCE_STEPS * 2.5


def test_steps_are_bounded_wherever_a_file_is_read_in_a_request() -> None:
    dense = broken.LABORIOUS["values"](limits.BANK_FILE_BYTES)
    with pytest.raises(TakesLong, match="holds too much to be worked on here"):
        checking.load(dense, file="b.yaml", most=limits.READ_AT_ONCE_STEPS)


IN_A_CHILD = """
import resource, sys
from quizapp import limits
from quizapp.banks.publishing.derive import derive
from quizapp.teaching.plans.found import check_at_once
from tests.attack import broken

def top():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

for what in sys.argv[1:]:
    source = broken.LABORIOUS[what](limits.CHECKED_AT_ONCE_BYTES)
    before = top()
    checked = check_at_once(source, file="b.yaml", media={})
    if checked is not None and checked.bank is not None:
        derive(checked.bank)
    print(top() - before)
"""


def test_no_bank_takes_much_memory_in_a_request() -> None:
    """The banks that take most, the largest first: each more memory than those before would be seen."""
    worst = ["too many options", "sets", "groups"]
    command = [sys.executable, "-c", IN_A_CHILD, *worst]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert len(told) == len(worst)
    assert sum(map(int, told)) <= MEMORY
