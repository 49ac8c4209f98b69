"""`flask --app wsgi jobs run`: the runner of long work. `python wsgi.py` starts one by itself."""

from __future__ import annotations

import os
import signal
import threading

import click
from flask import Flask, current_app

from quizapp.jobs import runner
from quizapp.web.commands import CommandGroup

PARENT_SECONDS = 1.0

group = CommandGroup("jobs", help="Work too long for a request, such as publishing a large bank.")


@group.command("run")
@click.option("--once", is_flag=True, help="Do what waits now, then end.")
@click.option(
    "--with-parent",
    type=int,
    metavar="PID",
    help="Also end when the program that started this one has ended.",
)
def run_command(once: bool, with_parent: int | None) -> None:
    """Take jobs in the order they were asked for and do them, until told to stop (SIGTERM, Ctrl-C).

    A job that is stopped half-way waits again, and is begun anew by the next runner. Servers started otherwise than
    by `python wsgi.py` need one runner beside them; a second one does no harm.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    kinds, stop = app.extensions["job_kinds"], threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if with_parent is not None:
        threading.Thread(target=_watch, args=(with_parent, stop), daemon=True).start()
    if not once:
        runner.run(kinds, stop=stop, context=app.app_context)
    while once and not stop.is_set() and runner.run_next(kinds, stop=stop, context=app.app_context):
        pass


def _watch(parent: int, stop: threading.Event) -> None:
    """Set `stop` when this process has lost its parent, even one that was killed."""
    while os.getppid() == parent and not stop.wait(PARENT_SECONDS):
        pass
    stop.set()
