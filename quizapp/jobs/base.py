"""The contract of a kind of job: work too long for a request, done by the one runner in the order it was asked for.

A kind is a name and a `Handler`, a line of `JOB_KINDS` in app.py. Handlers stand in their package's `jobs.py`. They get
the arguments given to `service.enqueue` (plain JSON; no bytes: name rows instead) and a `Progress`, and return a result
(plain JSON) of which the page of the job shows, where present, `message` (one sentence: how it ended) and a link on
(`url`, a page of this site, with its words `label`).

- A handler writes through `web.unit.run`, in as few and short pieces as make sense, and computes outside of them: the
  write gate is never held while it thinks.
- It may be begun again after a crash, so it finds out by itself what is done already, and doing all of it twice is the
  same as once.
- It may have been asked for long ago: it checks the rights of the user named in its arguments when it writes.
- An `AppError` ends the job as failed, with the error's sentence; any other exception is logged and told as a failure
  of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Stopped(Exception):
    """The job must end now, unfinished: somebody cancelled it, or the runner goes down and takes it up again later."""


class Progress(Protocol):
    """How a handler says how far it is, as often as it likes; it costs no more than a function call."""

    def __call__(self, done: int, total: int) -> None:
        """Note that `done` of `total` pieces are done. Raises `Stopped`, which the handler lets pass."""


Handler = Callable[[dict[str, Any], Progress], dict[str, Any]]
