"""Row 13: the program is ready soon after it is started."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial

from tests.benchmarks.measuring import Bench, Measured, interleaved, ratio, seconds, spread
from tests.benchmarks.pages import SMALL
from tests.server import ROOT

OURS = "import wsgi"
BARE = "import flask, flask_sqlalchemy"


def start(bench: Bench) -> Measured:
    """Run whole processes: one makes the application as a server does, one only imports the frameworks."""
    environ = {**os.environ, "QUIZAPP_DATA": str(bench.site(SMALL).folder)}

    def process(code: str) -> float:
        command = [sys.executable, "-c", code]
        return seconds(lambda: subprocess.run(command, cwd=ROOT, env=environ, check=True))

    figures = interleaved(blocks=7, ours=partial(process, OURS), bare=partial(process, BARE))
    told = f"create_app() {spread(figures['ours'])} s; imports alone {spread(figures['bare'])} s"
    return Measured(ratio(figures, "ours", "bare"), told)
