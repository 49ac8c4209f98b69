"""`python -m tests.benchmarks`: print how fast the program is, as ratios measured side by side in this run."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.floor import Floor
from tests.benchmarks.measuring import Bench, Measured, Row, interleaved, meets, spread
from tests.benchmarks.table import TABLE

LINE = "{:>2}  {:<58} {:>16}  {:<16} {:<24} {}"


def main() -> None:
    arguments = _arguments()
    wanted = [row for row in TABLE if not arguments.only or row.number in arguments.only]
    print(_machine())
    with tempfile.TemporaryDirectory(prefix="quizapp-benchmarks-") as scratch:
        bench = Bench(Path(scratch), large=arguments.large)
        floor = interleaved(F=Floor(bench.folder("floor")).block)["F"]
        print(f"1 F = {spread(floor, unit=1e-6)} µs: one answer and the next card by SQLite alone\n")
        print(LINE.format("#", "ratio", "measured", "must", "stretch", "verdict"))
        for row in wanted:
            began = time.monotonic()
            for line in _lines(row, row.measure(bench)):
                print(line, flush=True)
            print(f"    [{time.monotonic() - began:.0f} s]", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--only", type=_numbers, default=(), metavar="1,2", help="rows of the table, by number"
    )
    parser.add_argument(
        "--large", action="store_true", help="row 3 on a million cards and ten million reviews"
    )
    return parser.parse_args()


def _numbers(text: str) -> tuple[int, ...]:
    numbers = tuple(int(part) for part in text.split(","))
    if unknown := set(numbers) - {row.number for row in TABLE}:
        raise argparse.ArgumentTypeError(f"there is no row {min(unknown)}")
    return numbers


def _machine() -> str:
    cpu = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        cpu = names[0] if names else cpu
    return (
        f"{cpu}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {platform.system()}; "
        f"Python {platform.python_version()}; SQLite {sqlite3.sqlite_version}"
    )


def _lines(row: Row, measured: Measured) -> Iterator[str]:
    reached = "met" if meets(measured.values, row.must) else "short"
    if reached == "met" and meets(measured.values, row.stretch):
        reached = "met, stretch too"
    figures = "; ".join(f"{value:.3g}" for value in measured.values)
    yield LINE.format(row.number, row.title, figures, row.must, row.stretch, reached)
    yield f"    {measured.told}"


if __name__ == "__main__":
    main()
