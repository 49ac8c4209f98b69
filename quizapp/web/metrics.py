"""Figures for Prometheus, where the settings want them; elsewhere nothing is loaded and nothing is measured."""

from __future__ import annotations

import hmac
import os
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, current_app, request

from quizapp.config import Settings

if TYPE_CHECKING:
    from quizapp.web.meter import Meter

_FOLDER = "metrics"  # in the data folder


def init_app(app: Flask) -> None:
    """Measure each request, if the settings name a token for asking."""
    settings: Settings = app.extensions["settings"]
    if settings.metrics is None:
        return
    folder = None
    if settings.workers > 1:
        folder = settings.data / _FOLDER
        folder.mkdir(exist_ok=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    # Here, because the library looks at that variable when it is imported, and takes its time.
    from quizapp.web.meter import Meter  # noqa: PLC0415

    app.extensions["meter"] = meter = Meter(folder)
    app.before_request(meter.begin)
    app.after_request(meter.note)


def meter() -> Meter | None:
    """Return the meter of this site; None where it is not measured."""
    return current_app.extensions.get("meter")


def may_ask() -> bool:
    """Return whether this request carries the token of the settings."""
    settings: Settings = current_app.extensions["settings"]
    given = request.authorization.token if request.authorization else None
    return bool(settings.metrics and given) and hmac.compare_digest(
        str(given).encode(), str(settings.metrics).encode()
    )


def forget(data: Path) -> None:
    """Remove the figures of an earlier start. Called before the first process of this one."""
    for file in (data / _FOLDER).glob("*.db"):
        file.unlink(missing_ok=True)
