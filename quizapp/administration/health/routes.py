"""The first page of administration: is everything well?"""

from __future__ import annotations

import sys

from flask import Blueprint, current_app, render_template

from quizapp import config
from quizapp.accounts.guards import administrator_required
from quizapp.administration.health import machine, queries
from quizapp.administration.health.warnings import Facts, warnings
from quizapp.jobs import queries as jobs
from quizapp.jobs import service as jobs_service
from quizapp.upkeep import revisions
from quizapp.upkeep.record import last_backup
from quizapp.upkeep.service import own_file
from quizapp.web.clock import now


def register(blueprint: Blueprint) -> None:
    """Add this route to `blueprint`."""
    blueprint.add_url_rule("/admin", view_func=index)


@administrator_required
def index() -> str:
    """Show what needs attention, and the facts behind it."""
    settings: config.Settings = current_app.extensions["settings"]
    instant, database = now(), queries.database()
    facts = Facts(
        settings=settings,
        engine=database.engine,
        version=database.version,
        revision=database.revision,
        newest_revision=revisions.newest(),
        backup=last_backup(settings.data),
        disk=machine.disk(settings.data),
        log=machine.log_size(own_file()),
        waiting_since=jobs.unattended_since(jobs_service.stale_before(instant)),
        now=instant,
    )
    return render_template(
        "administration/index.html",
        facts=facts,
        database=database,
        warnings=warnings(facts),
        python=".".join(map(str, sys.version_info[:3])),
        started_at=current_app.extensions["started_at"],
    )
