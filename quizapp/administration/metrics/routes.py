"""Figures for a program that watches the site."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, abort, current_app
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from quizapp.accounts.guards import open_to_all
from quizapp.administration.health import machine, queries
from quizapp.config import Settings
from quizapp.jobs import queries as jobs
from quizapp.upkeep.record import Backup, last_backup
from quizapp.upkeep.service import own_file
from quizapp.web import metrics
from quizapp.web.gauges import Gauge


def register(blueprint: Blueprint) -> None:
    """Add this route to `blueprint`."""
    blueprint.add_url_rule("/metrics", view_func=tell)


@open_to_all
def tell() -> Response:
    """Tell a program that has the token how the site does; off unless the settings name one."""
    meter = metrics.meter()
    if meter is None:
        abort(404)
    if not metrics.may_ask():
        raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))
    body, content_type = meter.text(_gauges(current_app.extensions["settings"]))
    return Response(body, content_type=content_type)


def _gauges(settings: Settings) -> Iterator[Gauge]:
    disk, backup = machine.disk(settings.data), last_backup(settings.data)
    size = queries.database().size
    yield Gauge("quizapp_database_bytes", "Size of the database.", {"": size})
    if (log := machine.log_size(own_file())) is not None:
        yield Gauge("quizapp_database_log_bytes", "Size of SQLite's write-ahead log beside it.", {"": log})
    yield Gauge("quizapp_disk_free_bytes", "Room left for the data folder.", {"": disk.free})
    if isinstance(backup, Backup):
        made = backup.made_at.timestamp()
        yield Gauge("quizapp_backup_timestamp_seconds", "When the newest backup was made.", {"": made})
    yield Gauge("quizapp_jobs", "Jobs that are kept, by state.", jobs.count_by_state(), label="state")
