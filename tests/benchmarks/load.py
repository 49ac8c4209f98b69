"""`python -m tests.benchmarks.load [--learners 200] [--seconds 60]`: a class at the real server, as promised.

First each learner answers every four seconds, then all of them together 200 times a second. Four of five drill cards,
every fifth answers the questions of practice quizzes and opens the next one after each; after every tenth answer a
learner looks at the start page, the progress or the history. All are guests of a new site with the shipped banks, and
ask from one other process (classroom.py). The figures hold for a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.classroom import Learner, Record
from tests.server import Server, children, served

LEARNERS, SECONDS, LEARNERS_MAX, SECONDS_MAX = 200, 60, 500, 600
ANSWER_EVERY_SECONDS, RUSH_PER_SECOND = 4, 200
MEMORY_MB = 512
AT_ONCE = 20  # who begin together: a class does not come in at one moment


@dataclass(frozen=True)
class Phase:
    """How often each learner answers, and the bounds of the promise: percentile → seconds."""

    title: str
    every: float
    bounds: dict[int, float]


@dataclass(frozen=True)
class Outcome:
    """What a phase came to."""

    record: Record
    seconds: float
    server_cpu: float
    driver_cpu: float


def phases(learners: int) -> list[Phase]:
    return [
        Phase(
            f"{learners} learners, an answer every {ANSWER_EVERY_SECONDS} s each",
            ANSWER_EVERY_SECONDS,
            {95: 0.25, 99: 0.5},
        ),
        Phase(f"{RUSH_PER_SECOND} answers a second", learners / RUSH_PER_SECOND, {99: 2.0}),
    ]


async def attend(site: Server, learners: int, plan: Sequence[Phase], seconds: float) -> list[Outcome]:
    """Let the learners come in, then go through the phases, `seconds` each."""
    record = Record()
    people = [Learner(site.port, record, seed=number) for number in range(learners)]
    for first in range(0, learners, AT_ONCE):
        await asyncio.gather(*(one.begin() for one in people[first : first + AT_ONCE]))
    outcomes = []
    for phase in plan:
        record = Record()
        for one in people:
            one.record = record
        server_cpu, driver_cpu, began = site.cpu_seconds(), time.process_time(), time.monotonic()
        await asyncio.gather(
            *(
                one.study(
                    first=began + phase.every * number / learners, every=phase.every, until=began + seconds
                )
                for number, one in enumerate(people)
            )
        )
        outcomes.append(
            Outcome(
                record,
                time.monotonic() - began,
                site.cpu_seconds() - server_cpu,
                time.process_time() - driver_cpu,
            )
        )
    for one in people:
        await one.leave()
    return outcomes


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def memory_mb(site: Server) -> float:
    """Return the most memory that the server and its processes have held, each counted whole."""
    peaks = 0
    for pid in (site.process.pid, *children(site.process.pid)):
        status = Path(f"/proc/{pid}/status").read_text()
        peaks += int(status.partition("VmHWM:")[2].split()[0])
    return peaks / 1024


def report(phase: Phase, outcome: Outcome) -> list[str]:
    times, many = outcome.record.answers, max(1, len(outcome.record.answers))
    errors = outcome.record.errors + outcome.record.put_off
    figures = {percent: percentile(times, percent) for percent in (50, 95, 99)} if times else {}
    told = [f"p{percent} {1000 * figure:.0f} ms" for percent, figure in figures.items()]
    kept = not errors and all(figures[percent] <= bound for percent, bound in phase.bounds.items())
    bounds = ", ".join(f"p{percent} ≤ {1000 * bound:.0f} ms" for percent, bound in phase.bounds.items())
    return [
        f"{phase.title}, {outcome.seconds:.0f} s (must: 0 errors, {bounds})",
        f"  {len(times)} answers, {len(times) / outcome.seconds:.0f}/s, and {outcome.record.pages} pages;"
        f" {errors} errors; {', '.join(told)}: {'met' if kept else 'NOT MET'}",
        f"  processor: server {1000 * outcome.server_cpu / many:.2f} ms an answer with its share of pages,"
        f" {100 * outcome.server_cpu / outcome.seconds:.0f} % of one core; these learners"
        f" {100 * outcome.driver_cpu / outcome.seconds:.0f} %",
        *(f"  error: {one}" for one in outcome.record.told),
    ]


def main() -> None:
    arguments = _arguments()
    plan = phases(arguments.learners)
    print(f"{os.cpu_count()} cores, load average before {os.getloadavg()[0]:.1f}")
    with (
        tempfile.TemporaryDirectory(prefix="quizapp-load-") as scratch,
        served(Path(scratch) / "site") as site,
    ):
        outcomes = asyncio.run(attend(site, arguments.learners, plan, arguments.seconds))
        for phase, outcome in zip(plan, outcomes, strict=True):
            print(*report(phase, outcome), sep="\n")
        held = memory_mb(site)
        met = "met" if held <= MEMORY_MB else "NOT MET"
        print(f"memory of the server with its processes: {held:.0f} MB (must: ≤ {MEMORY_MB} MB): {met}")


def _arguments() -> argparse.Namespace:
    def number(most: int) -> argparse._ActionType:
        def read(text: str) -> int:
            if not 1 <= int(text) <= most:
                raise argparse.ArgumentTypeError(f"from 1 to {most}")
            return int(text)

        return read

    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load", description=__doc__)
    parser.add_argument("--learners", type=number(LEARNERS_MAX), default=LEARNERS)
    parser.add_argument("--seconds", type=number(SECONDS_MAX), default=SECONDS, help="for each of the two")
    return parser.parse_args()


if __name__ == "__main__":
    main()
